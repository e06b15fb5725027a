#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include <farcall/clock.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/detail/linked_list.hpp>

namespace farcall::detail {

class deadline_watch;
class deferred_call;
enum class stop_reason : std::uint8_t;

/// The calls of one connection that have been taken and are not answered yet.
///
/// Owns none of them: each leaves at its own end.
/// @par Thread safety  Unsafe: lives where its connection lives.
class calls_in_flight {
public:
    /// @param deadlines  stops those whose time is over
    explicit calls_in_flight(std::shared_ptr<deadline_watch> deadlines) noexcept : deadlines_(std::move(deadlines)) {}

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }

    FARCALL_DECL void enter(deferred_call& call) noexcept;
    FARCALL_DECL void leave(deferred_call& call) noexcept;
    /// The call's time is over earlier than it said when it entered.
    FARCALL_DECL void hasten(deferred_call& call, time_point deadline) noexcept;

    /// Stops the call of that id, if there is one, because its caller does not want the answer any more.
    FARCALL_DECL void cancel(std::string_view id);
    /// Stops all of them, which then count as ended; but for `shut_down`, not those that keep running for another
    /// attempt's sake.
    FARCALL_DECL void stop(stop_reason why, time_point now);

private:
    std::shared_ptr<deadline_watch> deadlines_;
    linked_list<deferred_call> calls_;
    std::size_t size_ = 0;
};

}  // namespace farcall::detail
