#include "unit/protocol/http/hostile_requests.hpp"

#include <random>

#include "unit/protocol/http/support.hpp"

namespace {

using namespace http_test;

/// One answer, which says why and that the connection ends.
void expect_refused(const hostile_request& each, const outcome& seen) {
    EXPECT_TRUE(seen.messages.empty());
    EXPECT_EQ(seen.statuses(), std::vector<int>{each.status}) << seen.sent;
    EXPECT_TRUE(seen.closed);
    EXPECT_NE(seen.sent.find("\r\nConnection: close\r\n"), std::string::npos) << seen.sent;
    EXPECT_NE(seen.sent.find("{\"error\":{\"code\":-32600,\"message\":\""), std::string::npos) << seen.sent;
}

TEST(hostile_http, is_refused_and_nothing_of_it_runs) {
    const auto all = hostile_requests();
    ASSERT_GE(all.size(), 80u);
    const site where;
    for (const hostile_request& each : all) {
        SCOPED_TRACE(each.name);
        expect_refused(each, serve(each.bytes, where));
        // What is hidden behind it does not run either.
        expect_refused(each, serve(each.bytes + post("/", "{}"), where));
    }
}

TEST(hostile_http, is_refused_wherever_it_is_cut) {
    const site where;
    for (const hostile_request& each : hostile_requests()) {
        SCOPED_TRACE(each.name);
        if (each.bytes.size() < 1000) {
            for (std::size_t cut = 1; cut < each.bytes.size(); ++cut) {
                connection client{where};
                client.receive(each.bytes.substr(0, cut));
                client.receive(each.bytes.substr(cut));
                expect_refused(each, client.seen());
            }
        }
        connection client{where};
        for (const char byte : each.bytes) client.receive(std::string_view{&byte, 1});
        expect_refused(each, client.seen());
    }
}

TEST(hostile_http, is_refused_behind_a_good_request_too) {
    const site where;
    for (const hostile_request& each : hostile_requests()) {
        SCOPED_TRACE(each.name);
        const outcome seen = serve(post("/", "{}") + each.bytes, where);
        EXPECT_EQ(seen.messages, std::vector<std::string>{"{}"});
        EXPECT_EQ(seen.statuses(), (std::vector<int>{200, each.status}));
        EXPECT_TRUE(seen.closed);
    }
}

TEST(hostile_http, changed_at_random_is_read_the_same_however_it_is_cut) {
    const site where;
    std::mt19937 random{20261121};
    const std::string chunked =
        "POST / HTTP/1.1\r\nHost: localhost:5000\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
        "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\n[5,3]\r\n0\r\nX: y\r\n\r\n";
    const std::vector<std::string> seeds = {
        post("/", "{}") + get("/"), chunked + post("/Calculator.add", "[5,3]"),
        get("/",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")};
    static constexpr std::string_view pieces[] = {"\r\n",
                                                  "\n",
                                                  "\r",
                                                  ":",
                                                  " ",
                                                  "\t",
                                                  "0",
                                                  "\r\n\r\n",
                                                  "Content-Length: 5\r\n",
                                                  "Transfer-Encoding: chunked\r\n",
                                                  "GET / HTTP/1.1\r\n",
                                                  "%",
                                                  "chunked",
                                                  ";",
                                                  ","};
    for (int i = 0; i < 20000; ++i) {
        std::string stream = seeds[random() % seeds.size()];
        for (int changes = 1 + static_cast<int>(random() % 3); changes > 0; --changes)
            stream.insert(random() % (stream.size() + 1), pieces[random() % std::size(pieces)]);
        if (random() % 2 == 0) stream = farcall::testing::mutated(stream, random);
        const outcome whole = serve(stream, where);
        connection client{where};
        const std::size_t cut = random() % (stream.size() + 1);
        client.receive(stream.substr(0, cut));
        client.receive(stream.substr(cut));
        // An upgraded connection hands on what it gets, in whatever pieces.
        if (whole.became) continue;
        EXPECT_EQ(client.seen().messages, whole.messages) << stream;
        EXPECT_EQ(client.seen().closed, whole.closed) << stream;
    }
}

}  // namespace
