#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include <farcall/transport/put_off.hpp>

namespace {

using farcall::io_handler;
using farcall::detail::put_off;

/// A handler that calls a function, and owns it.
io_handler calling(std::function<void()> function) {
    auto kept = std::make_shared<std::function<void()>>(std::move(function));
    return {[](void* self, boost::system::error_code failure, std::size_t count) {
                EXPECT_FALSE(failure);
                EXPECT_EQ(count, 0u);
                (*static_cast<std::function<void()>*>(self))();
            },
            kept.get(), kept};
}

TEST(put_off, waits_until_it_is_run_and_is_done_once_in_order) {
    put_off later;
    std::string done;
    later.add(calling([&] { done += 'a'; }));
    later.add(calling([&] { done += 'b'; }));
    EXPECT_EQ(done, "");
    later.run();
    later.run();
    EXPECT_EQ(done, "ab");
}

TEST(put_off, does_in_the_same_run_what_is_put_off_in_it) {
    put_off later;
    std::string done;
    later.add(calling([&] {
        done += 'a';
        later.add(calling([&] { done += 'b'; }));
    }));
    later.run();
    EXPECT_EQ(done, "ab");
}

TEST(put_off, is_not_open_after_its_end_which_leaves_nothing) {
    put_off later;
    bool open_in_there = true;
    later.add(calling([&] { open_in_there = later.open(); }));
    EXPECT_TRUE(later.open());
    later.end();
    EXPECT_FALSE(later.open());
    EXPECT_FALSE(open_in_there);
}

TEST(put_off, drops_with_its_owner_what_was_never_run) {
    const auto alive = std::make_shared<int>();
    {
        put_off later;
        later.add(calling([alive] { ADD_FAILURE(); }));
    }
    EXPECT_EQ(alive.use_count(), 1);
}

}  // namespace
