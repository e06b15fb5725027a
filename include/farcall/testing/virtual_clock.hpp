#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>

#include <farcall/transport/time_source.hpp>

namespace farcall::testing {

/// A clock that stands still until it is told to move, and the alarms that were set on it.
///
/// A `simulation` moves it whenever nothing else is left to do; alone, for a test with an event loop of its own:
/// @code
///     auto clock = std::make_shared<farcall::testing::virtual_clock>();
///     while (context.poll() != 0 || clock->step(clock->now() + 5s)) {}
/// @endcode
/// Alarms come in the order of their times; those of the same time in the order in which they were set. A function is
/// called on its executor, so that what one alarm sets off has happened before the next one comes, as long as the
/// executor is run until it has nothing to do between two steps.
/// Owned by a `std::shared_ptr`.
/// @par Thread safety  Unsafe: one thread, as everything in a simulation.
class virtual_clock final : public time_source, public std::enable_shared_from_this<virtual_clock> {
public:
    /// @param start  what `now()` says at first; not the clock's zero, so that a forgotten time shows
    explicit virtual_clock(time_point start = time_point{std::chrono::hours{1'000}}) : start_(start), now_(start) {}
    virtual_clock(const virtual_clock&) = delete;
    virtual_clock& operator=(const virtual_clock&) = delete;

    time_point now() const override { return now_; }
    /// 2030-01-01 at the beginning.
    std::chrono::system_clock::time_point wall() const override {
        constexpr std::chrono::sys_days beginning{std::chrono::year{2030} / 1 / 1};
        return beginning + std::chrono::duration_cast<std::chrono::system_clock::duration>(now_ - start_);
    }
    std::unique_ptr<timer> make_timer(boost::asio::any_io_executor executor) override;

    /// An alarm that was set; what takes it back.
    using alarm_id = std::pair<time_point, std::uint64_t>;

    /// Calls `function` once, on `executor`, not before `when`; not at all if that is `never`.
    alarm_id call_at(time_point when, boost::asio::any_io_executor executor, std::function<void()> function);

    /// Takes an alarm back. False: it has come already, and its function may be on its way to the executor.
    bool take_back(const alarm_id& alarm) noexcept;

    /// The time of the next alarm; `never` if none is set.
    time_point next_alarm() const noexcept { return alarms_.empty() ? never : alarms_.begin()->first.first; }

    /// Moves to the next alarm and hands its function to its executor. If none comes until `limit`, moves to `limit`
    /// itself, unless that is `never`, and returns false.
    bool step(time_point limit = never);

    /// Moves on at once, as the clock of a machine that was suspended: the alarms on the way come late, in their order.
    void jump(std::chrono::nanoseconds ahead) { now_ += ahead; }

    /// How many alarms have come since the beginning.
    std::uint64_t alarms_done() const noexcept { return done_; }

    /// Takes back every alarm of one event loop and takes no more of it: the end of a simulated process.
    /// @returns the functions of the alarms, for whoever destroys them
    std::vector<std::function<void()>> forget(const boost::asio::execution_context& loop);

    /// Forgets every alarm without calling it, and takes no more: the end of a simulation.
    void abandon();

private:
    struct alarm {
        boost::asio::any_io_executor executor;
        std::function<void()> function;
    };

    time_point start_;
    time_point now_;
    std::map<alarm_id, alarm> alarms_;
    std::set<const boost::asio::execution_context*> forgotten_;
    std::uint64_t last_ = 0;
    std::uint64_t done_ = 0;
    bool abandoned_ = false;
};

}  // namespace farcall::testing

#include <farcall/testing/impl/virtual_clock.ipp>
