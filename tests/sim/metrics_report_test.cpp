#include "patient_server.hpp"

#include <map>

#include <farcall/codec/json.hpp>

/// What `rpc.metrics`, `/metrics` and `server::metrics` say of the rest of a server, in virtual time.
namespace {

using namespace sim_test;
using farcall::json;
using farcall::server_metrics;

struct told_world : patient_world {
    using patient_world::patient_world;

    /// The result of `rpc.metrics` or its error, asked by another connection.
    json ask(std::string_view params = "{}") {
        auto asking = raw_stream::connect(*this, url);
        asking->write(frame(R"({"jsonrpc":"2.0","id":1,"method":"rpc.metrics","params":)" + std::string{params} + "}"));
        std::string answer;
        while (const auto part = asking->read(5ms)) answer += *part;
        const json all = json::parse(answer.substr(std::min<std::size_t>(answer.size(), 4))).value();
        return all.find("result") ? all["result"] : all["error"];
    }
    /// Body of a page.
    std::string get(std::string_view path) {
        auto asking = raw_stream::connect(*this, url);
        asking->write("GET " + std::string{path} + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        std::string answer;
        while (const auto part = asking->read(5ms)) answer += *part;
        return answer.substr(std::min(answer.size(), answer.find("\r\n\r\n") + 4));
    }
    std::uint64_t refused(std::string_view limit) const {
        for (const farcall::limit_metrics& each : server->metrics().refusals)
            if (each.limit == limit) return each.refused;
        ADD_FAILURE() << "no limit " << limit;
        return 0;
    }

    std::string url = "sim://server";
};

TEST(metrics_document, says_all_of_a_server_under_stable_keys) {
    told_world sim;
    sim.run_for(1500us);
    const auto began = sim.now();
    sim.call(1, "busy", "[3]");
    sim.call(2, "now", "[]");
    sim.call(3, "now", "[7]");
    sim.call(4, "nobody", "[7]");
    sim.send("{}");
    sim.received();
    const json all = sim.ask();
    EXPECT_GE(sim.now(), began);
    EXPECT_EQ(all["started"].text(), "\"2030-01-01T00:00:00.000Z\"");
    EXPECT_EQ(all["title"].text(), "\"Patient\"");
    EXPECT_EQ(all["version"].text(), "\"1\"");
    EXPECT_EQ(all["methods"].size(), 8u);
    const json busy = all["methods"][0];
    EXPECT_EQ(busy["method"].text(), "\"Patient.busy\"");
    EXPECT_EQ(busy["calls"].text(), "1");
    EXPECT_EQ(busy["failures"].text(), "0");
    EXPECT_EQ(busy["in_flight"].text(), "0");
    EXPECT_EQ(busy["outcomes"].text(), R"({"ok":1})");
    EXPECT_EQ(busy["latency_us"].text(),
              R"({"count":1,"sum":3000,"min":3000,"mean":3000,"max":3000,"p50":3000,"p90":3000,"p99":3000})");
    EXPECT_EQ(busy["queue_us"].text(), R"({"count":1,"sum":0,"min":0,"mean":0,"max":0,"p50":0,"p90":0,"p99":0})");
    const json now = all["methods"][2];
    EXPECT_EQ(now["method"].text(), "\"Patient.now\"");
    EXPECT_EQ(now["outcomes"].text(), R"({"ok":1,"invalid_argument":1})");
    EXPECT_EQ(now["failures"].text(), "1");
    EXPECT_EQ(all["unknown_methods"]["calls"].text(), "1");
    EXPECT_EQ(all["protocol_errors"].text(), "1");
    EXPECT_EQ(all["connections"].text(),
              R"({"open":{"native":2,"lines":0,"content_length":0,"http":0,"websocket":0,"undecided":0},)"
              R"("total":{"native":2,"lines":0,"content_length":0,"http":0,"websocket":0,"undecided":0},"refused":0})");
    EXPECT_EQ(all["refusals"]["in_flight"].text(), "0");
    EXPECT_EQ(all["workers"].text(), R"({"threads":0,"busy":0,"queue":0,"refused":0})");
    EXPECT_EQ(all["late"].text(), "0");
    EXPECT_EQ(all["replayed"].text(), "0");
    EXPECT_FALSE(all.find("history"));
}

TEST(metrics_document, is_itself_a_call_that_is_counted_apart) {
    told_world sim;
    EXPECT_EQ(sim.ask()["reserved_methods"]["calls"].text(), "0");
    EXPECT_EQ(sim.ask()["reserved_methods"]["calls"].text(), "1");
}

TEST(metrics_document, history_shows_what_happened_before_anybody_looked) {
    told_world sim;
    for (int second = 0; second != 3; ++second) {
        for (int i = 0; i <= second; ++i) sim.call(i, "busy", "[2]");
        sim.call(9, "busy", "[]");
        sim.received(10ms);
        sim.run_for(990ms);
        sim.run_until([&] { return sim.server->metrics().uptime >= std::chrono::seconds{second + 1}; });
    }
    sim.run_for(100ms);
    const json history = sim.ask(R"({"history":600})")["history"];
    EXPECT_EQ(history["interval_s"].text(), "1");
    EXPECT_EQ(history["until_s"].text(), "3");
    EXPECT_EQ(history["methods"].size(), 1u) << "those that were not called are left out";
    const json busy = history["methods"]["Patient.busy"];
    EXPECT_EQ(busy["calls"].text(), "[2,3,4]");
    EXPECT_EQ(busy["failures"].text(), "[1,1,1]");
    EXPECT_EQ(busy["mean_us"].text(), "[1000.0,1333.3,1500.0]");
    EXPECT_EQ(busy["p50_us"].size(), 3u);
    EXPECT_EQ(busy["p99_us"].size(), 3u);
    EXPECT_EQ(history["connections"].text(), "[1,1,1]");
    EXPECT_EQ(sim.ask(R"({"history":1})")["history"]["methods"]["Patient.busy"]["calls"].text(), "[4]");
    sim.run_for(2s);
    EXPECT_EQ(sim.ask(R"({"history":2})")["history"]["methods"].text(), "{}");
}

TEST(metrics_document, of_any_length_is_the_end_of_the_longest) {
    told_world sim;
    for (int second = 0; second != 12; ++second) {
        if (second == 3) sim.call(1, "busy", "[2]");
        if (second % 2 == 1) sim.call(2, "now", "[]");
        sim.received(10ms);
        sim.run_until([&] { return sim.server->metrics().uptime >= std::chrono::seconds{second + 1}; });
    }
    sim.run_for(100ms);
    const json all = sim.ask(R"({"history":600})")["history"];
    EXPECT_EQ(all["methods"]["Patient.now"]["calls"].text(), "[0,1,0,1,0,1,0,1,0,1,0,1]");
    for (std::size_t length = 1; length != 12; ++length) {
        const json part = sim.ask(R"({"history":)" + std::to_string(length) + "}")["history"];
        EXPECT_EQ(part["until_s"].text(), all["until_s"].text());
        EXPECT_EQ(part["connections"].size(), length);
        EXPECT_EQ(part["methods"].find("Patient.busy").has_value(), length >= 9) << length;
        const auto now = part["methods"].find("Patient.now");
        for (const std::string_view row : {"calls", "failures", "mean_us", "p50_us", "p99_us"}) {
            ASSERT_TRUE(now);
            const std::string whole{all["methods"]["Patient.now"][row].text()};
            const std::string end{(*now)[row].text().substr(1)};
            EXPECT_EQ((*now)[row].size(), length);
            EXPECT_TRUE(whole.ends_with(end)) << whole << ' ' << end;
        }
    }
}

TEST(metrics_document, of_many_who_ask_at_once_is_made_for_a_few) {
    told_world sim;
    const std::string ask = R"({"jsonrpc":"2.0","id":1,"method":"rpc.metrics","params":{"history":600}})";
    std::string batch = "[" + ask;
    for (int i = 1; i != 1000; ++i) batch += "," + ask;
    auto asking = raw_stream::connect(sim);
    asking->write(frame(batch + "]"));
    std::string answer;
    while (const auto part = asking->read(5ms)) answer += *part;
    const json all = json::parse(answer.substr(4)).value();
    ASSERT_EQ(all.size(), 1000u);
    const auto calls = [](const json& told) {
        return std::string{told["result"]["reserved_methods"]["calls"].text()};
    };
    EXPECT_EQ(calls(all[0]), "0");
    EXPECT_EQ(calls(all[1]), "1") << "whoever asks now and then gets what is so";
    EXPECT_EQ(calls(all[999]), "10");
    sim.run_for(100ms);
    EXPECT_EQ(sim.ask()["reserved_methods"]["calls"].text(), "1000") << "a tenth of a second later it is made anew";
}

TEST(metrics_document, history_is_a_number_of_seconds_that_are_kept) {
    told_world sim;
    for (const std::string_view wrong : {R"({"history":601})", R"({"history":-1})", R"({"history":"all"})",
                                         R"({"history":1.5})"})
        EXPECT_EQ(sim.ask(wrong)["code"].text(), "-32602") << wrong;
    EXPECT_EQ(sim.ask(R"({"history":0})")["code"].text(), "null");
    EXPECT_EQ(sim.ask("[]")["code"].text(), "null");
}

TEST(metrics_document, is_not_there_where_nothing_is_counted) {
    told_world sim;
    sim.server.reset();
    auto options = sim.server_options();
    options.metrics = false;
    sim.server.emplace(std::move(options));
    sim.server->add<Patient>(std::ref(sim.handler));
    sim.server->listen(sim.url = "sim://other");
    sim.server->start();
    EXPECT_EQ(sim.ask()["code"].text(), "-32601");
    EXPECT_NE(sim.ask()["message"].text().find("server_options::metrics"), std::string_view::npos);
    EXPECT_NE(sim.get("/metrics").find("no such page"), std::string::npos);
}

TEST(metrics_page, has_the_numbers_for_prometheus) {
    told_world sim;
    sim.call(1, "busy", "[3]");
    sim.call(2, "now", "[7]");
    sim.call(3, "nobody", "[7]");
    sim.received();
    const std::string page = sim.get("/metrics");
    for (const std::string_view line :
         {"farcall_server_calls_total{method=\"Patient.busy\",code=\"ok\"} 1",
          "farcall_server_calls_total{method=\"Patient.now\",code=\"invalid_argument\"} 1",
          "farcall_server_calls_total{method=\"Patient.wait\",code=\"ok\"} 0",
          "farcall_server_calls_total{method=\"(unknown)\",code=\"unimplemented\"} 1",
          "farcall_server_call_duration_seconds_bucket{method=\"Patient.busy\",le=\"0.0025\"} 0",
          "farcall_server_call_duration_seconds_bucket{method=\"Patient.busy\",le=\"0.005\"} 1",
          "farcall_server_call_duration_seconds_sum{method=\"Patient.busy\"} 0.003",
          "farcall_server_queue_duration_seconds_count{method=\"Patient.busy\"} 1",
          "farcall_server_calls_in_flight{method=\"Patient.busy\"} 0",
          "farcall_server_connections{protocol=\"native\"} 1", "farcall_server_connections{protocol=\"http\"} 1",
          "farcall_server_refusals_total{limit=\"frame\"} 0", "farcall_server_start_time_seconds 1893456000"})
        EXPECT_NE(page.find("\n" + std::string{line} + "\n"), std::string::npos) << line << "\n" << page;
    EXPECT_EQ(page.find("duration_seconds_bucket{method=\"Patient.wait\""), std::string::npos)
        << "nobody calls it, and its fifty lines of nothing";
    EXPECT_NE(page.find("\nprocess_cpu_seconds_total "), std::string::npos);
    EXPECT_NE(page.find("\nprocess_start_time_seconds "), std::string::npos);
}

TEST(metrics_page, of_many_who_ask_at_once_is_made_for_a_few) {
    told_world sim;
    std::string ask = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\nPOST / HTTP/1.1\r\nHost: localhost\r\n"
                      "Content-Type: application/json\r\nContent-Length: 48\r\n\r\n"
                      R"({"jsonrpc":"2.0","id":1,"method":"Patient.now" })";
    std::string all;
    for (int i = 0; i != 4; ++i) all += ask;
    const auto last = [&] {
        auto asking = raw_stream::connect(sim);
        asking->write(all);
        std::string answer;
        while (const auto part = asking->read(1ms)) answer += *part;
        const std::string_view name = "farcall_server_calls_total{method=\"Patient.now\",code=\"ok\"} ";
        const std::size_t at = answer.rfind(name);
        return at == answer.npos ? answer : answer.substr(at + name.size(), answer.find('\n', at) - at - name.size());
    };
    EXPECT_EQ(last(), "3");
    EXPECT_EQ(last(), "7");
    EXPECT_EQ(last(), "10") << "the last one that was made of eleven";
    EXPECT_EQ(last(), "10");
    sim.run_for(2s);
    EXPECT_EQ(last(), "19");
}

TEST(server_metrics, count_connections_by_what_they_speak) {
    told_world sim;
    sim.run_for(1ms);
    EXPECT_EQ(sim.server->metrics().connections.undecided, 1u);
    sim.call(1, "now", "[]");
    auto lines = raw_stream::connect(sim);
    lines->write("{}\n");
    auto lsp = raw_stream::connect(sim);
    lsp->write("Content-Length: 2\r\n\r\n{}");
    auto http = raw_stream::connect(sim);
    http->write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    auto websocket = raw_stream::connect(sim);
    websocket->write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                     "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    auto silent = raw_stream::connect(sim);
    sim.run_for(10ms);
    const server_metrics found = sim.server->metrics();
    EXPECT_EQ(found.connections.native, 1u);
    EXPECT_EQ(found.connections.lines, 1u);
    EXPECT_EQ(found.connections.content_length, 1u);
    EXPECT_EQ(found.connections.http, 1u);
    EXPECT_EQ(found.connections.websocket, 1u);
    EXPECT_EQ(found.connections.undecided, 1u);
    for (auto* each : {&lines, &lsp, &http, &websocket, &silent}) (*each)->close();
    sim.run_for(10ms);
    const server_metrics later = sim.server->metrics();
    EXPECT_EQ(later.connections.native, 1u);
    for (const auto which : {farcall::connection_protocol::lines, farcall::connection_protocol::content_length,
                             farcall::connection_protocol::http, farcall::connection_protocol::websocket,
                             farcall::connection_protocol::undecided})
        EXPECT_EQ(later.connections[which], 0u) << to_string(which);
    EXPECT_EQ(later.connections_total.http, 2u) << "one became a WebSocket";
    EXPECT_EQ(later.connections_total.websocket, 1u);
    EXPECT_EQ(later.connections_total.undecided, 1u);
    EXPECT_EQ(later.connections_total.native, 1u);
}

TEST(server_metrics, count_what_each_limit_refused) {
    farcall::limits small;
    small.frame = 500;
    small.depth = 5;
    small.batch = 3;
    small.in_flight = 1;
    small.pings = 1;
    small.connections_per_peer = 9;
    small.http_header = 200;
    small.http_fields = 2;
    small.batch_reply = 60;
    small.handshake = 1s;
    told_world sim{small};
    const auto once = [&](const std::string& bytes) {
        auto peer = raw_stream::connect(sim);
        peer->write(bytes);
        while (peer->read(1ms)) {
        }
    };
    const std::string call = R"({"jsonrpc":"2.0","id":1,"method":"Patient.now"})";
    once(std::string("\0\0\x7f\x7f", 4));
    once(std::string(600, '['));
    once("Content-Length: 600\r\n\r\n");
    once("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 600\r\n\r\n");
    EXPECT_EQ(sim.refused("frame"), 4u);
    once(frame("[[[[[[]]]]]]"));
    EXPECT_EQ(sim.refused("depth"), 1u);
    once(frame("[1,2,3,4]"));
    EXPECT_EQ(sim.refused("batch"), 1u);
    once(frame("[" + call + "," + call + "]"));
    EXPECT_EQ(sim.refused("batch_reply"), 1u);
    once("GET /" + std::string(300, 'x') + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(sim.refused("http_header"), 1u);
    once("GET / HTTP/1.1\r\nHost: localhost\r\nA: 1\r\nB: 2\r\n\r\n");
    EXPECT_EQ(sim.refused("http_fields"), 1u);
    once(frame(R"({"jsonrpc":"2.0","method":"rpc.ping","params":{"n":1}})") +
         frame(R"({"jsonrpc":"2.0","method":"rpc.ping","params":{"n":2}})"));
    EXPECT_EQ(sim.refused("pings"), 1u);
    sim.call(1, "wait", "[1]");
    sim.call(2, "wait", "[1]");
    sim.received();
    EXPECT_EQ(sim.refused("in_flight"), 1u);
    std::vector<raw_stream> many;
    for (int i = 0; i != 12; ++i)
        if (auto peer = raw_stream::connect(sim)) many.push_back(std::move(*peer));
    sim.run_for(1ms);
    const server_metrics found = sim.server->metrics();
    EXPECT_EQ(sim.refused("connections_per_peer"), found.connections_refused);
    EXPECT_EQ(found.connections_refused, 4u);
    const std::uint64_t silent = found.connections.undecided;
    EXPECT_GT(silent, 0u);
    sim.run_for(2s);
    EXPECT_EQ(sim.refused("handshake"), silent);
}

}  // namespace
