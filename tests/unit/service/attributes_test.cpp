#include <farcall/service.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string_view>
#include <type_traits>

namespace attributes_test {

struct out_of_stock {
    int left;
};
struct unknown_article {};

// Attributes of a user's own, with and without values.
struct audited : farcall::attribute {};
struct role_kind : farcall::attribute {};
template <farcall::fixed_string Name>
struct role : role_kind {
    static constexpr std::string_view name = Name.view();
};
struct strictly_audited : audited {};

RPC_SERVICE(Shop,
    (plain, void()),
    (look, int(int article), farcall::readonly, farcall::doc<"Looks, and \"touches\" nothing.">),
    (put, void(int article, int count), farcall::idempotent, farcall::timeout_ms<250>),
    (buy, int(int article), farcall::exactly_once, farcall::throws<out_of_stock, unknown_article>,
     farcall::throws<int>, farcall::deprecated<"use order">),
    (count, int(), farcall::blocking, farcall::alias<"Shop.size">, farcall::alias<"size">),
    (wipe, void(), role<"admin, night shift">, strictly_audited))

template <farcall::fixed_string Name>
using method = farcall::method_named<Shop, Name>;
template <farcall::fixed_string Name>
constexpr const farcall::method_info& info = method<Name>::info;

TEST(attributes, are_not_needed) {
    static_assert(std::is_same_v<method<"plain">::attributes, farcall::type_list<>>);
    const farcall::method_info& plain = info<"plain">;
    EXPECT_EQ(plain.semantics, farcall::call_semantics::at_most_once);
    EXPECT_FALSE(plain.repeatable());
    EXPECT_FALSE(plain.readonly);
    EXPECT_FALSE(plain.blocking);
    EXPECT_EQ(plain.timeout.count(), 0);
    EXPECT_EQ(plain.doc, "");
    EXPECT_EQ(plain.deprecated, "");
    EXPECT_TRUE(plain.aliases.empty());
}

TEST(attributes, say_how_often_a_call_may_run) {
    EXPECT_EQ(info<"look">.semantics, farcall::call_semantics::idempotent);
    EXPECT_TRUE(info<"look">.readonly);
    EXPECT_TRUE(info<"look">.repeatable());
    EXPECT_EQ(info<"put">.semantics, farcall::call_semantics::idempotent);
    EXPECT_FALSE(info<"put">.readonly);
    EXPECT_EQ(info<"buy">.semantics, farcall::call_semantics::exactly_once);
    EXPECT_TRUE(info<"buy">.repeatable());
    EXPECT_EQ(to_string(info<"plain">.semantics), "at_most_once");
    EXPECT_EQ(to_string(info<"put">.semantics), "idempotent");
    EXPECT_EQ(to_string(info<"buy">.semantics), "exactly_once");
}

TEST(attributes, carry_their_values) {
    EXPECT_EQ(info<"look">.doc, "Looks, and \"touches\" nothing.");
    EXPECT_EQ(info<"put">.timeout, std::chrono::milliseconds{250});
    EXPECT_EQ(info<"buy">.deprecated, "use order");
    EXPECT_TRUE(info<"count">.blocking);
    ASSERT_EQ(info<"count">.aliases.size(), 2u);
    EXPECT_EQ(info<"count">.aliases[0], "Shop.size");
    EXPECT_EQ(info<"count">.aliases[1], "size");
}

TEST(attributes, list_the_declared_exceptions_in_order) {
    static_assert(std::is_same_v<farcall::thrown_types<method<"plain">>, farcall::type_list<>>);
    static_assert(std::is_same_v<farcall::thrown_types<method<"buy">>,
                                 farcall::type_list<out_of_stock, unknown_article, int>>);
}

TEST(attributes, of_others_pass_through_and_are_found_by_their_kind) {
    static_assert(farcall::attribute_of<method<"wipe">, role_kind>::name == "admin, night shift");
    static_assert(std::is_same_v<farcall::attribute_of<method<"wipe">, audited>, strictly_audited>);
    static_assert(farcall::has_attribute<method<"wipe">, audited>);
    static_assert(!farcall::has_attribute<method<"look">, audited>);
    static_assert(std::is_void_v<farcall::attribute_of<method<"look">, role_kind>>);
    static_assert(std::is_same_v<farcall::attributes_of<method<"count">, farcall::alias_kind>,
                                 farcall::type_list<farcall::alias<"Shop.size">, farcall::alias<"size">>>);
}

TEST(attributes, do_not_belong_to_the_text_of_the_signature) {
    EXPECT_EQ(info<"look">.signature, "int(int article)");
    EXPECT_EQ(info<"buy">.signature, "int(int article)");
}

}  // namespace attributes_test
