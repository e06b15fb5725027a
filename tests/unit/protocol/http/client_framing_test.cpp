#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <farcall/protocol/http/call_fields.hpp>
#include <farcall/protocol/http/client_framing.hpp>

#include "../exact_text.hpp"

namespace {

using farcall::endpoint;
using farcall::executed;
using farcall::limits;
using farcall::metadata;
using farcall::status;
using farcall::detail::client_step;
using farcall::detail::text_buffer;
using farcall::testing::exact_text;
using kind = client_step::kind;

std::string response(std::string_view body, std::string_view first = "200 OK", std::string_view fields = "") {
    return "HTTP/1.1 " + std::string{first} + "\r\n" + std::string{fields} + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + std::string{body};
}

/// What came of a response, in words.
struct outcome {
    std::vector<std::string> events;
    std::string sent;
    std::size_t left = 0;  ///< bytes that were not taken
};

class http_client_framing : public ::testing::Test {
protected:
    void make(endpoint server = {"http", "example.org", 5000, "/rpc"}, limits bounds = {}) {
        side = farcall::detail::make_http_client_framing(server, bounds);
        out.clear();
        EXPECT_FALSE(side->open(out));
    }
    void SetUp() override { make(); }

    void send(std::string_view message, std::uint64_t id, const metadata* headers = nullptr) {
        const std::size_t mark = out.size();
        out.append(message);
        ASSERT_TRUE(side->end_message(out, mark, id, {.headers = headers}));
    }
    std::string written() {
        std::string text{out.view()};
        out.clear();
        return text;
    }

    /// Feeds a text in pieces of `size`, keeping what is not taken, as a connection does.
    outcome feed(std::string_view text, std::size_t size = static_cast<std::size_t>(-1)) {
        outcome made;
        std::string unread;
        while (!text.empty()) {
            unread += text.substr(0, size);
            text.remove_prefix(std::min(size, text.size()));
            while (!unread.empty()) {
                const exact_text exact{unread};
                const client_step step = side->next(exact, out);
                if (step.what == kind::need_more) break;
                if (step.what == kind::message)
                    made.events.push_back(std::to_string(step.id) + "=" + std::string{step.payload});
                if (step.what == kind::unanswered)
                    made.events.push_back(std::to_string(step.id) + "!" + std::string{to_string(step.failure.status())});
                if (step.what == kind::broken) {
                    made.events.push_back("broken: " + step.failure.message());
                    return made;
                }
                unread.erase(0, step.consumed);
            }
        }
        made.left = unread.size();
        made.sent = written();
        return made;
    }

