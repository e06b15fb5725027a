// One deadline for a whole chain: the caller has 300 ms, and after these nobody goes on working for it.
#include <farcall.hpp>

#include <chrono>
#include <future>
#include <iostream>
#include <string>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace asio = boost::asio;
using namespace std::chrono_literals;

RPC_SERVICE(Front, (ask,    std::string(std::string question), farcall::readonly, farcall::blocking))
RPC_SERVICE(Back,  (search, std::string(std::string words),    farcall::readonly))

std::chrono::milliseconds left(const farcall::context& call) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(call.deadline() - std::chrono::steady_clock::now());
}

struct back {
    std::promise<std::chrono::milliseconds> had;
    std::promise<void> stopped;

    asio::awaitable<std::string> search(farcall::context& call, std::string words) {
        had.set_value(left(call));
        asio::steady_timer long_work{co_await asio::this_coro::executor, 1h};
        try {
            co_await long_work.async_wait(asio::use_awaitable);
        } catch (const boost::system::system_error&) {  // operation_aborted: the answer is not wanted any more
            stopped.set_value();
            throw;
        }
        co_return words + ": found";
    }
};

struct front {
    Back::proxy back;

    std::string ask(farcall::context& call, std::string question) {
        return farcall::with(back, call).search(question);  // by the same deadline, and cancelled with it
    }
};

int main() {
    const auto work = std::make_shared<back>();
    farcall::server behind, before;
    behind.add<Back>(work);
    const auto back_url = behind.listen("tcp://127.0.0.1:0").url();
    behind.start();
    before.add<Front>(front{Back::proxy{back_url}});
    const auto front_url = before.listen("tcp://127.0.0.1:0").url();
    before.start();

    const Front::proxy proxy{front_url};
    const farcall::result<std::string> end =
        farcall::with(proxy, farcall::timeout{300ms}).ask("why?", farcall::as_result);
    std::cout << "the caller: " << to_string(end.error().status()) << '\n';

    const auto had = work->had.get_future().get();
    std::cout << "the server behind the server had " << (had < 300ms && had > 0ms ? "less than 300 ms" : "all the time")
              << '\n';
    work->stopped.get_future().get();
    std::cout << "and has stopped working\n";
    return end.error().status() == farcall::status::deadline_exceeded ? 0 : 1;
}
