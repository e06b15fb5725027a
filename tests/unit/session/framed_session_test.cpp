#include "support.hpp"

#include "../protocol/exact_text.hpp"

#include <farcall/protocol/http/client_framing.hpp>
#include <farcall/protocol/websocket/client_framing.hpp>
#include <farcall/protocol/websocket/handshake.hpp>

namespace {

using farcall::executed;
using farcall::status;
using namespace session_test;

std::string response(std::string_view body, std::string_view fields = "") {
    return "HTTP/1.1 200 OK\r\n" + std::string{fields} + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string{body};
}
std::string answer(std::uint64_t id, std::string_view value) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":)" + std::string{value} + "}";
}

class framed_session : public session {
protected:
    framed_session() { speak_http(); }

    void speak_http() {
        made = std::make_unique<client_session>(limits{}, farcall::detail::make_http_client_framing({"http", "h", 80, "/"}, {}));
        EXPECT_TRUE(made->open(out));
    }
    void speak_websocket() {
        farcall::seeded_random random{1};
        made = std::make_unique<client_session>(
            limits{}, farcall::detail::make_websocket_client_framing({"ws", "h", 80, "/"}, {}, random));
        EXPECT_FALSE(made->open(out));
        const std::string asked = sent();
        const std::size_t at = asked.find("Key: ") + 5;
        const auto step = feed("HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: " +
                               farcall::detail::websocket_accept(asked.substr(at, asked.find("\r\n", at) - at)) + "\r\n\r\n");
        EXPECT_TRUE(step.opened);
    }
    /// As `written`; counts.
    std::string sent() {
        const std::string text = written();
        handed_over += text.size();
        return text;
    }

    /// Bytes in a buffer of exactly their size, so that a sanitizer sees one read too many.
    client_session::progress feed(std::string_view bytes) {
        const farcall::testing::exact_text exact{bytes};
        return made->on_bytes(exact, out);
    }

    std::unique_ptr<client_session> made;
    std::uint64_t handed_over = 0;
};

TEST_F(framed_session, answers_calls_over_http_one_after_another) {
    recorded_call first, second;
    made->start(first, out, start);
    made->start(second, out, start);
    EXPECT_NE(sent().find(R"({"jsonrpc":"2.0","id":1,"method":"add","params":[5,3]})"), std::string::npos);
    EXPECT_NE(made->held(), 0u);
    const std::string text = response(answer(1, "8"));
    EXPECT_EQ(feed(text).consumed, text.size());
    EXPECT_EQ(first.result, "8");
    EXPECT_NE(sent().find(R"("id":2)"), std::string::npos);
    feed(response(answer(2, "9")));
    EXPECT_EQ(second.result, "9");
    EXPECT_EQ(made->waiting(), 0u);
}

TEST_F(framed_session, blames_the_call_for_a_wrong_answer_and_not_the_connection) {
    for (const std::string_view body : {"{}", R"({"jsonrpc":"2.0","id":77,"result":1})", "{\"jsonrpc\"", "[]",
                                        R"({"jsonrpc":"2.0","method":"rpc.ping"})"}) {
        recorded_call call;
        made->start(call, out, start);
        const auto step = feed(response(body));
        EXPECT_EQ(step.broken, nullptr) << body;
        ASSERT_TRUE(call.failure) << body;
        EXPECT_EQ(call.failure->status(), status::internal);
        sent();
    }
    recorded_call refused;
    made->start(refused, out, start);
    feed(response(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32004,"message":"too late"}})"));
    EXPECT_EQ(refused.failure->message(), "too late");
    recorded_call call;
    made->start(call, out, start);
    feed(response(answer(call.id, "1")));
    EXPECT_EQ(call.result, "1");
}

TEST_F(framed_session, knows_of_each_call_whether_it_was_sent) {
    recorded_call first, second;
    made->start(first, out, start);
    made->start(second, out, start);
    sent();
    made->lose(error{status::unavailable, "lost"}, handed_over);
    EXPECT_EQ(first.failure->executed(), executed::unknown);
    EXPECT_EQ(second.failure->executed(), executed::no);
}

TEST_F(framed_session, counts_what_was_held_back_once) {
    recorded_call first, second, third;
    made->start(first, out, start);
    made->start(second, out, start);
    sent();
    feed(response(answer(1, "8")));
    const std::size_t of_second = out.size();
    made->start(third, out, start);
    sent();
    EXPECT_EQ(third.first_byte, second.first_byte + of_second);
    made->lose(error{status::unavailable, "lost"}, handed_over);
    EXPECT_EQ(second.failure->executed(), executed::unknown);
    EXPECT_EQ(third.failure->executed(), executed::no);
}

TEST_F(framed_session, gives_up_calls_over_http_without_a_word) {
    recorded_call first, second;
    made->start(first, out, start);
    made->start(second, out, start);
    sent();
    made->cancel(second, given_up, out);
    EXPECT_EQ(second.failure->executed(), executed::no);
    EXPECT_FALSE(made->spoilt());
    EXPECT_EQ(sent(), "");
    feed(response(answer(1, "8")));
    const std::string instead = sent();
    EXPECT_EQ(instead.find("\"id\""), std::string::npos);
    EXPECT_NE(instead.find("rpc."), std::string::npos);
    feed(response(""));
    EXPECT_EQ(first.ends + second.ends, 2);
    EXPECT_FALSE(made->going_away());
    EXPECT_FALSE(made->can_ping());
}

