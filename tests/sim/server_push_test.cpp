#include "support.hpp"

#include <gtest/gtest.h>

#include <farcall/protocol/frame.hpp>

/// What a server sends unasked.
namespace {

using namespace sim_test;
using namespace std::chrono_literals;

RPC_SERVICE(Ticker,
    (subscribe, int()),
    (flood, int(int count, int bytes)))

struct ticker {
    int subscribe(farcall::context& call) {
        listeners.push_back(call.peer().notifier);
        listeners.back().notify("Ticker.welcome");
        return static_cast<int>(listeners.size());
    }
    int flood(farcall::context& call, int count, int bytes) {
        int sent = 0;
        while (sent != count && call.peer().notifier.notify("Ticker.noise", std::string(static_cast<std::size_t>(bytes), 'x')))
            ++sent;
        return sent;
    }
    int tell(std::string_view what, int number) {
        int told = 0;
        for (const farcall::notifier& each : listeners) told += each.notify("Ticker.tick", what, number) ? 1 : 0;
        return told;
    }

    std::vector<farcall::notifier> listeners;
};

struct ticker_world : world {
    explicit ticker_world(farcall::limits limits = {}) {
        auto options = server_options();
        options.limits = limits;
        server.emplace(std::move(options));
        server->add<Ticker>(std::ref(handler));
        server->on_connect([this](farcall::peer& who) { connected_at_first = who.notifier.connected(); });
        server->listen("sim://server");
        server->start();
    }
    std::string read(raw_stream& from) {
        std::string text;
        while (const auto part = from.read(10ms)) text += *part;
        return text;
    }

