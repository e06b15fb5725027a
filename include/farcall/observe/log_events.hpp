#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/observe/event.hpp>
#include <farcall/observe/logger.hpp>

namespace farcall {

/// What `log_events` can be told when it is made.
struct log_events_options {
    /// The level of calls that succeeded. With `info` and a logger of that level every call is a line: an access log.
    log_level answered = log_level::debug;
    /// Calls that succeeded and took so long are warnings. Zero: none are.
    std::chrono::microseconds slow{0};
    /// So many bytes of a call's arguments are printed. Zero: none, for they may hold what nobody should read.
    std::size_t params = 0;
    /// Makes of the arguments what is printed; empty: they are printed as they are. Gets the name of the method and the
    /// JSON text, which may be cut.
    std::function<std::string(std::string_view method, std::string_view params)> redact{};
};

/// Logs what happens in a client or a server: the observer for `client_options::observers` and
/// `server_options::observers`.
///
/// | level | events |
/// |---|---|
/// | debug | call (that succeeded), connection up, connection down (in order), hedge, drop |
/// | info | listening, draining, stopped, goaway, retry, connection lost, call failed (by what the caller did) |
/// | warning | call slow, call failed (no time, no room, no connection), limit hit, connect failed |
/// | error | call failed (a defect or damaged data; with the text of the handler's exception, which the caller does not get) |
///
/// Headers are not printed, and arguments only where the options say so; see `farcall::logging` for an interceptor that
/// prints headers. Of what a peer can cause, at most `logger_options::lines_per_second` are written of each event.
/// @par Thread safety  Safe.
class log_events {
public:
    /// @param to  keeps a handle of it
    explicit log_events(logger to = logger{}, log_events_options options = {})
        : log_(std::move(to)), options_(std::move(options)) {}

    /// @{ See `farcall::observing`.
    FARCALL_DECL void connection_up(const connection_event& event) const;
    FARCALL_DECL void connection_down(const connection_event& event) const;
    FARCALL_DECL void connect_failed(const connect_failure_event& event) const;
    FARCALL_DECL void lifecycle(const lifecycle_event& event) const;
    FARCALL_DECL void call_ended(const call_event& event) const;
    FARCALL_DECL void retry(const retry_event& event) const;
    FARCALL_DECL void hedge(const hedge_event& event) const;
    FARCALL_DECL void goaway(const goaway_event& event) const;
    FARCALL_DECL void drop(const drop_event& event) const;
    FARCALL_DECL void limit_hit(const limit_event& event) const;
    std::size_t wanted_params() const noexcept { return options_.params; }
    /// @}

private:
    void print(log_line& line, const call_event& event) const;

    logger log_;
    log_events_options options_;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/observe/impl/log_events.ipp>
#endif
