#include "support.hpp"

#include <farcall/observe/debug_calls.hpp>

/// The page and the call that tell which calls were slow and which failed.
namespace {

using namespace sim_test;

struct debugged_world : world {
    explicit debugged_world(farcall::page_options pages = {}, bool kept = true) {
        auto options = server_options();
        options.http.pages = std::move(pages);
        if (kept) {
            farcall::debug_calls_options chosen;
            chosen.time = options.time;
            chosen.redact = [](std::string_view method, std::string_view params) {
                return method == "Ledger.echo" ? std::string{"(hidden)"} : std::string{params};
            };
            options.debug_calls = calls = std::make_shared<farcall::debug_calls>(chosen);
        }
        server.emplace(std::move(options));
        server->add<Ledger>(ledger{*this});
        server->listen("sim://server");
        server->start();
    }

    std::string ask(const std::string& request) {
        auto peer = raw_stream::connect(*this);
        peer->write(request);
        std::string answer;
        while (const auto part = peer->read(10ms)) answer += *part;
        return answer;
    }
    std::string get(std::string_view authorization = {}) {
        return ask("GET /debug/calls HTTP/1.1\r\nHost: localhost\r\n" +
                   (authorization.empty() ? "" : "Authorization: " + std::string{authorization} + "\r\n") + "\r\n");
    }

    std::shared_ptr<farcall::debug_calls> calls;
    std::optional<farcall::server> server;
};

TEST(debug_calls, are_shown_at_their_page_and_told_by_their_call) {
    debugged_world sim;
    Ledger::proxy proxy{sim.connect()};
    EXPECT_EQ(sim.run(proxy.slow(700, use_awaitable)), "after 700 ms");
    EXPECT_EQ(sim.run(proxy.echo("canary-7f3a", use_awaitable)), "canary-7f3a");
    const farcall::client client = sim.connect();
    EXPECT_FALSE(sim.run(client.async_call<int>(as_result(use_awaitable), "Ledger.add", 1)));
    const std::string page = sim.get();
    EXPECT_TRUE(page.starts_with("HTTP/1.1 200 OK")) << page;
    EXPECT_NE(page.find(R"("event":"call","method":"Ledger.slow","id":"1","status":"ok","us":700000.0)"), page.npos) << page;
    EXPECT_NE(page.find(R"("params":"[700]")"), page.npos);
    EXPECT_NE(page.find(R"("event":"call failed","method":"Ledger.add")"), page.npos);
    EXPECT_NE(page.find(R"x("params":"(hidden)")x"), page.npos);
    EXPECT_EQ(page.find("canary"), page.npos);
    const std::string told = sim.ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.debug_calls\"}\n");
    EXPECT_NE(told.find(R"("method":"Ledger.slow")"), told.npos) << told;
    EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 1) << "one line for who speaks in lines";
    EXPECT_EQ(sim.calls->slowest().at(0).method, "Ledger.slow") << "the process itself can look, too";
}

TEST(debug_calls, are_not_there_unless_they_are_kept) {
    debugged_world sim{{}, false};
    EXPECT_TRUE(sim.get().starts_with("HTTP/1.1 404"));
    const std::string told = sim.ask(R"({"jsonrpc":"2.0","id":1,"method":"rpc.debug_calls"})" "\n");
    EXPECT_NE(told.find("-32601"), told.npos) << told;
    EXPECT_NE(told.find("server_options::debug_calls"), told.npos) << told;
}

TEST(debug_calls, obey_the_rule_of_who_sees_pages) {
    debugged_world locked{{.tokens = {"s3cret"}}};
    EXPECT_TRUE(locked.get().starts_with("HTTP/1.1 401"));
    EXPECT_TRUE(locked.get("Bearer s3cret").starts_with("HTTP/1.1 200"));
    const auto call = [](std::string_view meta) {
        return R"({"jsonrpc":"2.0","id":1,"method":"rpc.debug_calls","meta":{"headers":{)" + std::string{meta} + "}}}\n";
    };
    EXPECT_NE(locked.ask(call("")).find("-32016"), std::string::npos);
    EXPECT_NE(locked.ask(call(R"("authorization":"Bearer s3cret")")).find(R"("slowest":)"), std::string::npos);
    debugged_world hidden{{.hidden = {"/debug/calls"}}};
    EXPECT_TRUE(hidden.get().starts_with("HTTP/1.1 404"));
    EXPECT_NE(hidden.ask(call("")).find("-32601"), std::string::npos);
}

}  // namespace
