// Giving a call up, in three ways: from another thread, by a race between two operations, by a signal.
#include <farcall.hpp>

#include <chrono>
#include <iostream>
#include <memory>
#include <semaphore>
#include <stop_token>
#include <string>
#include <thread>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace asio = boost::asio;
using namespace std::chrono_literals;

RPC_SERVICE(Oven,
    (bake,  std::string(int minutes)),                       // a coroutine: it is cancelled as Asio cancels
    (grind, std::string(int minutes), farcall::blocking))    // on a thread of its own: it is told by a token

struct oven {
    std::counting_semaphore<> begun{0}, given_up{0};

    asio::awaitable<std::string> bake(int minutes) {
        asio::steady_timer done{co_await asio::this_coro::executor, std::chrono::minutes{minutes}};
        begun.release();
        try {
            co_await done.async_wait(asio::use_awaitable);
        } catch (...) {
            given_up.release();
            throw;
        }
        co_return "bread";
    }

    std::string grind(farcall::context& call, int minutes) {
        begun.release();
        const auto done = std::chrono::steady_clock::now() + std::chrono::minutes{minutes};
        while (std::chrono::steady_clock::now() < done) {
            if (call.stop().stop_requested()) {
                given_up.release();
                throw farcall::error{farcall::status::cancelled, "nobody wants the flour any more"};
            }
            std::this_thread::sleep_for(1ms);
        }
        return "flour";
    }
};

int main() {
    const auto kitchen = std::make_shared<oven>();
    farcall::server server;
    server.add<Oven>(kitchen);
    const auto url = server.listen("tcp://127.0.0.1:0").url();
    server.start();
    const Oven::proxy proxy{url};

    // A thread that blocks in a call, and another that asks it to stop.
    std::stop_source enough;
    std::thread impatient([&] {
        kitchen->begun.acquire();
        enough.request_stop();
    });
    const auto flour = farcall::with(proxy, enough.get_token()).grind(60, farcall::as_result);
    std::cout << "grind: " << to_string(flour.error().status()) << ", executed " << to_string(flour.error().executed())
              << '\n';
    impatient.join();
    kitchen->given_up.acquire();  // the handler knows

    // Whatever comes first cancels the other. (A proxy keeps the loop that it lives on busy, until it goes.)
    asio::io_context loop;
    std::string first;
    asio::co_spawn(loop, [&]() -> asio::awaitable<void> {
        using namespace asio::experimental::awaitable_operators;
        const Oven::proxy here{loop, url};
        asio::steady_timer patience{loop, 50ms};
        const auto race = co_await (here.bake(60, asio::use_awaitable) || patience.async_wait(asio::use_awaitable));
        first = race.index() == 0 ? "the bread" : "the end of patience";
    }, asio::detached);
    loop.run();
    std::cout << "first came " << first << '\n';
    kitchen->begun.acquire();
    kitchen->given_up.acquire();

    // Any token, with a slot bound to it; the signal is emitted where the handler will run.
    asio::cancellation_signal signal;
    auto last = std::make_unique<Oven::proxy>(loop, url);
    last->bake(60, asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr failure, std::string) {
        try {
            if (failure) std::rethrow_exception(failure);
        } catch (const farcall::error& why) {
            std::cout << "bake: " << to_string(why.status()) << '\n';
        }
        last.reset();
    }));
    asio::steady_timer moment{loop, 50ms};
    moment.async_wait([&](boost::system::error_code) { signal.emit(asio::cancellation_type::terminal); });
    loop.restart();
    loop.run();
    kitchen->begun.acquire();
    kitchen->given_up.acquire();
}
