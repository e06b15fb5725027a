#include "support.hpp"

#include <farcall/observe/log_events.hpp>

/// What a peer can make a server write down.
namespace {

using namespace sim_test;
using farcall::log_level;

struct flooded_world : world {
    flooded_world() {
        auto options = server_options();
        log = farcall::logger{{.level = log_level::debug,
                               .sink = [this](log_level, std::string_view line) { lines.push_back({now(), std::string{line}}); },
                               .time = options.time}};
        options.observers = {farcall::log_events{*log}};
        options.limits.connections_per_peer = 100'000;
        server.emplace(std::move(options));
        server->add<Ledger>(ledger{*this});
        server->listen("sim://server");
        server->start();
    }

    struct written {
        farcall::time_point when;
        std::string text;
        /// Level and event, without the time and the fields.
        std::string event() const {
            const std::string rest = text.substr(text.find(' ') + 1);
            return rest.substr(0, rest.rfind(' ', rest.find('=')));
        }
    };

    /// The most lines of one event within a second.
    std::size_t most_within_a_second() const {
        std::size_t most = 0;
        for (const written& first : lines) {
            std::size_t count = 0;
            for (const written& each : lines)
                if (each.event() == first.event() && each.when >= first.when && each.when < first.when + 1s) ++count;
            most = std::max(most, count);
        }
        return most;
    }

    std::vector<written> lines;
    std::optional<farcall::logger> log;
    std::optional<farcall::server> server;
};

TEST(log_flood, of_any_kind_writes_ten_lines_a_second_and_says_how_many_it_left_out) {
    flooded_world sim;
    const std::string unknown = frame(R"({"jsonrpc":"2.0","id":1,"method":"no\nsuch\u001bmethod"})");
    const std::string wrong = frame(R"({"jsonrpc":"2.0","id":1,"method":"Ledger.add","params":["x"]})");
    const std::string bad = frame("{]");
    auto talker = raw_stream::connect(sim);
    for (int tick = 0; tick < 120; ++tick) {
        for (int i = 0; i < 5; ++i) {
            talker->write(unknown + wrong + bad);
            auto caller = raw_stream::connect(sim);  // comes, says nonsense, and goes
            caller->write(i % 2 == 0 ? std::string(4, '\x7f') : frame(std::string(10, ' ')));
            sim.run_for(0s);
            caller->close();
        }
        while (talker->read(1ms)) {
        }
        sim.run_for(49ms);
    }
    EXPECT_EQ(sim.most_within_a_second(), 10u);
    EXPECT_LT(sim.lines.size(), 6u * 7 * 12) << "six seconds, some kinds";
    bool told = false;
    for (const auto& line : sim.lines) {
        EXPECT_EQ(line.text.find_first_of("\n\x1b"), std::string::npos);
        told = told || line.text.find(R"(lines left out of="call failed" count=)") != std::string::npos;
    }
    EXPECT_TRUE(told);
}

}  // namespace
