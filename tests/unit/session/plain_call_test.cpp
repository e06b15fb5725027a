#include "support.hpp"

#include <memory>

namespace {

using namespace session_test;

/// What a session does with plain calls, beside one that is given the same calls as any others.
class plain_calls : public ::testing::Test {
protected:
    struct twin {
        client_session side{limits{}};
        text_buffer out;
        std::uint64_t sent = 0;
        std::vector<std::unique_ptr<recorded_call>> calls;

        void add(bool plain, farcall::time_point deadline, std::string_view params) {
            calls.push_back(std::make_unique<recorded_call>("Calculator.add", params));
            calls.back()->plain = plain;
            calls.back()->deadline = deadline;
        }
    };

    void start_both(farcall::time_point deadline, std::string_view params, farcall::time_point now) {
        plain.add(true, deadline, params);
        other.add(false, deadline, params);
        both([&](twin& each) { each.side.start(*each.calls.back(), each.out, now); });
    }

    template <class Do>
    void both(Do act) {
        act(plain);
        act(other);
        ASSERT_EQ(plain.out.view(), other.out.view());
        ASSERT_EQ(plain.side.waiting(), other.side.waiting());
        ASSERT_EQ(plain.side.next_deadline(), other.side.next_deadline());
        for (std::size_t i = 0; i < plain.calls.size(); ++i) {
            const recorded_call &one = *plain.calls[i], &two = *other.calls[i];
            ASSERT_EQ(one.ends, two.ends);
            ASSERT_EQ(one.result, two.result);
            ASSERT_EQ(one.failure.has_value(), two.failure.has_value());
            if (!one.failure) continue;
            ASSERT_EQ(one.failure->status(), two.failure->status());
            ASSERT_EQ(one.failure->executed(), two.failure->executed());
            ASSERT_EQ(one.failure->message(), two.failure->message());
        }
    }

    void send() {
        both([](twin& each) {
            each.sent += each.out.size();
            each.out.clear();
        });
    }
    void feed(const std::string& bytes) {
        both([&](twin& each) { each.side.on_bytes(bytes, each.out); });
    }

    twin plain, other;
};

TEST_F(plain_calls, are_sent_and_answered_as_any_others) {
    for (int i = 0; i < 200; ++i) start_both(start + 10s + i * 1ms, "[" + std::to_string(i) + "]", start + i * 1ms);
    send();
    for (std::uint64_t id = 200; id != 0; --id) feed(result(id, std::to_string(id * 2)));
    for (const auto& call : plain.calls) EXPECT_TRUE(call->result);
}

TEST_F(plain_calls, without_a_deadline_have_none_on_the_wire) {
    start_both(farcall::never, "[5,3]", start);
    EXPECT_EQ(plain.out.view(), frame(R"({"jsonrpc":"2.0","id":1,"method":"Calculator.add","params":[5,3]})"));
}

TEST_F(plain_calls, end_by_errors_and_malformed_answers_as_any_others) {
    for (int i = 0; i < 4; ++i) start_both(start + 10s, "[5,3]", start);
    feed(frame(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no such method"}})"));
    feed(frame(R"({"jsonrpc":"2.0","id":2,"result":1,"error":{}})"));
    feed(frame(R"([{"jsonrpc":"2.0","id":3,"result":[1,2]}])"));
    feed(result(9, "8"));
    feed(result(4, " 8"));
    EXPECT_EQ(plain.side.waiting(), 0u);
}

TEST_F(plain_calls, are_taken_back_and_given_up_as_any_others) {
    for (int i = 0; i < 3; ++i) start_both(start + 10s, "[5,3]", start);
    send();
    for (int i = 0; i < 3; ++i) start_both(start + 20s, "[6,4]", start);
    const error why{farcall::status::cancelled, "given up"};
    both([&](twin& each) { each.side.cancel(*each.calls[1], why, each.out); });
    both([&](twin& each) { each.side.cancel(*each.calls[4], why, each.out); });
    both([&](twin& each) { each.side.expire(start + 10s, each.out); });
    start_both(start + 5s, "[1]", start + 5s);
    both([&](twin& each) { each.side.lose(why, each.sent); });
    EXPECT_EQ(plain.side.waiting(), 0u);
}

}  // namespace
