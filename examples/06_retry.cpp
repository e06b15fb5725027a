// A retry policy is a small struct and a template parameter of the proxy. It decides; the library waits and sends.
#include <farcall.hpp>

#include <chrono>
#include <iostream>
#include <optional>
#include <string>

RPC_SERVICE(Weather,
    (forecast, std::string(std::string city), farcall::readonly),  // may be repeated, for it changes nothing
    (report,   void(std::string city, double degrees)))            // may not: it is sent again only if it never ran

struct weather {
    std::string forecast(farcall::context& call, const std::string& city) {
        if (call.attempt() < 3) throw farcall::error{farcall::status::unavailable, "the satellite is behind the moon"};
        return "sun in " + city;
    }
    void report(std::string, double) {
        ++reports;
        throw farcall::error{farcall::status::unavailable, "reported, but the satellite is behind the moon"};
    }
    int& reports;
};

/// A policy of our own: 100 ms, 200 ms, 400 ms ... as another one says, and a line for each attempt that failed.
struct talkative {
    static constexpr bool repeats_unsafe = false;
    farcall::exponential_backoff backoff{.max_attempts = 3};

    std::optional<std::chrono::milliseconds> retry(const farcall::failed_attempt& failed,
                                                   farcall::random_source& random) const {
        const auto pause = backoff.retry(failed, random);
        std::cout << "  attempt " << failed.attempt << ": " << to_string(failed.code) << ", executed "
                  << to_string(failed.executed);
        if (pause)
            std::cout << "; again in " << pause->count() << " ms\n";
        else
            std::cout << "; giving up\n";
        return pause;
    }
    std::chrono::milliseconds attempt_timeout() const { return backoff.attempt_timeout(); }
};

int main() {
    int reports = 0;
    farcall::server server;
    server.add<Weather>(weather{reports});
    const auto where = server.listen("memory://weather");
    server.start();

    std::cout << "forecast, by a server that fails twice:\n";
    const Weather::basic_proxy<talkative> stubborn{where.url()};
    const std::string forecast = stubborn.forecast("Reykjavik");
    std::cout << "  " << forecast << '\n';

    std::cout << "report, which ran and must not run twice:\n";
    try {
        stubborn.report("Oslo", 21.5);
    } catch (const farcall::error& error) {
        std::cout << "  " << error.what() << '\n';
    }
    std::cout << "  it ran " << reports << " time(s)\n";

    std::cout << "report, without a server:\n";
    try {
        Weather::basic_proxy<talkative>{"memory://nowhere"}.report("Oslo", 21.5);
    } catch (const farcall::error& error) {
        std::cout << "  " << error.what() << '\n';
    }

    // The usual policies are there already.
    Weather::basic_proxy<farcall::exponential_backoff> quiet{where.url(), {.max_attempts = 5, .full_jitter = true}};
    return quiet.forecast("Rome") == "sun in Rome" && reports == 1 ? 0 : 1;
}