TEST_F(framed_session, gives_calls_back_behind_one_that_ended_without_an_answer) {
    for (const bool cancelled : {true, false}) {
        speak_http();
        handed_over = 0;
        recorded_call first, second, third;
        first.deadline = third.deadline = start + 1s;
        made->start(first, out, start);
        made->start(second, out, start);
        made->start(third, out, start);
        sent();
        if (cancelled)
            made->cancel(first, given_up, out);
        else
            made->expire(start + 1s, out);
        EXPECT_EQ(first.failure->executed(), executed::unknown);
        EXPECT_TRUE(made->spoilt());
        EXPECT_TRUE(made->going_away());
        EXPECT_EQ(third.ends, cancelled ? 0 : 1);
        EXPECT_EQ(made->take_unsent(), &second);
        EXPECT_EQ(made->take_unsent(), cancelled ? &third : nullptr);
        EXPECT_EQ(made->waiting(), 0u);
        EXPECT_EQ(sent(), "");
    }
}

TEST_F(framed_session, gives_calls_back_that_the_connection_will_not_take) {
    recorded_call first, second, third;
    third.deadline = start + 1s;
    made->start(first, out, start);
    made->start(second, out, start);
    made->start(third, out, start);
    made->cancel(second, given_up, out);
    sent();
    feed(response(answer(1, "8"), "Connection: close\r\n"));
    EXPECT_TRUE(made->going_away());
    EXPECT_EQ(made->take_unsent(), &third);
    EXPECT_EQ(made->take_unsent(), nullptr);
    EXPECT_EQ(made->waiting(), 0u);
    EXPECT_EQ(made->next_deadline(), farcall::never);
    EXPECT_EQ(third.ends, 0);
}

TEST_F(framed_session, completes_one_way_calls_over_http_when_the_server_has_them) {
    recorded_call first, second, call;
    first.one_way = second.one_way = true;
    EXPECT_TRUE(made->keeps_one_way());
    made->start(first, out, start);
    made->start(second, out, start);
    made->start(call, out, start);
    EXPECT_EQ(sent().find("\"id\""), std::string::npos);
    EXPECT_EQ(first.ends, 0);
    feed("HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_EQ(first.ends, 1);
    EXPECT_FALSE(first.failure);
    feed(response("{\"jsonrpc\":\"2.0\"", "Connection: close\r\n"));
    EXPECT_EQ(second.ends, 1) << "whatever it says: nobody has asked";
    EXPECT_EQ(made->take_unsent(), &call);
    speak_websocket();
    EXPECT_FALSE(made->keeps_one_way());
}

TEST_F(framed_session, gives_one_way_calls_back_and_waits_for_none_for_ever) {
    recorded_call first, second;
    first.one_way = second.one_way = true;
    second.deadline = start + 24h;
    made->start(first, out, start);
    made->start(second, out, start);
    EXPECT_EQ(made->next_deadline(), start + 60s);
    sent();
    made->expire(start + 60s, out);
    EXPECT_EQ(first.ends, 1);
    EXPECT_TRUE(made->spoilt());
    EXPECT_EQ(made->take_unsent(), &second);
    EXPECT_EQ(second.ends, 0);
}

TEST_F(framed_session, takes_an_answer_that_ends_with_the_connection) {
    recorded_call call;
    made->start(call, out, start);
    sent();
    const std::string head = "HTTP/1.0 200 OK\r\n\r\n";
    EXPECT_EQ(feed(head + answer(1, "8")).consumed, head.size());
    made->on_end(answer(1, "8"), out);
    EXPECT_EQ(call.result, "8");
}

TEST_F(framed_session, calls_over_a_websocket) {
    speak_websocket();
    recorded_call first, second;
    made->start(first, out, start);
    made->start(second, out, start);
    sent();
    const std::string text = answer(2, "99");
    feed(std::string{'\x81', static_cast<char>(text.size())} + text);
    EXPECT_EQ(second.result, "99");
    EXPECT_EQ(first.ends, 0);
    made->cancel(first, given_up, out);
    EXPECT_EQ(first.failure->executed(), executed::unknown);
    EXPECT_NE(sent(), "") << "the server is told";
    made->ping(out);
    EXPECT_EQ(sent().size(), 6u);
    EXPECT_TRUE(made->farewell(out));
    EXPECT_FALSE(made->farewell(out));
}

TEST_F(framed_session, takes_back_what_a_websocket_has_not_sent) {
    speak_websocket();
    recorded_call first, second;
    made->start(first, out, start);
    sent();
    made->start(second, out, start);
    const std::size_t before = out.size();
    made->cancel(second, given_up, out);
    EXPECT_EQ(second.failure->executed(), executed::no);
    EXPECT_EQ(out.size(), before);
    made->lose(error{status::unavailable, "lost"}, handed_over);
    EXPECT_EQ(first.failure->executed(), executed::unknown);
}

TEST_F(framed_session, is_broken_by_a_websocket_that_closes) {
    speak_websocket();
    recorded_call call;
    made->start(call, out, start);
    const auto step = feed(std::string{"\x88\x02\x03\xe9", 4});
    ASSERT_NE(step.broken, nullptr);
    EXPECT_TRUE(step.last_words);
    EXPECT_EQ(step.broken->status(), status::unavailable);
    EXPECT_TRUE(made->going_away());
}

}  // namespace
