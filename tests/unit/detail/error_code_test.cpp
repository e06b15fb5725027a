#include <farcall/detail/error_code.hpp>

#include <gtest/gtest.h>

namespace {

using namespace farcall::detail;
using farcall::executed;
using farcall::status;

TEST(error_code, says_each_status_by_a_number_of_its_own) {
    for (int n = 1; n <= 16; ++n) {
        const auto value = static_cast<status>(n);
        EXPECT_EQ(status_of(code_of(value)), value) << n;
        for (int other = 1; other < n; ++other) EXPECT_NE(code_of(static_cast<status>(other)), code_of(value));
    }
}

TEST(error_code, uses_the_numbers_of_json_rpc_where_it_has_one) {
    EXPECT_EQ(code_of(status::invalid_argument), -32602);
    EXPECT_EQ(code_of(status::unimplemented), -32601);
    EXPECT_EQ(code_of(status::internal), -32603);
    EXPECT_EQ(code_of(status::unknown), -32000);
    EXPECT_EQ(code_of(status::cancelled), -32001);
    EXPECT_EQ(code_of(status::deadline_exceeded), -32004);
    EXPECT_EQ(code_of(status::resource_exhausted), -32008);
    EXPECT_EQ(code_of(status::unavailable), -32014);
    EXPECT_EQ(code_of(status::unauthenticated), -32016);
}

TEST(error_code, reads_what_others_send) {
    EXPECT_EQ(status_of(-32700), status::internal);
    EXPECT_EQ(status_of(-32600), status::internal);
    EXPECT_EQ(status_of(-32500), status::internal);
    EXPECT_EQ(status_of(-32003), status::invalid_argument);
    EXPECT_EQ(status_of(-32017), status::unknown);
    EXPECT_EQ(status_of(-32099), status::unknown);
    EXPECT_EQ(status_of(0), status::unknown);
    EXPECT_EQ(status_of(7), status::unknown);
    EXPECT_EQ(status_of(INT64_MIN), status::unknown);
    EXPECT_EQ(status_of(INT64_MAX), status::unknown);
}

TEST(error_code, leaves_to_applications_what_nobody_else_means) {
    for (const std::int64_t code :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{-31999}, std::int64_t{-32017},
          std::int64_t{-32099}, std::int64_t{-32769}, INT64_MIN, INT64_MAX})
        EXPECT_TRUE(own_code(code)) << code;
    for (const std::int64_t code : {-32000, -32001, -32016, -32100, -32603, -32700, -32768})
        EXPECT_FALSE(own_code(code)) << code;
    EXPECT_TRUE(reserved_code(-32768));
    EXPECT_TRUE(reserved_code(-32100));
    EXPECT_FALSE(reserved_code(-32769));
    EXPECT_FALSE(reserved_code(-32099));
}

TEST(error_code, knows_what_was_refused_before_it_ran) {
    for (const std::int64_t code : {-32700, -32600, -32601, -32602})
        EXPECT_EQ(executed_by_code(code), executed::no) << code;
    for (const std::int64_t code : {-32000, 7, 0, -1, -32050}) EXPECT_EQ(executed_by_code(code), executed::yes) << code;
    for (const std::int64_t code : {-32603, -32004, -32008, -32014, -32500})
        EXPECT_EQ(executed_by_code(code), executed::unknown) << code;
}

}  // namespace