    using events = std::vector<std::string>;
    std::unique_ptr<farcall::detail::client_framing> side;
    text_buffer out;
};

TEST_F(http_client_framing, posts_a_message_to_the_path) {
    send(R"({"id":1})", 1);
    EXPECT_EQ(written(),
              "POST /rpc HTTP/1.1\r\nHost: example.org:5000\r\nContent-Type: application/json\r\n"
              "Accept: application/json\r\nContent-Length: 8\r\n\r\n{\"id\":1}");
    make({"http", "fe80::1%eth0", 80, "/?a=b"});
    send("{}", 1);
    EXPECT_EQ(written().substr(0, 41), "POST /?a=b HTTP/1.1\r\nHost: [fe80::1]\r\nCon");
}

TEST_F(http_client_framing, sends_metadata_as_fields_but_for_what_belongs_to_http) {
    const metadata good{{"Authorization", "Bearer x"}, {"tenant", "\u00e9"}};
    ASSERT_TRUE(side->takes_headers(good));
    send("{}", 1, &good);
    EXPECT_NE(written().find("\r\nAuthorization: Bearer x\r\ntenant: \u00e9\r\nContent-Length: 2\r\n"), std::string::npos);
    for (const char* name : {"Host", "content-length", "Transfer-Encoding", "Connection", "Upgrade", "Content-Type", "TE"})
        EXPECT_FALSE(side->takes_headers({{name, "x"}})) << name;
    EXPECT_FALSE(side->takes_headers({{"long", std::string(5000, 'x')}}));
    for (const char* value : {" x", "x ", " "}) EXPECT_FALSE(side->takes_headers({{"a", value}})) << "HTTP drops blanks";
    metadata many;
    for (int i = 0; i < 32; ++i) many.set("k" + std::to_string(i), "");
    EXPECT_TRUE(side->takes_headers(many));
    many.set("k32", "");
    EXPECT_FALSE(side->takes_headers(many));
}

TEST_F(http_client_framing, sends_where_a_call_stands_in_a_trace_as_the_fields_of_the_standard) {
    const farcall::trace_context whole{"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "a=1,b=2"};
    const farcall::trace_context parent{whole.traceparent, {}};
    ASSERT_TRUE(side->takes_trace());
    out.append("{}");
    ASSERT_TRUE(side->end_message(out, 0, 1, {.trace = &whole}));
    EXPECT_NE(written().find("\r\ntraceparent: " + whole.traceparent + "\r\ntracestate: a=1,b=2\r\n"), std::string::npos);
    make();
    out.append("{}");
    ASSERT_TRUE(side->end_message(out, 0, 1, {.trace = &parent}));
    EXPECT_EQ(written().find("tracestate"), std::string::npos);
}

TEST_F(http_client_framing, sends_as_a_field_what_a_server_hands_on_and_nothing_else) {
    for (const std::string name :
         {"Authorization", "x", "X-Request-Id", "User-Agent", "Accept-Language", "accept", "Cookie", "Origin", "Sec-Fetch-Mode",
          "Proxy-Authorization", "Access-Control-Request-Method", "Content-Language", "Content-Encoding", "Timeout-Ms",
          "idempotency-key", "traceparent", "tracestate", "Keep-Alive", "Expect", "HTTP2-Settings", "Trailer", "Referer"}) {
        farcall::detail::http_head head;
        head.fields = {{name, "1"}};
        farcall::detail::call_meta meta;
        std::string problem;
        const bool handed_on = farcall::detail::read_call_fields(head, meta, problem) && meta.headers.get(name) == "1";
        EXPECT_EQ(side->takes_headers({{name, "1"}}), handed_on) << name;
    }
}

TEST_F(http_client_framing, reads_answers_however_they_are_cut) {
    const std::string text = response("{\"a\":1}") + "HTTP/1.1 100 Continue\r\n\r\n" +
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"b\r\n4\r\n\":2}\r\n0\r\n\r\n" +
                             response("", "204 No Content") + response("[]");
    for (std::size_t size = 1; size <= text.size(); ++size) {
        make();
        for (std::uint64_t id = 1; id <= 4; ++id) send("{}", id);
        const outcome found = feed(text, size);
        EXPECT_EQ(found.events, (events{"1={\"a\":1}", "2={\"b\":2}", "3!internal", "4=[]"})) << size;
        EXPECT_EQ(found.left, 0u);
    }
}

TEST_F(http_client_framing, sends_one_request_at_a_time) {
    send("first", 1);
    send("second", 2);
    send("third", 3);
    const std::string first = written();
    EXPECT_NE(first.find("first"), std::string::npos);
    EXPECT_EQ(first.find("second"), std::string::npos);
    EXPECT_EQ(side->held(), 2 * first.size() + 1);
    const std::string second = feed(response("{}")).sent;
    EXPECT_EQ(second.size(), first.size() + 1);
    EXPECT_TRUE(second.ends_with("second"));
    EXPECT_TRUE(feed(response("{}")).sent.ends_with("third"));
    EXPECT_EQ(side->held(), 0u);
    EXPECT_EQ(feed(response("{}")).events, events{"3={}"});
    EXPECT_TRUE(side->answers_all());
}

TEST_F(http_client_framing, tells_a_call_that_was_refused) {
    const struct {
        const char* first;
        const char* body;
        status said;
        executed ran;
    } cases[] = {
        {"401 Unauthorized", "", status::unauthenticated, executed::no},
        {"403 Forbidden", "{\"message\":\"no\"}", status::permission_denied, executed::no},
        {"404 Not Found", "<html>", status::unimplemented, executed::no},
        {"413 Too Large", "", status::resource_exhausted, executed::no},
        {"429 Too Many", "slow down", status::unavailable, executed::no},
        {"502 Bad Gateway", "<html>", status::unavailable, executed::unknown},
        {"504 Gateway Timeout", "", status::deadline_exceeded, executed::unknown},
        {"500 Internal", "{}", status::internal, executed::unknown},
        {"301 Moved", "", status::internal, executed::unknown},
        {"200 OK", "<html>", status::internal, executed::unknown},
        {"204 No Content", "", status::internal, executed::unknown},
    };
    for (const auto& each : cases) {
        make();
        send("{}", 7);
        const std::string text = response(each.body, each.first);
        client_step step = side->next(text, out);
        if (step.what == kind::handled) step = side->next(std::string_view{text}.substr(step.consumed), out);
        ASSERT_EQ(step.what, kind::unanswered) << each.first;
        EXPECT_EQ(step.id, 7u);
        EXPECT_EQ(step.failure.status(), each.said) << each.first;
        EXPECT_EQ(step.failure.executed(), each.ran) << each.first;
        EXPECT_EQ(step.failure.origin(), farcall::origin::peer);
        EXPECT_NE(step.failure.message().find(std::string{"HTTP "} + each.first), std::string::npos);
    }
}

TEST_F(http_client_framing, shows_what_a_refusal_says_but_no_pages) {
    const auto refusal = [&](std::string_view body, std::string_view fields) {
        make();
        send("{}", 7);
        const std::string text = response(body, "400 Bad Request", fields);
        const client_step head = side->next(text, out);
        return side->next(std::string_view{text}.substr(head.consumed), out).failure.message();
    };
    EXPECT_EQ(refusal("{\"error\":\"no\\n\"}\n", "Content-Type: application/json\r\n"),
              "the server refused the request: HTTP 400 Bad Request: {\"error\":\"no\\\\n\"}\\u000a; is that the path where "
              "it takes JSON-RPC?");
    EXPECT_EQ(refusal("<html>", "Content-Type: Text/HTML; charset=utf-8\r\n"),
              "the server refused the request: HTTP 400 Bad Request; is that the path where it takes JSON-RPC?");
}

TEST_F(http_client_framing, takes_an_answer_with_any_status) {
    send("{}", 1);
    EXPECT_EQ(feed(response(R"( {"jsonrpc":"2.0","id":1,"error":{}})", "500 Internal")).events,
              events{R"(1= {"jsonrpc":"2.0","id":1,"error":{}})"});
}

TEST_F(http_client_framing, ends_with_a_server_that_closes) {
    send("first", 1);
    send("second", 2);
    send("third", 3);
    written();
    const outcome found = feed(response("{}", "200 OK", "Connection: close\r\n"));
    EXPECT_EQ(found.events, events{"1={}"});
    EXPECT_EQ(found.sent, "");
    EXPECT_TRUE(side->finished());
    EXPECT_EQ(side->take_held(), 2u);
    EXPECT_EQ(side->take_held(), 3u);
    EXPECT_EQ(side->take_held(), 0u);
    EXPECT_EQ(side->held(), 0u);
}

TEST_F(http_client_framing, reads_an_answer_that_ends_with_the_connection) {
    send("{}", 1);
    const std::string head = "HTTP/1.0 200 OK\r\n\r\n";
    EXPECT_TRUE(feed(head).events.empty());
    EXPECT_EQ(feed("{\"a\":1}").left, 7u);
    const client_step end = side->last("{\"a\":1}", out);
    EXPECT_EQ(end.what, kind::message);
    EXPECT_EQ(end.payload, "{\"a\":1}");
    EXPECT_EQ(end.id, 1u);
    EXPECT_TRUE(side->finished());
}

TEST_F(http_client_framing, gives_nothing_back_while_an_answer_is_read) {
    send("first", 1);
    send("second", 2);
    feed("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{");
    EXPECT_FALSE(side->finished()) << "the first is under way: to send it again would run it twice";
    EXPECT_EQ(side->take_held(), 0u);
    feed("{}");
    EXPECT_TRUE(side->finished());
    EXPECT_EQ(side->take_held(), 2u);
}

TEST_F(http_client_framing, takes_no_answer_that_is_cut) {
    send("{}", 1);
    EXPECT_EQ(feed(response("{\"a\":1}").substr(0, 42)).events.size(), 0u);
    EXPECT_EQ(side->last("{\"a\"", out).what, kind::handled);
}

TEST_F(http_client_framing, makes_nothing_of_what_was_not_sent) {
    const std::string call = R"({"jsonrpc":"2.0","id":1,"method":"m","params":[]})";
    send(call, 1);
    send(call, 2);
    send(call, 3);
    const std::string before{out.view()};
    const std::size_t held = side->held();
    side->cancel(out, before.size() + held / 2);  // the third
    EXPECT_FALSE(side->finished());
    EXPECT_EQ(out.size(), before.size());
    EXPECT_EQ(side->held(), held);
    const std::string nothing = R"({"jsonrpc":"2.0","method":"rpc."})" + std::string(call.size() - 33, ' ');
    EXPECT_TRUE(feed(response("")).sent.ends_with(call));
    EXPECT_TRUE(feed(response("")).sent.ends_with(nothing));
}

TEST_F(http_client_framing, is_finished_when_nobody_waits_for_the_answer_under_way) {
    for (const bool sent : {true, false}) {
        make();
        for (std::uint64_t id = 1; id <= 3; ++id) send(R"({"jsonrpc":"2.0","id":1,"method":"m","params":[]})", id);
        side->give_up(2);
        EXPECT_FALSE(side->finished()) << "it is not the second one's turn";
        if (sent) {
            written();
            side->give_up(1);
        } else {
            side->cancel(out, 0);
        }
        EXPECT_TRUE(side->finished());
        EXPECT_EQ(side->take_held(), 2u);
        EXPECT_EQ(side->take_held(), 3u);
        EXPECT_EQ(side->take_held(), 0u);
        EXPECT_EQ(side->held(), 0u);
        const client_step late = side->next("HTTP/1.1 200 OK\r\n\r\n", out);
        EXPECT_EQ(late.what, kind::broken) << "an answer that comes nevertheless is no other call's";
    }
}

TEST_F(http_client_framing, finds_each_of_many_that_are_held) {
    constexpr std::size_t count = 50;
    const std::string call = R"({"jsonrpc":"2.0","id":1,"method":"m","params":[]})";
    for (std::size_t i = 0; i != count; ++i) send(call + std::string(i, ' '), i + 1);
    written();
    for (std::size_t answered = 0; answered + 2 < count; answered += 2) {
        const std::size_t second = feed(response("{}")).sent.size();
        EXPECT_NE(second, 0u);
        side->cancel(out, 0);  // the one that is held first
        const std::string third = feed(response("{}")).sent;
        EXPECT_EQ(third.size(), second + 1);
        EXPECT_NE(third.find("rpc."), std::string::npos) << answered;
    }
}

TEST_F(http_client_framing, breaks_with_what_is_no_http) {
    send("{}", 1);
    EXPECT_NE(feed("SSH-2.0\r\n").events.at(0).find("did not answer in HTTP"), std::string::npos);
    make();
    EXPECT_NE(feed(response("{}")).events.at(0).find("nobody had asked"), std::string::npos);
    make();
    send("{}", 1);
    EXPECT_NE(feed("HTTP/1.1 101 x\r\n\r\n").events.at(0).find("changed the protocol"), std::string::npos);
    make();
    send("{}", 1);
    EXPECT_NE(feed("HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n").events.at(0).find("cannot be read"), std::string::npos);
}

TEST_F(http_client_framing, bounds_an_answer_in_every_form) {
    limits small;
    small.frame = 10;
    const std::string body = "[\"89012345\"]";
    for (const std::string& text : {response(body), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n" + body + "\r\n0\r\n\r\n",
                                    "HTTP/1.0 200 OK\r\n\r\n" + body}) {
        make({"http", "h", 80, "/"}, small);
        send("{}", 1);
        const events found = feed(text).events;
        ASSERT_EQ(found.size(), 1u);
        EXPECT_EQ(found[0].find("broken: "), 0u);
        EXPECT_NE(found[0].find("limits.frame"), std::string::npos) << found[0];
    }
}

}  // namespace
