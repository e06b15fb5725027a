#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <farcall/clock.hpp>
#include <farcall/protocol/request.hpp>
#include <farcall/server/reply_batch.hpp>

namespace farcall {
class intercepted_call;
}

namespace farcall::detail {

class server_connection;
struct call_account;
struct reply_route;

/// What the library itself answers on one connection: the names that no method of the application can have.
///
/// @par Thread safety  Unsafe: lives where its connection lives.
/// @see DESIGN section 2, "side messages"
class reserved_calls {
public:
    explicit reserved_calls(server_connection& connection) noexcept : connection_(connection) {}

    /// Answers the reader's present request, which is a `library_call`.
    /// @param text  the whole message, in which the request lies
    FARCALL_DECL void answer(std::string_view text, const std::shared_ptr<reply_batch>& batch, call_account& account);

    /// The same of a call that interceptors have let pass.
    FARCALL_DECL void answer_seen(const reply_route& route, const intercepted_call& seen);

    /// Obeys a notification with such a name.
    /// @returns false if it has no meaning
    FARCALL_DECL bool take(const request_view& message);

private:
    void answer_discover(const reply_route& route, const request_view& request);
    /// Whether the caller may see what the page at a path says, too; otherwise the call is answered.
    bool may_see(std::string_view path, const reply_route& route, const request_view& request);
    void answer_checked(const reply_route& route, const request_view& request);
    void answer_hello(const reply_route& route, const request_view& request);
    void answer_metrics(const reply_route& route, const request_view& request);
    void answer_debug_calls(const reply_route& route, const request_view& request);
    void answer_health(const reply_route& route, const request_view& request);
    void take_ping(std::uint64_t number);

    /// In which `limits::pings` are counted.
    static constexpr std::chrono::minutes ping_window{1};

    server_connection& connection_;
    const intercepted_call* seen_ = nullptr;  ///< what interceptors made of the call that is being answered, if there are any
    time_point pings_since_{};
    std::size_t pings_ = 0;  ///< since then
};

}  // namespace farcall::detail
