#include "support.hpp"

namespace {

using farcall::error;
using farcall::executed;
using farcall::limits;
using farcall::origin;
using farcall::status;
using farcall::detail::client_session;
using namespace session_test;

TEST_F(session, writes_a_request_and_takes_its_answer) {
    recorded_call call;
    side.start(call, out, start);
    EXPECT_EQ(written(), frame(R"({"jsonrpc":"2.0","id":1,"method":"add","params":[5,3]})"));
    EXPECT_EQ(side.waiting(), 1u);
    const std::string answer = result(1, "8");
    const auto made = feed(answer);
    EXPECT_EQ(made.consumed, answer.size());
    EXPECT_EQ(made.broken, nullptr);
    EXPECT_EQ(call.result, "8");
    EXPECT_EQ(call.ends, 1);
    EXPECT_EQ(side.waiting(), 0u);
}

TEST_F(session, takes_answers_however_they_are_cut) {
    const std::string answers = result(1, "1") + result(2, R"("two")") + result(3, "[3]");
    for (std::size_t cut = 0; cut <= answers.size(); ++cut) {
        client_session fresh{limits{}};
        recorded_call calls[3];
        for (recorded_call& call : calls) fresh.start(call, out, start);
        const auto first = fresh.on_bytes(std::string_view{answers}.substr(0, cut), out);
        EXPECT_LE(first.consumed, cut);
        if (cut < answers.size()) {
            EXPECT_GT(first.wanted, cut - first.consumed) << "says how much makes it whole";
        }
        const std::string rest = answers.substr(first.consumed);
        EXPECT_EQ(fresh.on_bytes(rest, out).consumed, rest.size());
        EXPECT_EQ(calls[0].result, "1");
        EXPECT_EQ(calls[1].result, R"("two")");
        EXPECT_EQ(calls[2].result, "[3]");
    }
}

TEST_F(session, tells_what_is_left_of_the_deadline) {
    recorded_call soon, fraction;
    soon.deadline = start + 250ms;
    fraction.deadline = start + 1500us;
    side.start(soon, out, start);
    EXPECT_NE(written().find(R"("meta":{"timeout_ms":250})"), std::string::npos);
    side.start(fraction, out, start);
    EXPECT_NE(written().find(R"("meta":{"timeout_ms":2})"), std::string::npos) << "rounded up";
    EXPECT_EQ(side.next_deadline(), start + 1500us);
}

TEST_F(session, does_not_send_what_has_no_time_left) {
    recorded_call late;
    late.deadline = start;
    side.start(late, out, start);
    EXPECT_EQ(written(), "");
    ASSERT_TRUE(late.failure);
    EXPECT_EQ(late.failure->status(), status::deadline_exceeded);
    EXPECT_EQ(late.failure->executed(), executed::no);
    EXPECT_EQ(side.waiting(), 0u);
}

TEST_F(session, says_where_a_call_stands_in_a_trace) {
    recorded_call call;
    const farcall::trace_context trace{"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "a=1"};
    call.trace = &trace;
    side.start(call, out, start);
    EXPECT_NE(written().find(R"("meta":{"traceparent":")" + trace.traceparent + R"(","tracestate":"a=1"},)"), std::string::npos);
}

TEST_F(session, hands_on_what_the_server_says_beside_an_answer_to_who_asks_for_it) {
    recorded_call asks, fails, silent, batched, other;
    for (recorded_call* call : {&asks, &fails, &silent, &batched}) call->wants_meta = true;
    side.start(asks, out, start);
    EXPECT_EQ(written(), frame(R"({"jsonrpc":"2.0","id":1,"method":"add","meta":{"trailers":true},"params":[5,3]})"));
    for (recorded_call* call : {&fails, &silent, &batched, &other}) side.start(*call, out, start);
    const std::string meta = R"(,"meta":{"server_us":12,"headers":{"rows":"3"}}})";
    feed(frame(R"({"jsonrpc":"2.0","id":1,"result":8)" + meta));
    feed(frame(R"({"jsonrpc":"2.0","id":2,"error":{"code":-32014,"message":"busy"})" + meta));
    feed(result(3, "8"));
    feed(frame(R"([{"jsonrpc":"2.0","id":4,"result":8)" + meta + "]"));
    EXPECT_EQ(asks.result, "8");
    EXPECT_EQ(fails.failure->status(), status::unavailable);
    for (recorded_call* call : {&asks, &fails, &batched}) {
        EXPECT_EQ(call->said.server_time, 12us);
        EXPECT_EQ(call->said.headers, (farcall::metadata{{"rows", "3"}}));
    }
    EXPECT_EQ(silent.result, "8");
    EXPECT_FALSE(silent.said.server_time);
    feed(result(5, "8"));
    EXPECT_EQ(other.result, "8");
}

TEST_F(session, gives_who_wants_more_than_the_answer_no_answer_that_is_malformed) {
    for (const std::string bad : {R"({"jsonrpc":"2.0","id":1,"result":8,"meta":{})", R"({"jsonrpc":"2.0","id":1,"result":8 8})",
                                  R"({"jsonrpc":"2.0","id":1,"result":8,"result":9})"}) {
        client_session fresh{limits{}};
        recorded_call call;
        call.wants_meta = true;
        fresh.start(call, out, start);
        fresh.on_bytes(frame(bad), out);
        ASSERT_EQ(call.ends, 1) << bad;
        ASSERT_TRUE(call.failure) << bad;
        EXPECT_EQ(call.failure->status(), status::internal);
    }
}

TEST_F(session, sends_attempt_and_headers) {
    recorded_call call;
    const farcall::metadata headers{{"tenant", "a7"}};
    call.headers = &headers;
    call.attempt = 3;
    side.start(call, out, start);
    const std::string text = written();
    EXPECT_NE(text.find(R"("attempt":3)"), std::string::npos) << text;
    EXPECT_NE(text.find(R"("headers":{"tenant":"a7"})"), std::string::npos) << text;
}

TEST_F(session, completes_a_one_way_call_at_once) {
    recorded_call call;
    call.one_way = true;
    side.start(call, out, start);
    EXPECT_EQ(written(), frame(R"({"jsonrpc":"2.0","method":"add","params":[5,3]})"));
    EXPECT_EQ(call.ends, 1);
    EXPECT_FALSE(call.failure);
    EXPECT_EQ(side.waiting(), 0u);
}

TEST_F(session, expires_calls_at_their_deadlines_and_drops_late_answers) {
    recorded_call quick, slow;
    quick.deadline = start + 100ms;
    slow.deadline = start + 200ms;
    side.start(slow, out, start);
    side.start(quick, out, start);
    written();
    EXPECT_EQ(side.next_deadline(), start + 100ms);
    side.expire(start + 99ms, out);
    EXPECT_EQ(quick.ends, 0);
    side.expire(start + 100ms, out);
    ASSERT_TRUE(quick.failure);
    EXPECT_EQ(quick.failure->status(), status::deadline_exceeded);
    EXPECT_EQ(quick.failure->executed(), executed::unknown);
    EXPECT_EQ(quick.failure->origin(), origin::local);
    EXPECT_EQ(written(), frame(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":2}})"));
    EXPECT_EQ(slow.ends, 0);
    EXPECT_EQ(feed(result(2, "1")).broken, nullptr);
    EXPECT_EQ(quick.ends, 1);
    feed(result(1, "1"));
    EXPECT_EQ(slow.result, "1");
    side.expire(start + 1h, out);
    EXPECT_EQ(slow.ends, 1);
    EXPECT_EQ(side.next_deadline(), farcall::never);
}

TEST_F(session, says_of_each_lost_call_whether_it_was_sent) {
    recorded_call first, second, third;
    side.start(first, out, start);
    const std::size_t after_first = out.size();
    side.start(second, out, start);
    const std::size_t after_second = out.size();
    side.start(third, out, start);
    // A single byte of the second has left.
    side.lose(error{status::unavailable, "gone"}, after_first + 1);
    EXPECT_EQ(first.failure->executed(), executed::unknown);
    EXPECT_EQ(second.failure->executed(), executed::unknown);
    EXPECT_EQ(third.failure->executed(), executed::no);
    EXPECT_EQ(third.failure->message(), "gone");
    EXPECT_LT(after_first, after_second);
    EXPECT_EQ(side.waiting(), 0u);
}

TEST_F(session, says_that_nothing_ran_when_nothing_was_sent) {
    recorded_call call;
    side.start(call, out, start);
    side.lose(error{status::unavailable, "refused"}, 0);
    EXPECT_EQ(call.failure->executed(), executed::no);
}

TEST_F(session, counts_the_bytes_of_one_way_calls) {
    recorded_call told, asked;
    told.one_way = true;
    side.start(told, out, start);
    side.start(asked, out, start);
    side.lose(error{status::unavailable, "gone"}, asked.first_byte);
    EXPECT_EQ(asked.failure->executed(), executed::no);
    EXPECT_EQ(asked.first_byte, frame(R"({"jsonrpc":"2.0","method":"add","params":[5,3]})").size());
}

TEST_F(session, is_broken_by_what_is_no_answer) {
    for (const std::string& bytes :
         {frame(""), frame("x"), frame("[]"), frame("5"), frame(R"({"jsonrpc":"2.0","result":1})"),
          std::string("\xff\xff\xff\xff", 4), std::string("\x00\x40\x00\x01", 4)}) {
        client_session fresh{limits{}};
        recorded_call call;
        fresh.start(call, out, start);
        const auto made = fresh.on_bytes(bytes, out);
        ASSERT_NE(made.broken, nullptr) << bytes;
        EXPECT_EQ(made.broken->origin(), origin::local);
        EXPECT_EQ(made.broken->status(), status::internal);
        EXPECT_EQ(call.ends, 0) << "told when the connection has ended";
        EXPECT_EQ(fresh.on_bytes(result(1, "8"), out).broken, made.broken) << "nothing is believed afterwards";
        EXPECT_EQ(call.ends, 0);
        fresh.lose(*made.broken, 1);
        EXPECT_EQ(call.ends, 1);
    }
}

TEST_F(session, is_ended_by_an_error_for_the_whole_connection) {
    recorded_call call;
    side.start(call, out, start);
    const auto made = feed(frame(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32008,"message":"full"}})"));
    ASSERT_NE(made.broken, nullptr);
    EXPECT_EQ(made.broken->status(), status::resource_exhausted);
    EXPECT_EQ(made.broken->origin(), origin::peer);
}

TEST_F(session, fails_only_the_call_whose_answer_is_malformed) {
    recorded_call bad, good;
    side.start(bad, out, start);
    side.start(good, out, start);
    feed(frame(R"({"jsonrpc":"2.0","id":1})") + result(2, "2"));
    ASSERT_TRUE(bad.failure);
    EXPECT_EQ(bad.failure->status(), status::internal);
    EXPECT_EQ(bad.failure->origin(), origin::local);
    EXPECT_EQ(good.result, "2");
}

TEST_F(session, allows_calls_and_losses_from_inside_a_completion) {
    recorded_call first, second, third;
    first.then = [&] { side.start(second, out, start); };
    second.then = [&] { side.start(third, out, start); };
    side.start(first, out, start);
    feed(result(1, "1") + result(2, "2"));
    EXPECT_EQ(second.result, "2");
    EXPECT_EQ(side.waiting(), 1u);
    recorded_call last;
    third.then = [&] { side.start(last, out, start); };
    side.lose(error{status::unavailable, "gone"}, 0);
    EXPECT_EQ(third.ends, 1);
    EXPECT_EQ(last.ends, 1) << "what is started while all is lost is lost, too";
}

TEST_F(session, allows_a_start_from_inside_an_expiry) {
    recorded_call call, again;
    call.deadline = start + 1ms;
    again.deadline = start + 1s;
    call.then = [&] { side.start(again, out, start + 1ms); };
    side.start(call, out, start);
    side.expire(start + 1ms, out);
    EXPECT_EQ(call.ends, 1);
    EXPECT_EQ(again.ends, 0);
    EXPECT_EQ(side.next_deadline(), start + 1s);
}

TEST_F(session, refuses_arguments_that_no_peer_takes) {
    const std::string huge = '"' + std::string(limits::frame_ceiling, 'x') + '"';
    recorded_call call{"m", huge};
    side.start(call, out, start);
    ASSERT_TRUE(call.failure);
    EXPECT_EQ(call.failure->status(), status::resource_exhausted);
    EXPECT_EQ(call.failure->executed(), executed::no);
    EXPECT_NE(call.failure->message().find("frame_ceiling"), std::string::npos);
    EXPECT_EQ(out.size(), 0u) << "nothing of it is sent";
    EXPECT_EQ(side.waiting(), 0u);
}

TEST_F(session, abandons_what_waits_without_completing_it) {
    recorded_call first, second;
    second.deadline = start + 1s;
    side.start(first, out, start);
    side.start(second, out, start);
    side.abandon();
    EXPECT_EQ(first.abandoned, 1);
    EXPECT_EQ(second.abandoned, 1);
    EXPECT_EQ(first.ends + second.ends, 0);
    EXPECT_EQ(side.waiting(), 0u);
    EXPECT_EQ(side.next_deadline(), farcall::never);
}

TEST_F(session, believes_a_refusal_of_the_whole_connection_that_says_that_nothing_ran) {
    recorded_call call;
    side.start(call, out, start);
    farcall::detail::text_buffer frame;
    const std::size_t mark = farcall::detail::begin_frame(frame);
    frame.append(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32008,"message":"full","data":{"executed":"no"}}})");
    ASSERT_TRUE(farcall::detail::end_frame(frame, mark));
    const auto made = side.on_bytes(frame.view(), out);
    ASSERT_NE(made.broken, nullptr);
    side.lose(*made.broken, out.size());
    ASSERT_TRUE(call.failure);
    EXPECT_EQ(call.failure->status(), status::resource_exhausted);
    EXPECT_EQ(call.failure->executed(), executed::no) << "it can be sent again without harm";
}

}  // namespace
