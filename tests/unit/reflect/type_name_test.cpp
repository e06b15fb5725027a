#include <farcall/reflect/type_name.hpp>

#include <string>

#include <gtest/gtest.h>

namespace bank {
struct account {
    enum class kind { open };
};
template <class T>
struct boxed {};
namespace {
struct hidden {};
}  // namespace
}  // namespace bank
struct division_by_zero {};
namespace {
struct unnamed_outer {};
}  // namespace

using farcall::type_name;
using farcall::unqualified_type_name;

TEST(type_name, of_a_plain_struct_has_no_keyword) {
    EXPECT_EQ(type_name<division_by_zero>(), "division_by_zero");
}

TEST(type_name, keeps_namespaces_and_enclosing_classes) {
    EXPECT_EQ(type_name<bank::account>(), "bank::account");
    EXPECT_EQ(type_name<bank::account::kind>(), "bank::account::kind");
}

TEST(type_name, leaves_out_an_unnamed_namespace_in_front) {
    EXPECT_EQ(type_name<unnamed_outer>(), "unnamed_outer");
}

TEST(type_name, of_fundamental_types_is_as_written) {
    EXPECT_EQ(type_name<int>(), "int");
    EXPECT_EQ(type_name<double>(), "double");
    EXPECT_EQ(type_name<bool>(), "bool");
}

TEST(type_name, is_a_constant) {
    static_assert(type_name<bank::account>() == "bank::account");
    static_assert(unqualified_type_name<bank::account>() == "account");
}

TEST(unqualified_type_name, has_the_last_part_only) {
    EXPECT_EQ(unqualified_type_name<bank::account::kind>(), "kind");
    EXPECT_EQ(unqualified_type_name<division_by_zero>(), "division_by_zero");
    EXPECT_EQ(unqualified_type_name<bank::hidden>(), "hidden");
}

TEST(unqualified_type_name, does_not_look_into_template_arguments) {
    EXPECT_TRUE(unqualified_type_name<bank::boxed<bank::account>>().starts_with("boxed<"));
}

TEST(unqualified_type_name, of_a_local_type_is_its_own) {
    struct local {};
    EXPECT_EQ(unqualified_type_name<local>(), "local");
}
