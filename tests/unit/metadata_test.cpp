#include <farcall/metadata.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace {

using farcall::metadata;

TEST(metadata, is_written_as_pairs) {
    const metadata one{{"tenant", "a7"}};
    EXPECT_EQ(one.get("tenant"), "a7");
    const metadata two{{"tenant", "a7"}, {"lang", "de"}};
    EXPECT_EQ(two.size(), 2u);
    EXPECT_TRUE(metadata{}.empty());
}

TEST(metadata, compares_keys_without_case_and_keeps_the_first_spelling) {
    metadata headers{{"Tenant", "a7"}};
    headers.set("TENANT", "b8");
    EXPECT_EQ(headers.size(), 1u);
    EXPECT_EQ(headers.get("tenant"), "b8");
    EXPECT_EQ(headers.begin()->key, "Tenant");
    EXPECT_TRUE(headers.contains("tEnAnT"));
    EXPECT_FALSE(headers.contains("tenan"));
}

TEST(metadata, keeps_the_order) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : metadata{{"b", "1"}, {"a", "2"}, {"c", "3"}}) keys.push_back(key);
    EXPECT_EQ(keys, (std::vector<std::string>{"b", "a", "c"}));
}

TEST(metadata, forgets_what_is_erased) {
    metadata headers{{"a", "12"}, {"b", "3"}};
    EXPECT_EQ(headers.bytes(), 5u);
    EXPECT_TRUE(headers.erase("A"));
    EXPECT_FALSE(headers.erase("a"));
    EXPECT_EQ(headers.bytes(), 2u);
    EXPECT_EQ(headers.get("a"), std::nullopt);
    headers.clear();
    EXPECT_EQ(headers.bytes(), 0u);
}

TEST(metadata, refuses_keys_that_are_no_tokens) {
    metadata headers;
    for (const char* key : {"", "a b", "a:b", "a\n", "\xC3\xA9", "a\"", "a(", "a,"}) {
        EXPECT_THROW(headers.set(key, "x"), std::invalid_argument) << key;
        EXPECT_FALSE(headers.try_set(key, "x")) << key;
    }
    EXPECT_TRUE(headers.try_set("aZ09!#$%&'*+-.^_`|~", "x"));
}

TEST(metadata, refuses_values_that_no_header_can_hold) {
    metadata headers;
    for (const char* value : {"a\r\nb", "\x01", "\x7F", "\xFF", "\xED\xA0\x80"})
        EXPECT_THROW(headers.set("k", value), std::invalid_argument) << value;
    EXPECT_THROW(headers.set("k", std::string_view{"\0", 1}), std::invalid_argument);
    EXPECT_TRUE(headers.try_set("k", "caf\xC3\xA9 \xF0\x9F\x98\x80"));
    EXPECT_TRUE(headers.try_set("empty", ""));
}

TEST(metadata, is_bounded_in_entries) {
    metadata headers;
    for (std::size_t i = 0; i < metadata::max_entries; ++i) headers.set("k" + std::to_string(i), "v");
    EXPECT_THROW(headers.set("more", "v"), std::length_error);
    EXPECT_EQ(headers.size(), metadata::max_entries);
    headers.set("k0", "w");
    EXPECT_EQ(headers.get("k0"), "w");
}

TEST(metadata, is_bounded_in_bytes) {
    metadata headers;
    headers.set("k", std::string(metadata::max_bytes - 1, 'v'));
    EXPECT_EQ(headers.bytes(), metadata::max_bytes);
    EXPECT_THROW(headers.set("l", ""), std::length_error);
    EXPECT_THROW(headers.set("k", std::string(metadata::max_bytes, 'v')), std::length_error);
    EXPECT_EQ(headers.get("k")->size(), metadata::max_bytes - 1);
    headers.set("k", "short");
    headers.set("l", "");
    EXPECT_EQ(headers.bytes(), 7u);
}

}  // namespace
