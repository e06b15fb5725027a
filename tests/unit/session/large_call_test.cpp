#include "support.hpp"

#include <string>

namespace {

using farcall::detail::text_apart;
using namespace session_test;

/// A session that leaves large texts out of what it appends, beside one that does not.
class large_calls : public ::testing::Test {
protected:
    static std::string large() { return '"' + std::string(text_apart::least, 'x') + '"'; }

    /// What the first one sends, joined, is what the second one does.
    text_apart start_both(recorded_call& call, recorded_call& twin) {
        text_apart left_out;
        apart.start(call, out, start, &left_out);
        whole.start(twin, expected, start);
        std::string joined{out.view()};
        joined.insert(left_out.at, left_out.text);
        EXPECT_EQ(joined.size(), expected.size());
        EXPECT_TRUE(joined == expected.view());
        return left_out;
    }

    client_session apart{limits{}}, whole{limits{}};
    text_buffer out, expected;
};

TEST_F(large_calls, leave_out_their_arguments) {
    const std::string params = '[' + large() + ",1]";
    for (const bool plain : {true, false}) {
        recorded_call call{"Echo.text", params}, twin{"Echo.text", params};
        call.plain = twin.plain = plain;
        const text_apart left_out = start_both(call, twin);
        EXPECT_EQ(left_out.text.data(), params.data());
        EXPECT_EQ(left_out.text.size(), params.size());
        out.insert(left_out.at, left_out.text);
    }
}

TEST_F(large_calls, leave_out_a_text_that_belongs_into_their_arguments) {
    const std::string text(text_apart::least, 'x');
    const text_apart lent{2, text};
    const std::string joined = "[\"" + text + "\",7]";
    recorded_call call{"Echo.text", R"(["",7])"}, twin{"Echo.text", joined};
    call.plain = twin.plain = true;
    call.lent = &lent;
    EXPECT_EQ(start_both(call, twin).text.data(), text.data());
}

TEST_F(large_calls, have_everything_in_one_piece_where_nobody_takes_it_apart) {
    const std::string text(text_apart::least, 'x');
    const text_apart lent{2, text};
    const std::string joined = "[\"" + text + "\",7]";
    recorded_call call{"Echo.text", R"(["",7])"}, twin{"Echo.text", joined};
    call.plain = twin.plain = true;
    call.lent = &lent;
    apart.start(call, out, start);
    whole.start(twin, expected, start);
    EXPECT_TRUE(out.view() == expected.view());
}

TEST_F(large_calls, are_notifications_where_they_are_one_way) {
    const std::string text(text_apart::least, 'x');
    const text_apart lent{2, text};
    const std::string joined = "[\"" + text + "\",7]";
    recorded_call call{"Echo.text", R"(["",7])"}, twin{"Echo.text", joined};
    call.one_way = twin.one_way = true;
    call.lent = &lent;
    EXPECT_TRUE(start_both(call, twin).text.empty());
    EXPECT_EQ(out.view().find("\"id\""), out.view().npos);
}

TEST_F(large_calls, leave_nothing_out_whose_end_is_that_of_the_call) {
    const std::string params = '[' + large() + ']';
    recorded_call call{"Echo.text", params}, twin{"Echo.text", params};
    call.one_way = twin.one_way = true;
    EXPECT_TRUE(start_both(call, twin).text.empty());
    EXPECT_EQ(call.ends, 1);
}

TEST_F(large_calls, are_taken_back_as_any_others_before_they_are_sent) {
    const std::string params = '[' + large() + ']';
    recorded_call call{"Echo.text", params};
    text_apart left_out;
    apart.start(call, out, start, &left_out);
    out.insert(left_out.at, left_out.text);  // as if there had been no room for it
    apart.cancel(call, given_up, out);
    ASSERT_TRUE(call.failure);
    EXPECT_EQ(call.failure->executed(), farcall::executed::no);
    EXPECT_EQ(out.view().find("Echo.text"), out.view().npos);
    const std::size_t nothing = out.size();

    recorded_call sent{"Echo.text", params};
    apart.start(sent, out, start, &left_out);
    out.clear();
    apart.cancel(sent, given_up, out);
    EXPECT_EQ(sent.failure->executed(), farcall::executed::unknown);
    EXPECT_NE(out.view().find("rpc.cancel"), out.view().npos);
    EXPECT_GT(nothing, params.size());
}

TEST_F(large_calls, are_refused_where_no_frame_is_that_long) {
    const std::string params(limits::frame_ceiling, ' ');
    recorded_call call{"Echo.text", params};
    text_apart left_out;
    apart.start(call, out, start, &left_out);
    ASSERT_TRUE(call.failure);
    EXPECT_EQ(call.failure->status(), farcall::status::resource_exhausted);
    EXPECT_TRUE(left_out.text.empty());
    EXPECT_TRUE(out.empty());
    EXPECT_EQ(apart.waiting(), 0u);
}

}  // namespace
