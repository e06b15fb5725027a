// What happens on a server, for whoever has to look after it: a log whose level changes while it runs, an observer of
// one's own, and the calls that were slow or failed, with their arguments.
#include <farcall.hpp>
#include <farcall/observe/debug_calls.hpp>
#include <farcall/observe/log_events.hpp>
#include <farcall/testing/simulation.hpp>

#include <iostream>
#include <memory>
#include <stdexcept>

using namespace std::chrono_literals;
using boost::asio::awaitable;
using boost::asio::use_awaitable;

RPC_SERVICE(Library,
    (find,   std::string(std::string title), farcall::readonly),
    (lend,   int(std::string title, std::string card)),
    (repair, void()))

// A simulation, so that the times are the same each time.
farcall::testing::simulation sim;

struct library {
    awaitable<std::string> find(std::string title) {
        co_await sim.delay(title == "Ulysses" ? 300ms : 2ms);
        co_return "shelf " + std::to_string(title.size());
    }
    int lend(std::string, std::string card) {
        if (card != "4711") throw farcall::error{farcall::status::permission_denied, "this card is not valid"};
        return 14;
    }
    void repair() { throw std::runtime_error{"no glue in room 12"}; }
};

// An observer has any of these functions, and needs no base; what it does not have costs nothing.
struct refusals {
    int count = 0;
    void call_ended(const farcall::call_event& event) {
        if (event.status == farcall::status::permission_denied) ++count;
    }
};

int main() {
    auto options = sim.server_options();
    // Lines go to the standard error unless a sink takes them; a call that took 100 ms is worth a warning.
    const farcall::logger log{{.sink = [](farcall::log_level, std::string_view line) { std::cout << line << '\n'; },
                               .time = options.time}};
    const auto refused = std::make_shared<refusals>();
    options.observers = {farcall::log_events{log, {.slow = 100ms}}, refused};
    options.debug_calls = std::make_shared<farcall::debug_calls>(farcall::debug_calls_options{
        .slowest = 1,
        .redact = [](std::string_view method, std::string_view params) {
            return method == "Library.lend" ? std::string{"[...]"} : std::string{params};
        }});

    farcall::server server{options};
    server.add<Library>(library{});
    server.listen("sim://server");
    server.start();

    {
        const Library::proxy proxy{sim.connect()};
        sim.run(proxy.find("Emma", use_awaitable));     // good and quick: nothing to tell
        sim.run(proxy.find("Ulysses", use_awaitable));  // slow
        sim.run(proxy.lend("Emma", "0815", farcall::as_result(use_awaitable)));
        // The caller learns that it failed; why, is for those who read the log.
        std::cout << sim.run(proxy.repair(farcall::as_result(use_awaitable))).error().message() << '\n';

        log.level(farcall::log_level::debug);
        sim.run(proxy.find("Emma", use_awaitable));
        log.level(farcall::log_level::info);
    }
    server.stop();
    sim.run_for(0s);

    std::cout << refused->count << " call was refused\n";
    for (const farcall::debug_call& each : options.debug_calls->slowest())
        std::cout << "the slowest was " << each.method << each.params << ", " << each.time / 1ms << " ms\n";
    for (const farcall::debug_call& each : options.debug_calls->failed())
        std::cout << "failed: " << each.method << each.params << ", " << each.error << '\n';
}
