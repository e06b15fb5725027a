#include "support.hpp"

/// Who sees the pages, and the calls that say the same.
namespace {

using namespace sim_test;

struct paged_world : world {
    explicit paged_world(farcall::page_options pages, bool admin = false) {
        auto options = server_options();
        options.http.pages = std::move(pages);
        server.emplace(std::move(options));
        server->add<Ledger>(ledger{*this});
        server->listen("sim://server");
        if (admin) server->listen_pages("sim://admin");
        server->start();
    }

    /// Status and body of the answer to one request.
    std::string ask(std::string_view url, const std::string& request) {
        auto peer = raw_stream::connect(*this, url);
        if (!peer) return "no connection";
        peer->write(request);
        std::string answer;
        while (const auto part = peer->read(10ms)) answer += *part;
        last = answer;
        return answer.substr(std::min<std::size_t>(answer.size(), 9), 3);
    }
    std::string get(std::string_view path, std::string_view authorization = {}, std::string_view url = "sim://server") {
        return ask(url, "GET " + std::string{path} + " HTTP/1.1\r\nHost: localhost\r\n" + line(authorization) + "\r\n");
    }
    /// What `rpc.discover` ends with: "" or the code.
    std::string discover(std::string_view authorization = {}, std::string_view url = "sim://server") {
        const std::string call = R"({"jsonrpc":"2.0","id":1,"method":"rpc.discover"})";
        ask(url, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + line(authorization) +
                     "Content-Length: " + std::to_string(call.size()) + "\r\n\r\n" + call);
        return code();
    }
    std::string discover_natively(std::string_view meta, std::string_view url = "sim://server") {
        ask(url, frame(R"({"jsonrpc":"2.0","id":1,"method":"rpc.discover","meta":)" + std::string{meta} + "}"));
        return code();
    }
    static std::string line(std::string_view authorization) {
        return authorization.empty() ? "" : "Authorization: " + std::string{authorization} + "\r\n";
    }
    std::string code() const {
        if (last.find(R"("openrpc":)") != std::string::npos) return "";
        const std::size_t at = last.find(R"("code":)");
        return at == std::string::npos ? "nothing: " + last : last.substr(at + 7, 6);
    }

