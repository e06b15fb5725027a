// The code of README.md that is not a whole example: check.py compares the two, here it is compiled and run.
#include <farcall.hpp>
#include <farcall/interceptor/rate_limit.hpp>
#include <farcall/interceptor/token_auth.hpp>
#include <farcall/interceptor/tracing.hpp>
#include <farcall/observe/log_events.hpp>
#include <farcall/observe/logger.hpp>
#include <farcall/observe/print_tree.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include "../../examples/calculator/calculator.hpp"

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

struct calculator {
    int add(int a, int b) const { return a + b; }
    int subtract(int a, int b) const { return a - b; }
    int multiply(int a, int b) const { return a * b; }
    double divide(double a, double b) const {
        if (b == 0) throw division_by_zero{a};
        return a / b;
    }
    std::string greet(const std::string& name) const { return "Hello, " + name; }
};

struct readme : testing::Test {
    readme() {
        server.add<Calculator>(calculator{});
        server.listen(0);
        server.start();
    }
    std::string url() const { return server.endpoints().front().url(); }

    farcall::server server;
};

asio::awaitable<int> every_style(Calculator::proxy calc, std::string url) {
    int sum = calc.add(5, 3);                                          // blocks, throws
    farcall::result<int> end = calc.add(5, 3, farcall::as_result);     // blocks, throws nothing
    std::future<int> later = calc.add(5, 3, asio::use_future);         // any completion token of Asio, as the last argument
    calc.add(5, 3, [](farcall::result<int> end) { (void)end; });       // a callback, on the client's I/O thread
    int more = co_await calc.add(5, 3, asio::use_awaitable);           // in a coroutine
    calc.greet("Ada", farcall::notify);                                // one-way: sent, and never answered

    auto hurried = farcall::with(calc, farcall::timeout{200ms}, farcall::metadata{{"tenant", "a7"}});
    int soon = hurried.add(5, 3);                                      // the same connection, other options

    farcall::client client{url};                                       // by name, without a declaration
    int named = client.call<int>("Calculator.add", 5, 3);
    farcall::json any = client.call("Calculator.add", 5, 3);

    co_return sum + end.value() + later.get() + more + soon + named + any.as<int>();
}

TEST_F(readme, shows_every_style_of_a_call) {
    asio::io_context loop;
    std::future<int> total = asio::co_spawn(loop, every_style(Calculator::proxy{url()}, url()), asio::use_future);
    loop.run();
    EXPECT_EQ(total.get(), 7 * 8);
}

TEST_F(readme, shows_how_to_catch_errors) {
    Calculator::proxy calc{url()};
    bool caught = false;
    try {
        calc.divide(10, 0);
    } catch (const division_by_zero& error) {  // declared with throws<>: itself, with its members
        caught = error.dividend == 10;
    } catch (const farcall::failure& remote) {  // any exception of the handler that has come as itself
        remote.why().message();
    } catch (const farcall::error& error) {  // everything else
        if (error.executed() == farcall::executed::no) calc.divide(10, 1);  // certainly safe to repeat
    }
    EXPECT_TRUE(caught);
}

TEST(readme_server, shows_how_to_set_a_server_up) {
    calculator mine;
    {
        farcall::server server{{.io_threads = 4, .worker_threads = 32, .limits = {.frame = 64u << 20}}};
        server.add<Calculator>(std::ref(mine));  // or a copy, or a std::shared_ptr
        server.add("echo", [](std::string text) { return text; });
        server.listen("tcp://127.0.0.1:0");  // port 0: any free one, see server.port(); or tcp://[::1]:5000, unix:///path
        server.listen("memory://calculator");  // inside this process
        server.start();  // returns; or run(), which returns after stop(), SIGINT or SIGTERM
        EXPECT_EQ(farcall::client{"memory://calculator"}.call<std::string>("echo", "hello"), "hello");
    }
}

TEST(readme_server, shows_how_both_sides_look_before_they_sleep) {
    const std::string url = "memory://looks-first";
    farcall::server server{{.busy_poll = 50us}};
    Calculator::proxy calc{url, farcall::client_options{.busy_poll = 50us}};
    server.add<Calculator>(calculator{});
    server.listen(url);
    server.start();
    EXPECT_EQ(calc.add(5, 3), 8);
}

TEST_F(readme, shows_a_retry_policy) {
    std::string url = this->url();
    Calculator::basic_proxy<farcall::exponential_backoff> calc{
        url, {.max_attempts = 4, .initial_delay = 100ms, .full_jitter = true, .per_attempt = 1s}};
    EXPECT_EQ(calc.add(5, 3), 8);
}

TEST(readme_server, shows_how_to_see_what_happens) {
    const std::string secret = "open-sesame";
    farcall::logger log;  // to the standard error; a sink of yours takes the lines elsewhere
    farcall::server_options options;
    options.observers = {farcall::log_events{log}};
    options.interceptors = {farcall::tracing{farcall::print_tree{}},                           // the outermost
                            farcall::token_auth{{{.token = secret, .principal = "billing"}}},  // then who may call
                            farcall::rate_limit{{.per_second = 100, .key = farcall::rate_limit::by_principal}}};
    options.http.pages.tokens = {secret};  // metrics and all other pages but health are not for everybody
    farcall::server server{options};
    log.level(farcall::log_level::debug);  // at any time, from any thread
    log.level(farcall::log_level::off);

    server.add<Calculator>(calculator{});
    const std::string url = server.listen("memory://watched").url();
    server.start();
    const Calculator::proxy calc{url};
    EXPECT_EQ(calc.add(5, 3, farcall::as_result).error().status(), farcall::status::unauthenticated);
    EXPECT_EQ(farcall::with(calc, farcall::metadata{{"authorization", "Bearer " + secret}}).add(5, 3), 8);
}

}  // namespace
