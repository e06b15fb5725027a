#include "support.hpp"

namespace {

using farcall::executed;
using farcall::status;
using namespace session_test;

std::string said(std::string_view name, std::string_view params) {
    return frame(R"({"jsonrpc":"2.0","method":")" + std::string{name} + R"(","params":)" + std::string{params} + "}");
}

class goaway : public session {};

TEST_F(goaway, ends_the_calls_that_were_not_taken_and_waits_for_the_others) {
    recorded_call calls[5];
    for (recorded_call& call : calls) side.start(call, out, start);
    written();
    EXPECT_FALSE(side.going_away());
    feed(result(1, "1") + said("rpc.goaway", R"({"last_id":3})"));
    EXPECT_TRUE(side.going_away());
    EXPECT_EQ(calls[1].ends + calls[2].ends, 0);
    for (const std::size_t refused : {3u, 4u}) {
        ASSERT_TRUE(calls[refused].failure) << refused;
        EXPECT_EQ(calls[refused].failure->status(), status::unavailable);
        EXPECT_EQ(calls[refused].failure->executed(), executed::no);
    }
    feed(result(4, "4") + result(2, "2") + result(3, "3"));
    EXPECT_EQ(calls[1].result, "2");
    EXPECT_EQ(calls[2].result, "3");
    EXPECT_EQ(calls[3].ends, 1);
    EXPECT_EQ(side.waiting(), 0u);
    EXPECT_EQ(written(), "");
}

TEST_F(goaway, before_any_call_was_taken_ends_all) {
    recorded_call first, second;
    side.start(first, out, start);
    side.start(second, out, start);
    first.then = [&] { side.cancel(second, error{status::cancelled, "no more"}, out); };
    feed(said("rpc.goaway", R"({"last_id":null})"));
    EXPECT_EQ(first.ends, 1);
    EXPECT_EQ(second.ends, 1) << "although the end of the first ended it, too";
}

TEST_F(goaway, that_names_no_number_leaves_every_call_to_its_answer) {
    for (const std::string_view params : {R"({"last_id":"seven"})", "{}", "[3]", R"({"last_id":-1})"}) {
        client_session fresh{limits{}};
        recorded_call call;
        fresh.start(call, out, start);
        const std::string message = said("rpc.goaway", params);
        EXPECT_EQ(fresh.on_bytes(message, out).broken, nullptr);
        EXPECT_TRUE(fresh.going_away()) << params;
        EXPECT_EQ(call.ends, 0) << params;
        static_cast<void>(fresh.on_bytes(result(1, "8"), out));
        EXPECT_EQ(call.result, "8");
    }
}

TEST_F(goaway, as_a_call_is_none) {
    feed(frame(R"({"jsonrpc":"2.0","id":1,"method":"rpc.goaway","params":{"last_id":0}})"));
    EXPECT_FALSE(side.going_away());
}

class ping : public session {};

TEST_F(ping, is_a_notification_with_a_number) {
    side.ping(out);
    EXPECT_EQ(written(), said("rpc.ping", R"({"n":1})"));
    side.ping(out);
    EXPECT_EQ(written(), said("rpc.ping", R"({"n":2})"));
    EXPECT_EQ(feed(said("rpc.pong", R"({"n":2})")).broken, nullptr);
    EXPECT_EQ(written(), "");
}

TEST_F(ping, of_the_peer_is_answered_once_a_read) {
    feed(said("rpc.ping", R"({"n":41})"));
    EXPECT_EQ(written(), said("rpc.pong", R"({"n":41})"));
    feed(said("rpc.ping", R"({"n":42})") + said("rpc.ping", R"({"n":43})"));
    EXPECT_EQ(written(), said("rpc.pong", R"({"n":43})"));
    feed(said("rpc.ping", R"([])"));
    EXPECT_EQ(written(), "");
}

TEST_F(ping, of_a_peer_that_reads_nothing_does_not_fill_memory) {
    for (int i = 0; i < 10'000; ++i) feed(said("rpc.ping", R"({"n":1})"));
    EXPECT_LT(out.size(), 8'192u);
}

TEST_F(ping, does_not_shift_the_frames_of_calls) {
    recorded_call sent, waits;
    side.start(sent, out, start);
    side.ping(out);
    feed(said("rpc.ping", R"({"n":1})"));
    const std::size_t before = out.size();
    side.start(waits, out, start);
    EXPECT_EQ(waits.first_byte, before);
    side.lose(error{status::unavailable, "gone"}, before);
    EXPECT_EQ(sent.failure->executed(), executed::unknown);
    EXPECT_EQ(waits.failure->executed(), executed::no);
}

TEST_F(session, ignores_notifications_that_it_does_not_know) {
    recorded_call call;
    side.start(call, out, start);
    EXPECT_EQ(feed(said("rpc.later", "{}") + said("hello", "[]") + result(1, "8")).broken, nullptr);
    EXPECT_EQ(call.result, "8");
}

}  // namespace
