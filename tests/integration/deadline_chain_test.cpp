#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <string>

#include <farcall.hpp>

#include "integration/child.hpp"

/// A deadline on its way through three processes: this one calls `ask` of a second, which calls `search` of a third.
namespace {

using namespace std::chrono_literals;
using integration::child;
using integration::tell;

std::string left(const farcall::context& call) {
    const auto rest = call.deadline() - std::chrono::steady_clock::now();
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(rest).count());
}

TEST(child_process, DISABLED_works_for_an_hour) {
    farcall::server server;
    server.add("search", [](farcall::context& call) -> boost::asio::awaitable<void> {
        tell(left(call));
        boost::asio::steady_timer work{co_await boost::asio::this_coro::executor, 1h};
        try {
            co_await work.async_wait(boost::asio::use_awaitable);
        } catch (...) {
            tell("stopped");
            throw;
        }
    });
    server.listen(0);
    server.run([&] { tell(std::to_string(server.port())); });
}

TEST(child_process, DISABLED_asks_another) {
    farcall::server server;
    const farcall::client behind{"tcp://127.0.0.1:" + integration::argument()};
    server.add("ask", [&](farcall::context& call) -> boost::asio::awaitable<void> {
        tell(left(call));
        std::this_thread::sleep_for(20ms);  // work of its own, before it asks
        const auto end = co_await farcall::with(behind, call).async_call<void>(
            farcall::as_result(boost::asio::use_awaitable), "search");
        tell(end ? "answered" : std::string{to_string(end.error().status())});
    });
    server.listen(0);
    server.run([&] { tell(std::to_string(server.port())); });
}

TEST(deadline_chain, ends_everywhere_when_the_first_caller_stops_waiting) {
    child third{"works_for_an_hour"};
    child second{"asks_another", third.line()};
    const farcall::client client{"tcp://127.0.0.1:" + second.line()};

    const auto end = farcall::with(client, farcall::timeout{300ms}).try_call<void>("ask");
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), farcall::status::deadline_exceeded);

    const int at_second = std::stoi(second.line()), at_third = std::stoi(third.line());
    EXPECT_LE(at_second, 300);
    EXPECT_LE(at_third, at_second - 20);
    EXPECT_GT(at_third, 0);
    EXPECT_EQ(third.line(), "stopped");
    const std::string seen = second.line();
    EXPECT_TRUE(seen == "deadline_exceeded" || seen == "cancelled") << seen;
}

}  // namespace
