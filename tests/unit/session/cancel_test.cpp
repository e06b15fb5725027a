#include "support.hpp"

#include <algorithm>

namespace {

using farcall::executed;
using farcall::status;
using farcall::detail::session_stamp;
using namespace session_test;

std::string cancel_of(std::uint64_t id) {
    return frame(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":)" + std::to_string(id) + "}}");
}

class cancel : public session {};

TEST_F(cancel, of_a_call_that_was_sent_tells_the_peer_and_drops_the_answer) {
    recorded_call call;
    call.deadline = start + 1s;
    side.start(call, out, start);
    written();
    side.cancel(call, given_up, out);
    ASSERT_TRUE(call.failure);
    EXPECT_EQ(call.failure->status(), status::cancelled);
    EXPECT_EQ(call.failure->executed(), executed::unknown);
    EXPECT_EQ(written(), cancel_of(1));
    EXPECT_EQ(side.waiting(), 0u);
    EXPECT_EQ(side.next_deadline(), farcall::never);
    feed(result(1, "8"));
    side.expire(start + 1h, out);
    EXPECT_EQ(call.ends, 1);
    EXPECT_EQ(written(), "");
}

TEST_F(cancel, of_a_call_that_keeps_running_is_not_told) {
    recorded_call call;
    call.keep_running = true;
    call.deadline = start + 1s;
    side.start(call, out, start);
    written();
    side.cancel(call, given_up, out);
    EXPECT_EQ(call.failure->executed(), executed::unknown);
    recorded_call late;
    late.keep_running = true;
    late.deadline = start + 1s;
    side.start(late, out, start);
    written();
    side.expire(start + 1s, out);
    EXPECT_EQ(late.failure->status(), status::deadline_exceeded);
    EXPECT_EQ(written(), "");
}

TEST_F(cancel, of_a_call_that_lies_in_the_buffer_takes_it_back) {
    recorded_call first, second{"m", "[]"}, third, timed{"m", ""};
    side.start(first, out, start);
    side.start(second, out, start);
    side.start(third, out, start);
    timed.deadline = start + 1ms;
    side.start(timed, out, start);
    side.cancel(second, given_up, out);
    EXPECT_EQ(second.failure->executed(), executed::no);
    side.expire(start + 1ms, out);
    EXPECT_EQ(timed.failure->status(), status::deadline_exceeded);
    EXPECT_EQ(timed.failure->executed(), executed::no);

    // What the peer reads: two calls, and nothing that it could run or would answer.
    farcall::detail::frame_reader frames;
    std::vector<std::string> read;
    for (std::string_view rest = out.view(); !rest.empty();) {
        const auto step = frames.next(rest);
        ASSERT_EQ(step.state, farcall::detail::frame_state::frame);
        read.emplace_back(step.payload);
        rest.remove_prefix(step.consumed);
    }
    ASSERT_EQ(read.size(), 4u);
    EXPECT_EQ(read[0], R"({"jsonrpc":"2.0","id":1,"method":"add","params":[5,3]})");
    EXPECT_EQ(read[2], R"({"jsonrpc":"2.0","id":3,"method":"add","params":[5,3]})");
    for (const std::size_t blank : {1u, 3u}) {
        farcall::detail::request_reader reader;
        ASSERT_EQ(reader.read(read[blank]), farcall::detail::message_kind::request) << read[blank];
        EXPECT_EQ(reader.request().method, "rpc.");
        EXPECT_TRUE(reader.request().notification());
    }
    feed(result(1, "1") + result(3, "3"));
    EXPECT_EQ(first.result, "1");
    EXPECT_EQ(third.result, "3");
}

TEST_F(cancel, takes_back_the_shortest_call_there_is) {
    recorded_call call{"", ""};
    side.start(call, out, start);
    const std::size_t size = out.size();
    side.cancel(call, given_up, out);
    EXPECT_EQ(out.size(), size);
    EXPECT_EQ(call.failure->executed(), executed::no);
    EXPECT_EQ(written().substr(4, 33), R"({"jsonrpc":"2.0","method":"rpc."})");
}

TEST_F(cancel, knows_what_has_left_before) {
    recorded_call sent, waits;
    side.start(sent, out, start);
    written();
    side.start(waits, out, start);
    side.cancel(sent, given_up, out);
    side.cancel(waits, given_up, out);
    EXPECT_EQ(sent.failure->executed(), executed::unknown);
    EXPECT_EQ(waits.failure->executed(), executed::no);
    EXPECT_TRUE(written().ends_with(cancel_of(1)));
}

TEST_F(cancel, of_what_has_ended_does_nothing) {
    recorded_call call, other;
    side.start(call, out, start);
    side.start(other, out, start);
    written();
    feed(result(1, "8"));
    side.cancel(call, given_up, out);
    EXPECT_EQ(call.ends, 1);
    EXPECT_EQ(written(), "");
    EXPECT_EQ(side.waiting(), 1u);
}

TEST_F(cancel, may_come_from_inside_the_end_of_another_call) {
    recorded_call first, second, third;
    first.then = [&] { side.cancel(second, given_up, out); };
    second.then = [&] { side.cancel(third, given_up, out); };
    for (recorded_call* call : {&first, &second, &third}) side.start(*call, out, start);
    written();
    feed(result(1, "1") + result(2, "2") + result(3, "3"));
    EXPECT_EQ(first.ends + second.ends + third.ends, 3);
    EXPECT_EQ(written(), cancel_of(2) + cancel_of(3));
}

TEST_F(cancel, in_any_order_with_answer_deadline_and_loss_ends_a_call_once) {
    enum event { answered, cancelled, expired, lost };
    std::vector<event> order{answered, cancelled, expired, lost};
    do {
        for (const bool sent : {false, true}) {
            client_session fresh{limits{}};
            text_buffer line;
            recorded_call call, beside;
            call.deadline = start + 1s;
            fresh.start(call, line, start);
            fresh.start(beside, line, start);
            const std::size_t size = line.size();
            if (sent) line.clear();
            int step = 0;
            for (const event what : order) {
                switch (what) {
                    case answered: static_cast<void>(fresh.on_bytes(result(1, "8"), line)); break;
                    case cancelled: fresh.cancel(call, given_up, line); break;
                    case expired: fresh.expire(start + 1s, line); break;
                    case lost: fresh.lose(error{status::unavailable, "gone"}, sent ? size : 0); break;
                }
                EXPECT_EQ(call.ends, 1) << "after event " << step;
                ++step;
            }
            const auto expected = order.front() == answered    ? std::optional<status>{}
                                  : order.front() == cancelled ? std::optional{status::cancelled}
                                  : order.front() == expired   ? std::optional{status::deadline_exceeded}
                                                               : std::optional{status::unavailable};
            EXPECT_EQ(call.failure ? std::optional{call.failure->status()} : std::nullopt, expected);
            if (call.failure) {
                EXPECT_EQ(call.failure->executed(), sent ? executed::unknown : executed::no);
            }
            EXPECT_EQ(beside.ends, 1) << "by the loss alone";
            EXPECT_EQ(beside.failure->status(), status::unavailable);
            EXPECT_EQ(fresh.waiting(), 0u);
            EXPECT_EQ(fresh.next_deadline(), farcall::never);
        }
    } while (std::next_permutation(order.begin(), order.end()));
}

class stamp : public session {};

TEST_F(stamp, of_a_session_travels_with_the_call) {
    const std::uint64_t ack = 3;
    const session_stamp mine{.session = "0123456789abcdef", .seq = 5, .ack = &ack};
    recorded_call call;
    call.stamp = &mine;
    call.attempt = 2;
    side.start(call, out, start);
    EXPECT_EQ(written(),
              frame(R"({"jsonrpc":"2.0","id":1,"method":"add","meta":{"attempt":2,"session":"0123456789abcdef","seq":5,)"
                    R"("ack":3},"params":[5,3]})"));
}

TEST_F(stamp, may_be_a_key_of_the_callers_own) {
    recorded_call call;
    call.idempotency_key = "order \"77\"";
    side.start(call, out, start);
    EXPECT_EQ(written(), frame(R"({"jsonrpc":"2.0","id":1,"method":"add","meta":{"idempotency_key":"order \"77\""},)"
                               R"("params":[5,3]})"));
}

TEST_F(stamp, tells_the_deadline_of_the_whole_call_and_gives_the_attempt_up_at_its_own) {
    recorded_call call;
    call.deadline = start + 100ms;
    call.whole_deadline = start + 2s;
    side.start(call, out, start);
    EXPECT_NE(written().find(R"("meta":{"timeout_ms":2000})"), std::string::npos);
    EXPECT_EQ(side.next_deadline(), start + 100ms);
}

}  // namespace
