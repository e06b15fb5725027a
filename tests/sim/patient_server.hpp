#pragma once

#include "support.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>

/// A server whose handlers take their time, and a connection to it without a client: raw bytes.
namespace sim_test {

RPC_SERVICE(Patient,
    (wait, int(int ms)),
    (watch, int(int ms)),
    (stubborn, int(int ms)),
    (finish, int(int ms)),
    (busy, int(int ms)),
    (work, int(int ms), farcall::blocking),
    (pay, int(int ms), farcall::exactly_once),
    (now, int()))

/// Its handlers wait in virtual time.
struct patient {
    simulation& sim;
    int begun = 0;
    int ended = 0;
    int cancelled = 0;
    std::stop_token last_stop{};

    /// Goes with what it waits for.
    awaitable<int> wait(int ms) {
        ++begun;
        co_await sim.delay(std::chrono::milliseconds{ms});
        ++ended;
        co_return ms;
    }
    /// Sees the stop token.
    awaitable<int> watch(farcall::context& call, int ms) {
        ++begun;
        last_stop = call.stop();
        const std::stop_callback count{call.stop(), [this] { ++cancelled; }};
        co_await sim.delay(std::chrono::milliseconds{ms});
        ++ended;
        co_return ms;
    }
    /// Does not go before its time, whatever it is told.
    awaitable<int> stubborn(int ms) {
        ++begun;
        const auto until = sim.now() + std::chrono::milliseconds{ms};
        co_await boost::asio::this_coro::throw_if_cancelled(false);
        co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation{});
        co_await sim.delay(until - sim.now());
        ++ended;
        co_return ms;
    }
    /// Ends at once when it is cancelled, with what it has.
    awaitable<int> finish(int ms) {
        ++begun;
        const auto before = sim.now();
        co_await boost::asio::this_coro::throw_if_cancelled(false);
        co_await sim.delay(std::chrono::milliseconds{ms}, boost::asio::as_tuple(use_awaitable));
        ++ended;
        co_return static_cast<int>((sim.now() - before) / 1ms);
    }
    /// Takes its time on the I/O thread, as no handler should.
    int busy(int ms) {
        ++begun;
        sim.clock()->jump(std::chrono::milliseconds{ms});
        return ms;
    }
    int work(farcall::context& call, int ms) {
        last_stop = call.stop();
        return busy(ms);
    }
    awaitable<int> pay(int ms) { return wait(ms); }
    int now() { return ++ended; }
};

/// A server of `Patient` and a connection to it.
struct patient_world : world {
    explicit patient_world(farcall::limits limits = {}, std::vector<farcall::observer> observers = {}) {
        auto options = server_options();
        options.limits = limits;
        options.observers = std::move(observers);
        server.emplace(std::move(options));
        server->add<Patient>(std::ref(handler));
        server->on_disconnect([this](farcall::peer&) { ++disconnected; });
        server->listen("sim://server");
        server->start();
        peer = raw_stream::connect(*this);
    }

    void send(std::string_view text) { peer->write(frame(text)); }
    void call(int id, std::string_view method, std::string_view params) {
        send(R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"Patient.)" + std::string{method} +
             R"(","params":)" + std::string{params} + "}");
    }
    /// A call whose caller stops waiting after a time.
    static std::string timed(int id, std::string_view method, std::string_view params, int timeout_ms) {
        return frame(R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"Patient.)" + std::string{method} +
                     R"(","meta":{"timeout_ms":)" + std::to_string(timeout_ms) + R"(},"params":)" +
                     std::string{params} + "}");
    }
    /// Everything that comes within a time, without the lengths.
    std::string received(std::chrono::nanoseconds within = 10ms) {
        std::string text;
        const auto until = now() + within;
        while (const auto part = peer->read(until - now())) text += *part;
        std::string told;
        for (std::size_t at = 0; at + 4 <= text.size();) {
            const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
            const std::size_t size = std::size_t{byte(0)} << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
            if (!told.empty()) told += '\n';
            told += text.substr(at + 4, size);
            at += 4 + size;
        }
        return told;
    }

    int disconnected = 0;
    patient handler{*this};
    std::optional<farcall::server> server;
    std::optional<raw_stream> peer;
};

}  // namespace sim_test
