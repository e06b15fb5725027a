#include <farcall/codec/json_problem.hpp>

#include <any>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "support.hpp"

using farcall::coding;
using farcall::json_decodable;
using farcall::json_encodable;

namespace problem_test {

struct user {
    std::string name;
};
struct account {
    int id;
    user* owner;
};
struct bank {
    std::map<std::string, std::vector<account>> accounts;
};
struct guarded {
    std::mutex guard;
};
struct base {
    int x;
};
struct derived : base {
    int y;
};
struct with_array {
    char name[16];
};
struct with_reference {
    int& other;
};
union either {
    int a;
    float b;
};
struct forward;
class closed {
public:
    closed() = default;
    int hidden() const { return hidden_; }

private:
    int hidden_ = 0;
};
struct tree {
    std::vector<tree> children;
    std::unique_ptr<tree> left;
    std::map<std::string, std::optional<tree>> named;
};
struct sick_tree {
    std::vector<sick_tree> children;
    std::unique_ptr<sick_tree> left;
    int* leaf;
};
struct polymorphic {
    virtual ~polymorphic() = default;
};
struct no_default {
    explicit no_default(int v) : value(v) {}
    int value;
};
struct fixed {
    const int value;
};
struct half {};
struct only_written {};

}  // namespace problem_test

template <>
struct farcall::codec<problem_test::no_default> {
    static bool encode(json_writer& out, const problem_test::no_default& v) { return out.integer(v.value); }
    static bool decode(json_reader& in, problem_test::no_default& v) { return in.integer(v.value); }
};
template <>
struct farcall::codec<problem_test::half> {
    static void encode(int) {}
};
template <>
struct farcall::codec<problem_test::only_written> {
    static bool encode(json_writer& out, const problem_test::only_written&) { return out.null(); }
};

using namespace problem_test;

namespace {

template <class T, coding Way = coding::encoding>
std::string problem() {
    return std::string{farcall::detail::json_problem<T, Way>::text.view()};
}

template <class T>
std::string reason() {
    return std::string{farcall::detail::json_problem<T, coding::encoding>::reason};
}

}  // namespace

TEST(json_problem, is_none_for_what_has_a_form) {
    static_assert(json_encodable<int> && json_decodable<int>);
    static_assert(json_encodable<user> && json_decodable<user>);
    static_assert(json_encodable<std::map<std::string, std::vector<std::optional<user>>>>);
    EXPECT_FALSE((farcall::detail::json_problem<user, coding::decoding>::found));
    EXPECT_EQ(reason<user>(), "");
}

TEST(json_problem, names_the_path_to_the_culprit_and_what_to_use_instead) {
    EXPECT_EQ(problem<account>(),
              "account.owner: a raw pointer has no JSON form; use std::optional, std::unique_ptr or std::shared_ptr");
    EXPECT_EQ(problem<bank>(),
              "bank.accounts[][].owner: a raw pointer has no JSON form; use std::optional, std::unique_ptr or "
              "std::shared_ptr");
    static_assert(farcall::detail::json_problem<bank, coding::encoding>::path == "accounts[][].owner");
    EXPECT_TRUE((problem<std::tuple<int, account>>()).ends_with("[1].owner: " + reason<int*>()));
    EXPECT_TRUE((problem<std::variant<int, account>>()).find("alternative 1.owner: ") != std::string::npos);
    EXPECT_TRUE((problem<std::optional<std::unique_ptr<account>>>()).find(": ") != std::string::npos);
}

