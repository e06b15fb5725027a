#include <farcall/reflect/members.hpp>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <boost/describe/class.hpp>

namespace shop {

struct line {
    std::string item;
    double price;
};

struct order {
    int id;
    std::vector<line> lines;
    std::optional<line> gift;
    std::unique_ptr<order> previous;
    std::shared_ptr<int> note;
    std::variant<int, std::string> mark;
    std::map<std::string, int> counts;
    std::array<int, 3> triple;
    std::function<void()> callback;
    const char* text;
};

struct single {
    std::string only;
};

struct nested_single {
    single inside;
};

struct nothing {};

struct holds_nothing {
    nothing a;
    int b;
};

struct no_default {
    explicit no_default(int) {}
};

struct holds_no_default {
    int before;
    no_default value;
    int after;
};

struct moves_only {
    std::unique_ptr<int> owner;
    int number;
};

struct recursive {
    int value;
    std::vector<recursive> children;
};

// Sixty-four fields are promised.
struct large {
    int field_0;
    int field_1;
    int field_2;
    int field_3;
    int field_4;
    int field_5;
    int field_6;
    int field_7;
    int field_8;
    int field_9;
    int field_10;
    int field_11;
    int field_12;
    int field_13;
    int field_14;
    int field_15;
    int field_16;
    int field_17;
    int field_18;
    int field_19;
    int field_20;
    int field_21;
    int field_22;
    int field_23;
    int field_24;
    int field_25;
    int field_26;
    int field_27;
    int field_28;
    int field_29;
    int field_30;
    int field_31;
    int field_32;
    int field_33;
    int field_34;
    int field_35;
    int field_36;
    int field_37;
    int field_38;
    int field_39;
    int field_40;
    int field_41;
    int field_42;
    int field_43;
    int field_44;
    int field_45;
    int field_46;
    int field_47;
    int field_48;
    int field_49;
    int field_50;
    int field_51;
    int field_52;
    int field_53;
    int field_54;
    int field_55;
    int field_56;
    int field_57;
    int field_58;
    int field_59;
    int field_60;
    int field_61;
    int field_62;
    int field_63;
};

// One hundred are the most.
struct largest {
    char l0, l1, l2, l3, l4, l5, l6, l7, l8, l9;
    char l10, l11, l12, l13, l14, l15, l16, l17, l18, l19;
    char l20, l21, l22, l23, l24, l25, l26, l27, l28, l29;
    char l30, l31, l32, l33, l34, l35, l36, l37, l38, l39;
    char l40, l41, l42, l43, l44, l45, l46, l47, l48, l49;
    char l50, l51, l52, l53, l54, l55, l56, l57, l58, l59;
    char l60, l61, l62, l63, l64, l65, l66, l67, l68, l69;
    char l70, l71, l72, l73, l74, l75, l76, l77, l78, l79;
    char l80, l81, l82, l83, l84, l85, l86, l87, l88, l89;
    char l90, l91, l92, l93, l94, l95, l96, l97, l98, l99;
};
struct too_large {
    char t0, t1, t2, t3, t4, t5, t6, t7, t8, t9;
    char t10, t11, t12, t13, t14, t15, t16, t17, t18, t19;
    char t20, t21, t22, t23, t24, t25, t26, t27, t28, t29;
    char t30, t31, t32, t33, t34, t35, t36, t37, t38, t39;
    char t40, t41, t42, t43, t44, t45, t46, t47, t48, t49;
    char t50, t51, t52, t53, t54, t55, t56, t57, t58, t59;
    char t60, t61, t62, t63, t64, t65, t66, t67, t68, t69;
    char t70, t71, t72, t73, t74, t75, t76, t77, t78, t79;
    char t80, t81, t82, t83, t84, t85, t86, t87, t88, t89;
    char t90, t91, t92, t93, t94, t95, t96, t97, t98, t99;
    char t100;
};
struct page {
    char bytes[4096];
    int size;
};

struct base {
    int x;
};
struct derived : base {
    int y;
};
struct derived_empty : base {};
struct with_array {
    int before;
    char name[16];
};
struct with_array_of_one {
    int values[1];
    int after;
};
struct with_matrix {
    int values[2][2];
};
struct move_only_with_array {
    std::unique_ptr<int> owner;
    int values[3];
};
struct with_reference {
    int value;
    int& other;
};
struct with_const_reference {
    const std::string& other;
};

class described {
public:
    described() = default;
    explicit described(int secret) : secret_(secret) {}
    int shown = 1;

private:
    int secret_ = 2;
    BOOST_DESCRIBE_CLASS(described, (), (shown), (), (secret_))
};

struct described_base {
    int inherited = 1;
};
BOOST_DESCRIBE_STRUCT(described_base, (), (inherited))
struct described_derived : described_base {
    int own = 2;
};
BOOST_DESCRIBE_STRUCT(described_derived, (described_base), (own))

namespace {
struct internal {
    int first;
    std::string second;
};
}  // namespace

}  // namespace shop

using farcall::member;
using farcall::member_count;
using farcall::member_name;
using farcall::detail::aggregate_flaw;

template <class T>
std::string names() {
    std::string all;
    if constexpr (member_count<T> != 0) {
        farcall::every_member<T>([&]<std::size_t I>() {
            all += std::string{member_name<T, I>()} + ' ';
            return true;
        });
    }
    return all;
}

