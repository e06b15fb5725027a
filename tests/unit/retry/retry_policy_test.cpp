#include <gtest/gtest.h>

#include <set>

#include <farcall/retry/retry_policy.hpp>

using farcall::executed;
using farcall::status;

TEST(transient, is_what_a_later_attempt_can_mend) {
    const std::set<status> always{status::unavailable, status::deadline_exceeded};
    for (int code = 1; code <= 16; ++code)
        for (const executed ran : {executed::no, executed::yes, executed::unknown}) {
            const auto what = static_cast<status>(code);
            const bool busy = what == status::resource_exhausted && ran == executed::no;
            EXPECT_EQ(farcall::transient({.code = what, .executed = ran}), always.contains(what) || busy)
                << to_string(what) << ", executed " << to_string(ran);
        }
}

namespace retry_policy_test {

struct no_pause_type {
    static constexpr bool repeats_unsafe = false;
    int retry(const farcall::failed_attempt&, farcall::random_source&) const { return 0; }
    std::chrono::milliseconds attempt_timeout() const { return {}; }
};
struct changes_itself {
    static constexpr bool repeats_unsafe = false;
    std::optional<std::chrono::milliseconds> retry(const farcall::failed_attempt&, farcall::random_source&) { return {}; }
    std::chrono::milliseconds attempt_timeout() const { return {}; }
};
struct silent_about_safety {
    std::optional<std::chrono::milliseconds> retry(const farcall::failed_attempt&, farcall::random_source&) const {
        return {};
    }
    std::chrono::milliseconds attempt_timeout() const { return {}; }
};
struct whole : silent_about_safety {
    static constexpr bool repeats_unsafe = false;
};

static_assert(!farcall::retry_policy<no_pause_type>);
static_assert(!farcall::retry_policy<changes_itself>, "decisions change nothing");
static_assert(!farcall::retry_policy<silent_about_safety>, "every policy says whether it repeats what is unsafe");
static_assert(farcall::retry_policy<whole>);

}  // namespace retry_policy_test