    ticker handler;
    std::optional<farcall::server> server;
    bool connected_at_first = true;
};

constexpr std::string_view welcome = R"({"jsonrpc":"2.0","method":"Ticker.welcome","params":[]})";

std::string tick(int number) {
    return R"({"jsonrpc":"2.0","method":"Ticker.tick","params":["tock",)" + std::to_string(number) + "]}";
}

TEST(server_push, reaches_a_client_on_lines_behind_the_reply) {
    ticker_world sim;
    raw_stream peer = *raw_stream::connect(sim);
    peer.write(R"({"jsonrpc":"2.0","id":1,"method":"Ticker.subscribe"})" "\n");
    EXPECT_EQ(sim.read(peer), R"({"jsonrpc":"2.0","id":1,"result":1})" "\n" + std::string{welcome} + "\n");
    EXPECT_FALSE(sim.connected_at_first);
    for (int i = 1; i <= 3; ++i) EXPECT_EQ(sim.handler.tell("tock", i), 1);
    EXPECT_EQ(sim.read(peer), tick(1) + "\n" + tick(2) + "\n" + tick(3) + "\n");
}

TEST(server_push, reaches_a_client_on_native_frames) {
    ticker_world sim;
    raw_stream peer = *raw_stream::connect(sim);
    peer.write(frame(R"({"jsonrpc":"2.0","id":1,"method":"Ticker.subscribe"})"));
    EXPECT_EQ(sim.read(peer), frame(R"({"jsonrpc":"2.0","id":1,"result":1})") + frame(welcome));
    sim.handler.tell("tock", 1);
    EXPECT_EQ(sim.read(peer), frame(tick(1)));
}

TEST(server_push, says_that_a_client_has_gone) {
    ticker_world sim;
    raw_stream peer = *raw_stream::connect(sim);
    peer.write(R"({"jsonrpc":"2.0","id":1,"method":"Ticker.subscribe"})" "\n");
    sim.read(peer);
    EXPECT_TRUE(sim.handler.listeners.front().connected());
    peer.close();
    sim.run_for(10ms);
    EXPECT_FALSE(sim.handler.listeners.front().connected());
    EXPECT_EQ(sim.handler.tell("tock", 1), 0);
}

TEST(server_push, keeps_a_connection_that_only_listens) {
    ticker_world sim;
    raw_stream peer = *raw_stream::connect(sim);
    peer.write(R"({"jsonrpc":"2.0","id":1,"method":"Ticker.subscribe"})" "\n");
    sim.read(peer);
    for (int minute = 1; minute <= 12; ++minute) {
        sim.run_for(1min);
        ASSERT_EQ(sim.handler.tell("tock", minute), 1) << minute;
    }
    sim.run_for(6min);
    EXPECT_EQ(sim.handler.tell("tock", 13), 0);
}

TEST(server_push, keeps_a_connection_that_asks_whether_the_server_is_there) {
    ticker_world sim;
    auto options = sim.client_options();
    int told = 0;
    options.on_notification = [&](std::string_view, const farcall::json&) { ++told; };
    Ticker::proxy ticker{farcall::client{sim.executor(), "sim://server", options}};
    sim.run(ticker.subscribe(use_awaitable));
    sim.run_for(1h);
    EXPECT_EQ(sim.handler.tell("tock", 1), 1);
    sim.run_for(1s);
    EXPECT_EQ(told, 2);
}

TEST(server_push, stops_at_a_client_that_does_not_take_it) {
    ticker_world sim{{.write_buffer_soft = 10'000}};
    raw_stream peer = *raw_stream::connect(sim);
    peer.write(R"({"jsonrpc":"2.0","id":1,"method":"Ticker.flood","params":[1000,1000]})" "\n");
    const std::string told = sim.read(peer);
    EXPECT_TRUE(told.starts_with(R"({"jsonrpc":"2.0","id":1,"result":10})" "\n")) << told.substr(0, 100);
    EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 11);
    // What it has taken makes room again.
    peer.write(R"({"jsonrpc":"2.0","id":2,"method":"Ticker.flood","params":[2,1000]})" "\n");
    EXPECT_TRUE(sim.read(peer).starts_with(R"({"jsonrpc":"2.0","id":2,"result":2})" "\n"));
}

TEST(server_push, reaches_a_client_of_ours) {
    ticker_world sim;
    auto options = sim.client_options();
    std::vector<std::string> told;
    options.on_notification = [&](std::string_view method, const farcall::json& params) {
        told.push_back(std::string{method} + std::string{params.text()});
    };
    Ticker::proxy ticker{farcall::client{sim.executor(), "sim://server", options}};
    EXPECT_EQ(sim.run(ticker.subscribe(use_awaitable)), 1);
    sim.run_for(10ms);
    for (int i = 1; i <= 3; ++i) sim.handler.tell("tock", i);
    sim.run_for(10ms);
    EXPECT_EQ(told, (std::vector<std::string>{"Ticker.welcome[]", R"(Ticker.tick["tock",1])", R"(Ticker.tick["tock",2])",
                                              R"(Ticker.tick["tock",3])"}));
}

TEST(server_push, means_nothing_to_a_client_that_does_not_listen) {
    ticker_world sim;
    Ticker::proxy ticker{sim.connect()};
    EXPECT_EQ(sim.run(ticker.subscribe(use_awaitable)), 1);
    sim.handler.tell("tock", 1);
    EXPECT_EQ(sim.run(ticker.subscribe(use_awaitable)), 2);
}

TEST(server_push, without_a_connection_goes_nowhere) {
    EXPECT_FALSE(farcall::notifier{}.connected());
    EXPECT_FALSE(farcall::notifier{}.notify("Ticker.tick", 1));
}

TEST(server_push, says_what_cannot_be_sent) {
    ticker_world sim;
    raw_stream peer = *raw_stream::connect(sim);
    peer.write(R"({"jsonrpc":"2.0","id":1,"method":"Ticker.subscribe"})" "\n");
    sim.read(peer);
    try {
        sim.handler.listeners.front().notify("Ticker.tick", std::numeric_limits<double>::quiet_NaN());
        FAIL() << "nothing was thrown";
    } catch (const farcall::error& why) {
        EXPECT_EQ(why.status(), farcall::status::invalid_argument);
        EXPECT_NE(why.message().find("params[0]"), std::string::npos) << why.message();
    }
    EXPECT_EQ(sim.read(peer), "");
}

}  // namespace
