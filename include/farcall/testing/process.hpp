#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <farcall/client.hpp>
#include <farcall/server.hpp>

namespace farcall::testing {

class simulation;

/// An event loop that can be emptied: what waits in it is destroyed without being called.
class simulated_loop : public boost::asio::io_context {
public:
    simulated_loop() : boost::asio::io_context(1), work_(get_executor()) {}
    /// Destroys what waits, and what that posts while it is destroyed. Nothing may be run afterwards.
    void clear() { shutdown(); }

private:
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
};

/// One process of a simulation, on a host of its own, which can crash and be started again.
///
/// Made by `simulation::start`; include <farcall/testing/simulation.hpp>. What lives in it (servers, proxies, coroutines) must be made with its executor, which
/// the functions here do, so that it goes with the process. Processes take turns in a random order, a handler each.
/// @par Thread safety  Unsafe: one thread, as everything in a simulation.
class process {
public:
    process(const process&) = delete;
    process& operator=(const process&) = delete;

    /// Where it runs, and where its connections come from.
    const std::string& host() const noexcept { return host_; }
    /// Whether it has been started and has not crashed since.
    bool running() const noexcept { return running_; }
    /// How often it was started; 1 while `main` runs for the first time.
    unsigned starts() const noexcept { return starts_; }

    /// The simulation that it is part of.
    simulation& world() const noexcept { return world_; }
    /// Everything in the process runs here. Another one after each start.
    boost::asio::any_io_executor executor() const { return loops_.back()->get_executor(); }

    /// A server in this process that serves `S` by `handler`, see `server::add`; it has started.
    /// @param url  empty: "sim://" and the host
    template <service S, class Handler>
    std::unique_ptr<server> serve(Handler handler, std::string_view url = {}) {
        auto made = std::make_unique<server>(server_options());
        made->template add<S>(std::move(handler));
        made->listen(url.empty() ? "sim://" + host_ : std::string{url});
        made->start();
        return made;
    }

    /// A client in this process: `Calculator::proxy calc{self.connect()};`
    client connect(std::string_view url = "sim://server") { return {executor(), url, client_options()}; }

    /// Starts a coroutine in this process. What it throws comes out of `simulation::run`, `run_until` or `run_for`.
    void spawn(boost::asio::awaitable<void> work);
    /// The same with a function that makes the coroutine; it lives until that has ended.
    template <std::invocable F>
        requires std::same_as<std::invoke_result_t<F&>, boost::asio::awaitable<void>>
    void spawn(F work) {
        spawn([](F held) -> boost::asio::awaitable<void> { co_await held(); }(std::move(work)));
    }

    /// @{ Options with transport, clock and randomness of the simulation, for what is made by hand.
    farcall::client_options client_options() const;
    farcall::server_options server_options() const;
    /// @}

private:
    friend class simulation;

    process(simulation& world, std::string host) : world_(world), host_(std::move(host)) {}

    simulation& world_;
    std::string host_;
    std::function<std::shared_ptr<void>(process&)> main_;
    /// The last one is in use. Those of former lives stay, for who holds an executor may still use it.
    std::vector<std::unique_ptr<simulated_loop>> loops_;
    std::shared_ptr<void> state_;  ///< what `main` returned
    unsigned starts_ = 0;
    bool running_ = false;
    bool suspended_ = false;
    bool doomed_ = false;  ///< it crashes as soon as what it runs now has ended
    bool reborn_ = false;  ///< and is started again then
};

}  // namespace farcall::testing
