#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/clock.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/observe/event.hpp>
#include <farcall/status.hpp>

namespace farcall {

/// What `debug_calls` can be told when it is made.
struct debug_calls_options {
    /// So many of the slowest calls are kept.
    std::size_t slowest = 20;
    /// So many of the last calls that failed are kept.
    std::size_t failed = 20;
    /// A call is one of the slowest for so long: what was slow once makes room for what is slow now.
    std::chrono::seconds remembered{3'600};
    /// So many bytes of a call's arguments are kept. Zero: none.
    std::size_t params = 1'024;
    /// Makes of the arguments what is kept; empty: they are kept as they are. Gets the name of the method and the JSON text,
    /// which may be cut. If it throws, the call is not kept. What it makes is cut at 1 KiB, or at `params` if that is more.
    std::function<std::string(std::string_view method, std::string_view params)> redact{};
    /// Tells the time. Null: the system's clocks.
    std::shared_ptr<clock_source> time{};
};

/// A call that `debug_calls` has kept. What came from a peer is untrusted, and a text of more than 1 KiB is cut.
struct debug_call {
    std::chrono::system_clock::time_point ended{};  ///< by the calendar
    std::chrono::nanoseconds time{};   ///< see `call_event::time`
    std::chrono::nanoseconds queue{};  ///< see `call_event::queue`
    std::string method{};              ///< the name on the wire
    std::string id{};                  ///< of the request, as JSON text; empty: a notification
    std::string peer{};                ///< where it came from, or went to
    std::string protocol{};            ///< that its connection speaks
    std::string request_id{};          ///< empty: none
    std::string traceparent{};         ///< empty: none
    std::string params{};              ///< JSON text, perhaps cut or redacted
    std::size_t params_size = 0;       ///< bytes of all of them
    std::size_t bytes_in = 0;          ///< see `call_event::bytes_in`
    std::size_t bytes_out = 0;         ///< see `call_event::bytes_out`
    unsigned attempts = 1;             ///< see `call_event::attempts`
    farcall::status status = status::ok;  ///< what it ended with
    std::string error{};               ///< the message of its failure; empty: it succeeded
    std::string exception{};           ///< what the caller was not told of it, see `error::private_text`
};

/// Keeps the slowest calls and the last that failed, with their arguments: an answer to "which calls?" without a debugger.
///
/// Give it to `server_options::debug_calls`, and the server shows it at `/debug/calls` and answers `rpc.debug_calls`, to
/// those who may see its pages (see `http_options::pages`). It is an observer, too, for `client_options::observers`. It
/// holds as many calls as it was told to, and of each a few KiB beside its arguments, whatever peers send.
/// @par Thread safety  Safe.
class debug_calls {
public:
    /// Without calls.
    FARCALL_DECL explicit debug_calls(debug_calls_options options = {});

    /// The slowest, the slowest of all first.
    FARCALL_DECL std::vector<debug_call> slowest() const;
    /// Those that failed, the last first.
    FARCALL_DECL std::vector<debug_call> failed() const;
    /// Both as JSON, a call a line: `{"slowest":[...],"failed":[...]}`.
    FARCALL_DECL std::string json() const;

    /// @{ See `farcall::observing`.
    FARCALL_DECL void call_ended(const call_event& event);
    std::size_t wanted_params() const noexcept { return options_.params; }
    /// @}

private:
    /// Bytes of each text but the arguments.
    static constexpr std::size_t most_text = 1'024;

    struct kept {
        time_point until;
        std::shared_ptr<const debug_call> call;
    };

    time_point now() const;
    bool slow(std::chrono::nanoseconds time, time_point now) const noexcept;
    std::shared_ptr<const debug_call> copy(const call_event& event) const;
    void keep_slow(const std::shared_ptr<const debug_call>& call, time_point now);

    debug_calls_options options_;
    mutable std::mutex mutex_;
    std::vector<kept> slowest_;                              ///< the slowest first
    std::vector<std::shared_ptr<const debug_call>> failed_;  ///< a ring
    std::size_t oldest_ = 0;                                 ///< of the ring
    // Looked at without the lock, for most calls are not slow:
    std::atomic<std::int64_t> least_{-1};      ///< nanoseconds that a call must exceed to be one of the slowest
    std::atomic<time_point::rep> renewed_{0};  ///< when the next of them makes room
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/observe/impl/debug_calls.ipp>
#endif
