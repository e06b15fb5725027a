// Interceptors see calls go by, on both sides: what concerns all methods is one small class and is written once.
#include <farcall.hpp>
#include <farcall/interceptor/bearer_token.hpp>
#include <farcall/interceptor/coroutine.hpp>
#include <farcall/interceptor/last_known.hpp>
#include <farcall/interceptor/token_auth.hpp>

#include <iostream>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>

RPC_SERVICE(Greeter, (hello, std::string(std::string name), farcall::readonly))

struct greeter {
    std::string hello(farcall::context& call, std::string name) {
        std::cout << "        the handler, called by " << call.principal() << '\n';
        if (call.attempt() == 1) throw farcall::error{farcall::status::unavailable, "not yet"};
        return "Hello " + name;
    }
};

/// Looks on: on the way in, and on the way out.
struct says {
    std::string name;

    void before(farcall::intercepted_call& call) { std::cout << name << " > " << call.method << call.params << '\n'; }
    void after(farcall::intercepted_call&, farcall::call_outcome& end) {
        std::cout << name << " < " << (end.failure ? to_string(end.status()) : std::string_view{end.result}) << '\n';
    }
};

/// As a coroutine: everything further in is one expression, and whatever it does may wait.
struct pardon {
    boost::asio::awaitable<farcall::call_outcome> around(farcall::intercepted_call&, farcall::next_call& next) {
        farcall::call_outcome end = co_await next();
        if (end.status() == farcall::status::unavailable) std::cout << "      (it will be there soon)\n";
        co_return end;
    }
};

int main() {
    farcall::server_options options;
    options.interceptors = {says{"    server: outer"},
                            farcall::token_auth{{{.token = "open-sesame", .principal = "ali"}}},
                            says{"      server: inner"}, pardon{}};
    farcall::server server{options};
    server.add<Greeter>(greeter{});
    const auto where = server.listen("memory://greeter");
    server.start();

    // A call meets `interceptors`, then the retry policy, then, once an attempt, `attempt_interceptors`.
    farcall::client_options around;
    // The token stands in front of `last_known`, which keeps results by who calls.
    around.interceptors = {farcall::bearer_token{"open-sesame"}, farcall::last_known{}, says{"client: logging"}};
    around.attempt_interceptors = {says{"  client: tracing"}};
    farcall::call_report report;
    const Greeter::basic_proxy<farcall::exponential_backoff> stubborn{where.url(), {.max_attempts = 2}, around};
    const auto calls = farcall::with(stubborn, farcall::report_to(report));
    const auto call = [&](std::string name) {
        std::string text = calls.hello(std::move(name));
        text += report.stale ? " (as last time)" : " (after " + std::to_string(report.attempts) + " attempts)";
        return text;
    };
    const std::string first = call("Ada");
    std::cout << first << "\n\n";

    std::cout << "without a token:\n";
    try {
        const Greeter::proxy stranger{where.url()};
        stranger.hello("Eve");
    } catch (const farcall::error& error) {
        std::cout << error.what() << "\n\n";
    }

    std::cout << "without a server:\n";
    server.stop();
    const std::string second = call("Ada");
    std::cout << second << '\n';
    return first == "Hello Ada (after 2 attempts)" && second == "Hello Ada (as last time)" ? 0 : 1;
}
