#include <farcall/codec/json.hpp>
#include <farcall/server/openrpc.hpp>

#include "integration/framed_server.hpp"

/// `rpc.discover`: what a peer learns of a server that it knows nothing of.
namespace {

using farcall::json;
using integration::frame;
using integration::framed_server;
using integration::raw_socket;

RPC_SERVICE(Clock, (now, long()))
struct clock {
    long now() const { return 1; }
};

std::string discover(std::string_view rest) { return R"({"jsonrpc":"2.0","method":"rpc.discover")" + std::string{rest} + "}"; }

json answer_of(raw_socket& wire) {
    const auto text = wire.receive();
    return json::parse(text.value_or("")).value_or(json{});
}

TEST_F(framed_server, tells_what_it_offers) {
    start();
    raw_socket wire = connect();
    for (const std::string_view params : {"", R"(,"params":[])", R"(,"params":{})"}) {
        ASSERT_TRUE(wire.send_frame(discover(std::string{R"(,"id":"who")"} + std::string{params})));
        const json answer = answer_of(wire);
        EXPECT_EQ(answer["id"].text(), R"("who")");
        const json document = answer["result"];
        EXPECT_EQ(document["openrpc"].text(), R"("1.3.2")") << answer.text();
        EXPECT_EQ(document["info"].text(), R"({"title":"Probe","version":"1"})");
        EXPECT_EQ(document["methods"].size(), 6u);
        EXPECT_EQ(document["methods"][0]["name"].text(), R"("Probe.add")");
    }
    expect_served(wire);
}

TEST(server, tells_all_its_services_and_how_it_calls_itself) {
    farcall::server_options options;
    options.title = "Everything";
    options.version = "7";
    farcall::server server{options};
    server.add<integration::Probe>(std::make_shared<integration::probe>());
    server.add<Clock>(clock{});
    server.add("echo", [](std::string text) { return text; });
    server.listen(0);
    server.start();
    raw_socket wire = raw_socket::connect(server.port());
    ASSERT_TRUE(wire.send_frame(discover(R"(,"id":1)")));
    const json document = answer_of(wire)["result"];
    EXPECT_EQ(document["info"].text(), R"({"title":"Everything","version":"7"})");
    EXPECT_EQ(document["methods"].size(), 8u);
}

TEST_F(framed_server, does_not_answer_a_discover_without_an_id) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send_frame(discover("")));
    expect_served(wire);
}

TEST_F(framed_server, reads_a_discover_in_full_before_it_answers) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send_frame(discover(R"(,"id":1,"params":[tru])")));
    EXPECT_EQ(answer_of(wire)["error"]["code"].text(), "-32700");
    ASSERT_TRUE(wire.send_frame(discover(R"(,"id":1,"params":7)")));
    EXPECT_EQ(answer_of(wire)["error"]["code"].text(), "-32600");
    expect_served(wire);
}

TEST_F(framed_server, tells_what_it_offers_within_a_batch) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send_frame("[" + discover(R"(,"id":1)") + "," + integration::request(2, "add", "[2,3]") + "]"));
    const json answer = answer_of(wire);
    EXPECT_EQ(answer[0]["result"]["methods"].size(), 6u);
    EXPECT_EQ(answer[1].text(), integration::reply(2, "5"));
}

// Whoever asks for an OpenRPC document need not know the messages that the server sends unasked.
TEST_F(framed_server, says_nothing_unasked_to_a_foreign_client_that_asked_what_it_offers) {
    start();
    raw_socket foreign = connect();
    ASSERT_TRUE(foreign.send(discover(R"(,"id":1)") + "\n"));
    EXPECT_TRUE(foreign.receive_line().value_or("").starts_with(R"({"jsonrpc":"2.0","id":1,"result":{"openrpc")"));
    raw_socket ours = connect();
    ASSERT_TRUE(ours.send(R"({"jsonrpc":"2.0","method":"rpc.ping","params":{"n":1}})" "\n"));
    EXPECT_TRUE(ours.receive_line().value_or("").find("rpc.pong") != std::string::npos);
    server->stop();
    EXPECT_TRUE(ours.receive_line().value_or("").find("rpc.goaway") != std::string::npos);
    EXPECT_EQ(foreign.receive_line(), std::nullopt);
}

}  // namespace
