#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <exception>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <farcall/client.hpp>
#include <farcall/server.hpp>
#include <farcall/testing/process.hpp>
#include <farcall/testing/simulated_network.hpp>
#include <farcall/testing/virtual_clock.hpp>

namespace farcall::testing {

template <class T>
inline constexpr bool awaitable_type = false;
template <class T>
inline constexpr bool awaitable_type<boost::asio::awaitable<T>> = true;

/// Something that starts a coroutine: `[&]() -> boost::asio::awaitable<void> { ... }`.
template <class F>
concept starts_coroutine = std::invocable<F&> && awaitable_type<std::invoke_result_t<F&>>;

/// A whole world on one thread: clients, servers, the network between them and their clock, from one seed.
///
/// Nothing in it waits: when nothing is left to do, the clock moves to the next alarm, so an hour passes in
/// milliseconds. The same seed and the same calls give the same events in the same order (`trace_hash`). For testing
/// one's own service:
/// @code
///     farcall::testing::simulation sim{seed};
///     auto server = sim.serve<Calculator>(calculator{});
///     Calculator::proxy calc{sim.connect()};
///     assert(sim.run(calc.add(5, 3, boost::asio::use_awaitable)) == 8);
/// @endcode
/// Faults: `sim.network().defaults().delay = {1ms, 20ms}`, `sim.network().disconnect("client", "server")` ...
///
/// What can crash lives in a process, with everything that it remembers:
/// @code
///     sim.start("server", [](farcall::testing::process& self) { return self.serve<Calculator>(calculator{}); });
///     sim.crash("server");
///     sim.restart("server");
/// @endcode
/// Calls must be asynchronous, with a completion token. A blocking call inside of `run` is refused
/// (`failed_precondition`); outside of it would wait for ever, as nobody moves the world on. Declare the simulation
/// before everything that lives in it. Its end calls nobody: what still waits then is dropped.
/// @par Thread safety  Unsafe: one thread.
class simulation {
public:
    /// How long `run` and `run_until` wait, in virtual time, before they give up.
    static constexpr std::chrono::hours default_limit{1};

    /// Everything random comes from the seed.
    explicit simulation(std::uint64_t seed = 1);
    simulation(const simulation&) = delete;
    simulation& operator=(const simulation&) = delete;
    ~simulation();

    /// @{ The parts.
    boost::asio::any_io_executor executor() { return context_.get_executor(); }
    const std::shared_ptr<virtual_clock>& clock() const noexcept { return clock_; }
    simulated_network& network() noexcept { return *network_; }
    random_source& random() noexcept { return *random_; }
    std::uint64_t seed() const noexcept { return seed_; }
    time_point now() const { return clock_->now(); }
    /// Virtual time since the beginning.
    std::chrono::nanoseconds elapsed() const { return clock_->now() - began_; }
    /// @}

    /// Serves `S` by `handler`, see `server::add`; the server has started.
    template <service S, class Handler>
    std::unique_ptr<server> serve(Handler handler, std::string_view url = "sim://server") {
        auto made = std::make_unique<server>(server_options());
        made->template add<S>(std::move(handler));
        made->listen(url);
        made->start();
        return made;
    }

    /// A client on a host of the network: `Calculator::proxy calc{sim.connect()};`
    client connect(std::string_view url = "sim://server", std::string host = "client") {
        return {context_.get_executor(), url, client_options(std::move(host))};
    }

    /// @{ Options with executor, transport, clock and randomness of the simulation, for what is made by hand:
    /// `Calculator::basic_proxy<Policy> calc{sim.executor(), "sim://server", Policy{}, sim.client_options()};`
    farcall::client_options client_options(std::string host = "client");
    farcall::server_options server_options(std::string host = "server");
    /// @}

    /// Starts a process on the host of that name: `main(process&)` makes what lives in it and returns that, or nothing;
    /// what it returns is destroyed with the process. Kept for `restart`.
    /// @par Errors  `failed_precondition` if the host has a process
    template <std::invocable<process&> Main>
    process& start(std::string host, Main main);
    /// A process by its host; `not_found` if it was never started.
    process& at(std::string_view host);

