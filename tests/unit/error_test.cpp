#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include <farcall/error.hpp>
#include <farcall/limits.hpp>
#include <farcall/raised.hpp>
#include <farcall/result.hpp>
#include <farcall/status.hpp>

namespace {

using farcall::error;
using farcall::executed;
using farcall::origin;
using farcall::status;
using namespace std::chrono_literals;

TEST(status, has_a_name_for_every_number) {
    EXPECT_EQ(to_string(status::ok), "ok");
    EXPECT_EQ(to_string(status::deadline_exceeded), "deadline_exceeded");
    EXPECT_EQ(to_string(status::unauthenticated), "unauthenticated");
    EXPECT_EQ(to_string(static_cast<status>(17)), "unknown");
    EXPECT_EQ(to_string(static_cast<status>(255)), "unknown");
    EXPECT_EQ(static_cast<int>(status::unavailable), 14) << "gRPC's numbers";
    EXPECT_EQ(to_string(executed::no), "no");
    EXPECT_EQ(to_string(executed::yes), "yes");
    EXPECT_EQ(to_string(executed::unknown), "unknown");
    EXPECT_EQ(to_string(origin::local), "local");
    EXPECT_EQ(to_string(origin::peer), "peer");
}

TEST(error, is_local_and_of_unknown_effect_unless_said) {
    const error why{status::unavailable, "gone"};
    EXPECT_EQ(why.status(), status::unavailable);
    EXPECT_EQ(why.origin(), origin::local);
    EXPECT_EQ(why.executed(), executed::unknown);
    EXPECT_EQ(why.code(), 0);
    EXPECT_FALSE(why.has_own_code());
    EXPECT_EQ(why.message(), "gone");
    EXPECT_STREQ(why.what(), "gone");
    EXPECT_EQ(why.retry_after(), 0ms);
    EXPECT_FALSE(why.cause());
    EXPECT_EQ(error{}.status(), status::ok);
}

TEST(error, is_changed_as_a_copy) {
    const error first{status::unavailable, "gone"};
    const error second = first.with_origin(origin::peer).with_executed(executed::no).with_code(-32014).with_method("A.b");
    EXPECT_EQ(first.origin(), origin::local);
    EXPECT_EQ(first.method(), "");
    EXPECT_STREQ(first.what(), "gone");
    EXPECT_EQ(second.origin(), origin::peer);
    EXPECT_EQ(second.executed(), executed::no);
    EXPECT_STREQ(second.what(), "A.b: gone (unavailable, code -32014)");
    EXPECT_STREQ(first.with_method("A.b").what(), "A.b: gone (unavailable)");
}

TEST(error, of_an_application_has_its_own_code) {
    const error why = error::application(42, "own", "[1]");
    EXPECT_EQ(why.status(), status::unknown);
    EXPECT_EQ(why.code(), 42);
    EXPECT_TRUE(why.has_own_code());
    EXPECT_EQ(why.data(), "[1]");
}

TEST(error, raises_itself_or_its_cause) {
    const error why{status::internal, "x"};
    EXPECT_THROW(why.raise(), error);
    EXPECT_THROW(std::rethrow_exception(why.to_exception()), error);
    const error caused = why.with_cause(std::make_exception_ptr(std::out_of_range{"y"}));
    EXPECT_THROW(caused.raise(), std::out_of_range);
    EXPECT_THROW(std::rethrow_exception(caused.to_exception()), std::out_of_range);
}

TEST(result, throws_what_a_blocking_call_would) {
    const farcall::result<int> good = 5;
    EXPECT_EQ(good.value(), 5);
    EXPECT_EQ(good.error().status(), status::ok);
    const farcall::result<int> bad = error{status::aborted, "x"};
    EXPECT_THROW(bad.value(), error);
    const farcall::result<int> caused = error{status::unknown, "x"}.with_cause(std::make_exception_ptr(7));
    EXPECT_THROW(caused.value(), int);
    const farcall::result<void> nothing = error{status::aborted, "x"};
    EXPECT_THROW(nothing.value(), error);
}

struct open_exception {
    int number;
};
struct final_exception final {
    int number;
};

TEST(raised, is_caught_as_itself_and_as_a_failure) {
    const error why{status::unknown, "text"};
    const auto raise = [](const std::exception_ptr& thrown) { std::rethrow_exception(thrown); };
    try {
        raise(make_raised(open_exception{3}, why));
        FAIL();
    } catch (const farcall::failure& caught) {
        EXPECT_EQ(caught.why().message(), "text");
    }
    try {
        raise(make_raised(open_exception{3}, why));
        FAIL();
    } catch (const open_exception& caught) {
        EXPECT_EQ(caught.number, 3);
    }
    try {
        raise(make_raised(final_exception{4}, why));
        FAIL();
    } catch (const final_exception& caught) {
        EXPECT_EQ(caught.number, 4);
    }
    EXPECT_THROW(raise(farcall::make_raised(std::string{"plain"}, why)), std::string);
    EXPECT_THROW(raise(farcall::make_raised(5, why)), int);
}

TEST(limits, are_finite_and_fit_together) {
    constexpr farcall::limits bounds;
    EXPECT_EQ(bounds.frame, 4u << 20);
    EXPECT_LE(bounds.frame, farcall::limits::frame_ceiling);
    EXPECT_LT(farcall::limits::frame_ceiling, std::size_t{9} << 24) << "the first byte of a frame is at most 8";
    EXPECT_EQ(bounds.depth, 64u);
    EXPECT_EQ(bounds.batch, 1024u);
    EXPECT_LE(bounds.connections_per_peer, bounds.connections);
    EXPECT_LT(bounds.write_buffer_soft, bounds.write_buffer_hard);
    EXPECT_LE(bounds.write_buffer_hard, bounds.buffered);
    for (const auto time : {bounds.handshake, bounds.idle, bounds.write_stall, bounds.longest_deadline}) EXPECT_GT(time, 0ms);
}

}  // namespace