TEST(json_problem, has_a_reason_for_each_kind_of_type) {
    EXPECT_EQ(reason<int*>(), "a raw pointer has no JSON form; use std::optional, std::unique_ptr or std::shared_ptr");
    EXPECT_EQ(reason<const char*>(), "a raw pointer has no JSON form; use std::string");
    EXPECT_EQ(reason<int&>(), "a reference has no JSON form; use the value itself");
    EXPECT_EQ(reason<void>(), "void has no JSON form");
    EXPECT_EQ(reason<int (*)()>(), "a function has no JSON form");
    EXPECT_EQ(reason<int()>(), "a function or a pointer to a member has no JSON form");
    EXPECT_EQ(reason<int user::*>(), "a function or a pointer to a member has no JSON form");
    EXPECT_EQ(reason<int[3]>(), "a C array has no JSON form; use std::array, std::vector or std::string");
    EXPECT_EQ(reason<either>(), "a union has no JSON form; use std::variant");
    EXPECT_EQ(reason<long double>(), "long double has no portable JSON form; use double");
    EXPECT_EQ(reason<wchar_t>(), "a wide character has no JSON form; use std::string with UTF-8");
    EXPECT_EQ(reason<char8_t>(), "a wide character has no JSON form; use std::string with UTF-8");
    EXPECT_EQ(reason<forward>(), "problem_test::forward is an incomplete type; include its definition");
    EXPECT_EQ(reason<guarded>(),
              "std::mutex has no JSON form; describe it with BOOST_DESCRIBE_CLASS or specialise farcall::codec");
    EXPECT_EQ(
        reason<closed>(),
        "problem_test::closed has no JSON form; describe it with BOOST_DESCRIBE_CLASS or specialise farcall::codec");
    EXPECT_EQ(reason<derived>(), "its base class hides its fields; describe it with BOOST_DESCRIBE_STRUCT");
    EXPECT_EQ(reason<with_array>(),
              "a C array in it hides its fields; use std::array, or describe it with BOOST_DESCRIBE_STRUCT");
    EXPECT_EQ(reason<with_reference>(), "a reference in it refers to nothing in JSON; make it a value");
    EXPECT_EQ((reason<std::map<double, int>>()),
              "the keys of a map must be std::string, integers, char or enums, for JSON has only text there");
    EXPECT_EQ(reason<std::unique_ptr<polymorphic>>(),
              "a pointer to a class with virtual functions would lose what derives from it; use std::variant");
    EXPECT_EQ(reason<std::optional<std::optional<int>>>(),
              "an optional or pointer of what may be null itself is ambiguous: null would mean both");
    EXPECT_EQ(reason<half>(), "farcall::codec<problem_test::half> has no static bool encode(json_writer&, const T&)");
    static_assert(!json_encodable<std::any> && !json_encodable<std::function<void()>> &&
                  !json_encodable<std::weak_ptr<int>>);
    static_assert(!json_encodable<std::u8string> && !json_encodable<std::wstring> &&
                  !json_encodable<std::unique_ptr<int[]>>);
}

TEST(json_problem, takes_recursive_types_for_what_they_consist_of) {
    static_assert(json_encodable<tree> && json_decodable<tree>);
    EXPECT_EQ(problem<sick_tree>(), "sick_tree.leaf: " + reason<int*>());
}

TEST(json_problem, knows_the_direction) {
    static_assert(json_encodable<std::string_view> && !json_decodable<std::string_view>);
    static_assert(json_encodable<std::vector<std::string_view>> && !json_decodable<std::vector<std::string_view>>);
    static_assert(json_encodable<std::map<std::string_view, int>> && !json_decodable<std::map<std::string_view, int>>);
    static_assert(json_encodable<only_written> && !json_decodable<only_written>);
    static_assert(json_encodable<fixed> && !json_decodable<fixed>);
    static_assert(json_encodable<std::shared_ptr<const int>> && !json_decodable<std::shared_ptr<const int>>);
    static_assert(json_decodable<no_default>);
    static_assert(json_encodable<std::vector<no_default>> && !json_decodable<std::vector<no_default>>);
    EXPECT_EQ((farcall::detail::json_problem<std::string_view, coding::decoding>::reason),
              "a std::string_view cannot be decoded, for nobody would own its text; use std::string");
    EXPECT_EQ((farcall::detail::json_problem<fixed, coding::decoding>::text.view()),
              "fixed.value: what is const cannot be decoded into");
    EXPECT_EQ((farcall::detail::json_problem<std::vector<no_default>, coding::decoding>::reason),
              "its elements cannot be decoded, for their type has no default constructor");
}