    /// Ends a process as a signal 9 does: its system closes its connections (what was written still arrives), all of
    /// its memory is gone, and nothing of it runs any more: coroutines are destroyed where they wait.
    ///
    /// From inside of the process: as soon as what it runs now returns or waits. A process that does not run is left.
    void crash(std::string_view host);
    /// The same when the machine fails: the other ends are not told, their connections are half open.
    void fail(std::string_view host);
    /// Runs `main` again, after a crash or after its end; a process that still runs crashes first.
    void restart(std::string_view host);

    /// @{ Nothing of the process runs until it is resumed, as on a machine that was suspended; then it finds what came
    /// in the meantime, and its alarms late.
    void suspend(std::string_view host) { at(host).suspended_ = true; }
    void resume(std::string_view host) { at(host).suspended_ = false; }
    /// @}

    /// Runs the world until `done()` is true, or for `limit` of virtual time. Throws what a spawned coroutine threw.
    /// @returns what `done()` says at the end
    template <std::predicate Done>
    bool run_until(Done done, std::chrono::nanoseconds limit = default_limit) {
        const time_point end = clock_->now() + limit;
        while (!done())
            if (!advance(end)) return done();
        return true;
    }

    /// Runs the world for a time.
    void run_for(std::chrono::nanoseconds time) {
        run_until([] { return false; }, time);
    }

    /// Runs the world until `work` has ended: `sim.run(calc.add(5, 3, boost::asio::use_awaitable))`.
    ///
    /// Throws what it throws, or `deadline_exceeded` if it does not end within `limit` of virtual time.
    template <class T>
    T run(boost::asio::awaitable<T> work, std::chrono::nanoseconds limit = default_limit);

    /// The same with a function that makes the coroutine; it lives until that has ended.
    template <starts_coroutine F>
    auto run(F work, std::chrono::nanoseconds limit = default_limit) {
        return run(hold(std::move(work)), limit);
    }

    /// Starts a coroutine that goes on by itself. What it throws comes out of `run`, `run_until` or `run_for`.
    void spawn(boost::asio::awaitable<void> work);
    /// The same with a function that makes the coroutine; it lives until that has ended.
    template <starts_coroutine F>
    void spawn(F work) {
        spawn(hold(std::move(work)));
    }

    /// Waits in virtual time: `co_await sim.delay(50ms)`. Can be cancelled.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto delay(std::chrono::nanoseconds time, Token&& token = {}) {
        return boost::asio::async_initiate<Token, void(boost::system::error_code)>(
            [](auto handler, virtual_clock* clock, boost::asio::io_context* context, std::chrono::nanoseconds pause) {
                start_delay(std::move(handler), *clock, *context, pause);
            },
            token, clock_.get(), &context_, time);
    }

    /// A number that is the same for the same history: of network events and alarms, with their times.
    std::uint64_t trace_hash() const noexcept { return hash_; }
    /// Writes every network event to `out`, a line each, from now on: how a failing seed is read. Null: no more.
    void trace_to(std::ostream* out) noexcept { trace_ = out; }

private:
    friend class process;

    bool advance(time_point limit);
    bool turn();
    bool turn_of(process& which);
    static bool inside(const process& which);
    void begin(process& which);
    void end(process& which);
    void clear_loops();
    void spawn_on(boost::asio::any_io_executor where, boost::asio::awaitable<void> work);
    void note(const network_event& event);
    void mix(std::uint64_t value) noexcept;

    template <starts_coroutine F>
    static std::invoke_result_t<F&> hold(F work) {
        co_return co_await work();
    }

    template <class Handler>
    static void end_delay(std::optional<Handler>& box, boost::system::error_code why);
    template <class Handler>
    static void start_delay(Handler handler, virtual_clock& clock, boost::asio::io_context& context,
                            std::chrono::nanoseconds time);

    std::uint64_t seed_;
    std::shared_ptr<random_source> random_;
    std::shared_ptr<virtual_clock> clock_;
    time_point began_;
    std::uint64_t hash_ = 0xcbf29ce484222325u;
    std::ostream* trace_ = nullptr;
    std::exception_ptr failure_;
    std::uint64_t turns_at_once_ = 0;
    seeded_random turns_;  ///< apart from `random_`: without processes nothing is drawn
    std::vector<std::unique_ptr<process>> processes_;
    simulated_loop context_;
    std::shared_ptr<simulated_network> network_;
};

}  // namespace farcall::testing

#include <farcall/testing/impl/simulation.ipp>
