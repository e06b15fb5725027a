#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <farcall/client/call_payload.hpp>

namespace {

using farcall::detail::call_payload;
using farcall::detail::scratch_text;
using farcall::detail::text_buffer;

call_payload payload_of(std::string_view text) {
    call_payload made;
    EXPECT_EQ(made.write([&](text_buffer& out) { return out.append(text), 7; }), 7);
    return made;
}

TEST(call_payload, holds_texts_of_every_length) {
    EXPECT_EQ(call_payload{}.view(), "");
    for (std::size_t size = 0; size < 300; ++size) {
        const std::string text(size, 'x');
        EXPECT_EQ(payload_of(text).view(), text);
        EXPECT_EQ(payload_of(text).size(), size);
    }
}

/// Writes when the thread's own objects that were made after it have been destroyed.
struct last_one {
    std::string* written = nullptr;
    ~last_one() {
        if (written != nullptr) *written = payload_of("[1]").view();
    }
};

TEST(call_payload, holds_texts_even_while_the_thread_ends) {
    std::string written;
    std::thread{[&] {
        static thread_local last_one made_before;
        made_before.written = &written;
        EXPECT_EQ(payload_of("[5,3]").view(), "[5,3]");
    }}.join();
    EXPECT_EQ(written, "[1]");
}

TEST(call_payload, is_moved_with_its_text) {
    for (const std::string& text : {std::string{"[5,3]"}, std::string(64, 'a'), std::string(65, 'b'), std::string(100'000, 'c')}) {
        call_payload first = payload_of(text);
        call_payload second = std::move(first);
        EXPECT_EQ(second.view(), text);
        EXPECT_EQ(first.view(), "");
    }
}

TEST(call_payload, of_a_codec_that_makes_a_call_itself_has_a_text_of_its_own) {
    call_payload outer, inner;
    outer.write([&](text_buffer& out) {
        out.append("[1,");
        inner.write([&](text_buffer& other) { return other.append("[2]"), 0; });
        out.append("3]");
        return 0;
    });
    EXPECT_EQ(outer.view(), "[1,3]");
    EXPECT_EQ(inner.view(), "[2]");
}

TEST(call_payload, leaves_its_memory_to_the_next_one) {
    const char* memory = nullptr;
    const std::string text(5'000, 'x');
    {
        const call_payload first = payload_of(text);
        memory = first.view().data();
    }
    EXPECT_EQ(payload_of(text).view().data(), memory);
}

TEST(scratch_text, does_not_keep_what_is_large) {
    {
        scratch_text large;
        large.text().prepare(24u << 20);
    }
    EXPECT_LT(scratch_text{}.text().capacity(), 1u << 20);
}

TEST(scratch_text, keeps_what_is_large_as_long_as_it_is_needed) {
    const std::string large(1u << 20, 'x');
    const char* memory = payload_of(large).view().data();
    for (int i = 0; i < 3; ++i) {
        for (int j = 0; j < 10; ++j) payload_of("short");
        EXPECT_EQ(payload_of(large).view().data(), memory);
    }
    for (int j = 0; j < 20; ++j) payload_of("short");
    EXPECT_LE(scratch_text{}.text().capacity(), 64u << 10);
}

}  // namespace