TEST(members, of_an_aggregate_are_its_fields_in_order) {
    EXPECT_EQ(names<shop::line>(), "item price ");
    EXPECT_EQ(names<shop::order>(), "id lines gift previous note mark counts triple callback text ");
}

TEST(members, of_an_aggregate_are_references_into_the_value) {
    shop::line line{"pen", 1.5};
    member<1>(line) = 2.5;
    EXPECT_EQ(line.price, 2.5);
    const shop::line& fixed = line;
    static_assert(std::is_same_v<decltype(member<0>(fixed)), const std::string&>);
    static_assert(std::is_same_v<farcall::member_type<shop::line, 0>, std::string>);
    EXPECT_EQ(&member<0>(fixed), &line.item);
}

TEST(members, of_a_single_field_that_is_an_aggregate_are_not_flattened) {
    EXPECT_EQ(names<shop::single>(), "only ");
    EXPECT_EQ(names<shop::nested_single>(), "inside ");
    static_assert(std::is_same_v<farcall::member_type<shop::nested_single, 0>, shop::single>);
}

TEST(members, of_an_empty_struct_are_none) {
    EXPECT_EQ(member_count<shop::nothing>, 0u);
    EXPECT_EQ(names<shop::holds_nothing>(), "a b ");
}

TEST(members, need_no_default_constructor_and_no_copy) {
    EXPECT_EQ(names<shop::holds_no_default>(), "before value after ");
    EXPECT_EQ(names<shop::moves_only>(), "owner number ");
}

TEST(members, of_a_recursive_struct_are_found) {
    EXPECT_EQ(names<shop::recursive>(), "value children ");
}

TEST(members, can_be_sixty_four) {
    EXPECT_EQ(member_count<shop::large>, 64u);
    EXPECT_EQ((member_name<shop::large, 0>()), "field_0");
    EXPECT_EQ((member_name<shop::large, 63>()), "field_63");
    shop::large value{};
    value.field_63 = 7;
    EXPECT_EQ(member<63>(value), 7);
}

TEST(members, of_types_without_linkage_are_found) {
    struct local {
        int inner;
    };
    EXPECT_EQ(names<shop::internal>(), "first second ");
    EXPECT_EQ(names<local>(), "inner ");
}

TEST(members, of_a_described_class_include_private_ones) {
    EXPECT_EQ(names<shop::described>(), "shown secret_ ");
    const shop::described value{9};
    EXPECT_EQ(member<1>(value), 9);
}

TEST(members, of_a_described_class_begin_with_those_of_its_bases) {
    EXPECT_EQ(names<shop::described_derived>(), "inherited own ");
    shop::described_derived value;
    member<0>(value) = 5;
    EXPECT_EQ(value.inherited, 5);
}

TEST(every_member, stops_at_the_first_that_says_no) {
    std::size_t last = 99;
    EXPECT_FALSE(farcall::every_member<shop::order>([&]<std::size_t I>() {
        last = I;
        return I != 3;
    }));
    EXPECT_EQ(last, 3u);
}

TEST(aggregate_flaw, is_empty_for_what_can_be_seen) {
    static_assert(aggregate_flaw<shop::order>().empty());
    static_assert(aggregate_flaw<shop::large>().empty());
    static_assert(aggregate_flaw<shop::nothing>().empty());
    static_assert(aggregate_flaw<shop::holds_no_default>().empty());
    static_assert(aggregate_flaw<shop::moves_only>().empty());
}

TEST(aggregate_flaw, names_a_base_class) {
    constexpr std::string_view expected = "its base class hides its fields; describe it with BOOST_DESCRIBE_STRUCT";
    EXPECT_EQ(aggregate_flaw<shop::derived>(), expected);
    EXPECT_EQ(aggregate_flaw<shop::derived_empty>(), expected);
}

TEST(aggregate_flaw, names_a_c_array) {
    constexpr std::string_view expected =
        "a C array in it hides its fields; use std::array, or describe it with BOOST_DESCRIBE_STRUCT";
    EXPECT_EQ(aggregate_flaw<shop::with_array>(), expected);
    EXPECT_EQ(aggregate_flaw<shop::with_array_of_one>(), expected);
    EXPECT_EQ(aggregate_flaw<shop::with_matrix>(), expected);
    EXPECT_EQ(aggregate_flaw<shop::move_only_with_array>(), expected);
}

TEST(aggregate_flaw, names_a_reference) {
    constexpr std::string_view expected = "a reference in it refers to nothing in JSON; make it a value";
    EXPECT_EQ(aggregate_flaw<shop::with_reference>(), expected);
    EXPECT_EQ(aggregate_flaw<shop::with_const_reference>(), expected);
}

TEST(members, of_a_struct_with_a_vector_of_what_cannot_be_copied_are_found) {
    struct node {
        int value;
        std::vector<std::unique_ptr<node>> children;
        std::map<int, std::unique_ptr<int>> more;
    };
    EXPECT_EQ(names<node>(), "value children more ");
}

TEST(aggregate_flaw, names_too_many_fields_or_a_large_array) {
    constexpr std::string_view expected =
        "it has more than 100 fields, or a C array; use std::array, or describe it with BOOST_DESCRIBE_STRUCT";
    EXPECT_EQ(aggregate_flaw<shop::too_large>(), expected);
    EXPECT_EQ(aggregate_flaw<shop::page>(), expected);
    static_assert(aggregate_flaw<shop::largest>().empty() && member_count<shop::largest> == 100);
}