    std::optional<farcall::server> server;
    std::string last;
};

TEST(pages, are_hidden_one_by_one_with_the_calls_that_say_the_same) {
    paged_world sim{{.hidden = {"/openrpc.json"}}};
    EXPECT_EQ(sim.get("/openrpc.json"), "404");
    EXPECT_EQ(sim.get("/"), "200");
    EXPECT_EQ(sim.discover(), "-32601");
    paged_world dark{{.hidden = {"*"}}};
    for (const char* path : {"/", "/openrpc.json", "/metrics", "/debug/calls"})
        EXPECT_EQ(dark.get(path), "404") << path;
    EXPECT_EQ(dark.get("/healthz"), "200");
    EXPECT_EQ(dark.get("/readyz"), "200");
    EXPECT_EQ(dark.get("/readyz/Ledger"), "200");
    EXPECT_EQ(dark.server->describe().find("for browsers"), std::string::npos);
}

TEST(pages, that_are_switched_off_by_other_options_can_be_hidden_all_the_same) {
    paged_world sim{{.hidden = {"/metrics", "/debug/calls"}}};
    EXPECT_EQ(sim.get("/metrics"), "404");
    EXPECT_EQ(sim.get("/debug/calls"), "404");
    sim.ask("sim://server", frame(R"({"jsonrpc":"2.0","id":1,"method":"rpc.metrics"})"));
    EXPECT_EQ(sim.code(), "-32601");
}

TEST(pages, want_the_token_and_health_wants_none) {
    paged_world sim{{.tokens = {"s3cret"}}};
    for (const char* path : {"/", "/openrpc.json", "/metrics"}) {
        EXPECT_EQ(sim.get(path), "401") << path;
        EXPECT_NE(sim.last.find("\r\nWWW-Authenticate: Basic realm="), std::string::npos);
        EXPECT_NE(sim.last.find("\r\nWWW-Authenticate: Bearer\r\n"), std::string::npos);
        EXPECT_EQ(sim.get(path, "Bearer wrong"), "401") << path;
        EXPECT_EQ(sim.get(path, "Bearer s3cret"), "200") << path;
        EXPECT_EQ(sim.get(path, "Basic b3BzOnMzY3JldA=="), "200") << path;
    }
    EXPECT_EQ(sim.get("/healthz"), "200");
    EXPECT_EQ(sim.get("/readyz"), "200");
    EXPECT_EQ(sim.get("/nowhere"), "404");
    // Calls of the application are none of its business.
    Ledger::proxy proxy{sim.connect()};
    EXPECT_EQ(sim.run(proxy.add(1, 2, use_awaitable)), 3);
}

TEST(pages, want_the_token_of_calls_that_say_the_same) {
    paged_world sim{{.tokens = {"s3cret"}}};
    EXPECT_EQ(sim.discover(), "-32016");
    EXPECT_EQ(sim.discover("Bearer wrong"), "-32016");
    EXPECT_EQ(sim.discover("Bearer s3cret"), "");
    EXPECT_EQ(sim.discover("Basic b3BzOnMzY3JldA=="), "");
    EXPECT_EQ(sim.discover_natively("{}"), "-32016");
    EXPECT_EQ(sim.discover_natively(R"({"headers":{"Authorization":"Bearer s3cret"}})"), "");
    EXPECT_EQ(sim.discover_natively(R"({"headers":{"authorization":1}})"), "-32602");
    sim.ask("sim://server", frame(R"({"jsonrpc":"2.0","id":1,"method":"rpc.metrics"})"));
    EXPECT_EQ(sim.code(), "-32016");
    auto probe = raw_stream::connect(sim);
    probe->write(frame(R"({"jsonrpc":"2.0","id":1,"method":"rpc.health"})"));
    EXPECT_NE(probe->read(10ms).value_or("").find("result"), std::string::npos);
}

TEST(pages, have_an_address_of_their_own) {
    paged_world sim{{}, true};
    EXPECT_EQ(sim.get("/"), "404");
    EXPECT_EQ(sim.get("/openrpc.json"), "404");
    EXPECT_EQ(sim.get("/healthz"), "200");
    EXPECT_EQ(sim.discover(), "-32601");
    EXPECT_EQ(sim.get("/", {}, "sim://admin"), "200");
    EXPECT_EQ(sim.get("/openrpc.json", {}, "sim://admin"), "200");
    EXPECT_EQ(sim.get("/healthz", {}, "sim://admin"), "200");
    EXPECT_EQ(sim.discover({}, "sim://admin"), "");
    EXPECT_EQ(sim.discover_natively("{}", "sim://admin"), "");
    // Calls are answered at both.
    Ledger::proxy there{sim.connect("sim://admin")};
    EXPECT_EQ(sim.run(there.add(1, 2, use_awaitable)), 3);
    EXPECT_EQ(sim.server->endpoints().size(), 1u);
    EXPECT_NE(sim.server->describe().find("listening for pages on sim://admin"), std::string::npos);
}

TEST(pages, that_are_not_shown_do_not_tell_the_names_of_methods_by_their_status) {
    paged_world open{{}};
    EXPECT_EQ(open.get("/Ledger.add"), "405");
    EXPECT_EQ(open.get("/Ledger.ad"), "404");
    paged_world locked{{.tokens = {"s3cret"}}};
    EXPECT_EQ(locked.get("/Ledger.add"), "404");
    EXPECT_EQ(locked.get("/Ledger.add", "Bearer wrong"), "404");
    EXPECT_EQ(locked.get("/Ledger.add", "Bearer s3cret"), "405");
    paged_world dark{{.hidden = {"/openrpc.json"}}};
    EXPECT_EQ(dark.get("/Ledger.add"), "404");
    paged_world apart{{}, true};
    EXPECT_EQ(apart.get("/Ledger.add"), "404");
    EXPECT_EQ(apart.get("/Ledger.add", {}, "sim://admin"), "405");
}

TEST(pages, that_are_not_there_cannot_be_hidden) {
    try {
        paged_world sim{{.hidden = {"/openrpc"}}};
        FAIL();
    } catch (const farcall::error& why) {
        EXPECT_EQ(why.status(), status::invalid_argument);
        EXPECT_NE(why.message().find("\"/openrpc\""), std::string::npos) << why.message();
        EXPECT_NE(why.message().find("/openrpc.json"), std::string::npos) << why.message();
    }
}

}  // namespace
