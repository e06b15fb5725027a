#include <farcall/service/signature_text.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace {

using farcall::detail::has_default_argument;
using farcall::detail::parameter_count;
using farcall::detail::parameter_list;
using farcall::detail::parameter_name;
using farcall::detail::parameter_names;
using farcall::detail::signature_of;

struct parameter_case {
    std::string_view text;
    std::string_view name;
};

constexpr parameter_case parameter_cases[] = {
    // simple types
    {"int a", "a"},
    {"int", ""},
    {"int const", ""},
    {"int const a", "a"},
    {"const int a", "a"},
    {"const int", ""},
    {"unsigned", ""},
    {"unsigned long", ""},
    {"unsigned long count", "count"},
    {"unsigned count", "count"},
    {"unsigned_count", ""},
    {"unsigned_count unsigned_", "unsigned_"},
    {"long long int x", "x"},
    {"long long int", ""},
    {"long unsigned int long_", "long_"},
    {"signed char c", "c"},
    {"char8_t c", "c"},
    {"double volatile d", "d"},
    {"bool", ""},
    // user types
    {"foo", ""},
    {"foo bar", "bar"},
    {"foo const bar", "bar"},
    {"foo const", ""},
    {"const foo&", ""},
    {"const foo& f", "f"},
    {"const foo &f", "f"},
    {"const foo&f", "f"},
    {"foo const& f", "f"},
    {"const foo", ""},
    {"volatile const foo", ""},
    {"foo&&", ""},
    {"foo&& f", "f"},
    {"foo*", ""},
    {"foo* p", "p"},
    {"foo * const p", "p"},
    {"foo *const*p", "p"},
    // qualified names
    {"ns::type", ""},
    {"ns::type t", "t"},
    {"const ns::type& t", "t"},
    {"::global", ""},
    {"::global g", "g"},
    {"::ns::inner::type t", "t"},
    {"ns :: type t", "t"},
    {"ns::type::", ""},
    // templates
    {"std::vector<int> v", "v"},
    {"std::vector<int>", ""},
    {"std::vector<std::pair<int,int>> v", "v"},
    {"std::vector<std::pair<int, int> >v", "v"},
    {"std::map<std::string, std::vector<int>> const& m", "m"},
    {"foo<int>::bar", ""},
    {"foo<int>::bar b", "b"},
    {"foo::bar<(1>2)> v", "v"},
    {"foo::bar<(1>2)>", ""},
    {"foo::bar<(1<2)> v", "v"},
    {"foo<(a < b)> v", "v"},
    {"foo<sizeof(int)> v", "v"},
    {"foo<'>'> v", "v"},
    {"foo<','> v", "v"},
    {"foo<'\\''> v", "v"},
    {"foo<\"a,b>\"> v", "v"},
    {"foo<\"say \\\"hi\\\", >\"> v", "v"},
    {"foo<R\"(a\"b>,)\"> v", "v"},
    {"foo<u8R\"x()\")x\"> v", "v"},
    {"foo<1'000> v", "v"},
    {"foo<[](int a, int b) { return a < b; }> v", "v"},
    {"foo<bar{1, 2}> v", "v"},
    {"std::function<void(int a, int b)> f", "f"},
    {"std::function<void(int a, int b)>", ""},
    {"std::array<int, 3> const", ""},
    {"foo<int> bar", "bar"},
    {"typename x::y z", "z"},
    {"typename x::y", ""},
    {"typename x::template y<int> z", "z"},
    {"typename x::template y<int>", ""},
    // elaborated types and decltype
    {"struct foo f", "f"},
    {"struct foo", ""},
    {"const struct foo& f", "f"},
    {"enum ns::color c", "c"},
    {"enum ns::color", ""},
    {"union u v", "v"},
    {"class foo<int> f", "f"},
    {"decltype(x) y", "y"},
    {"decltype(x)", ""},
    {"decltype(f(1, 2)) y", "y"},
    {"const decltype(x)& y", "y"},
    {"decltype(x)::type y", "y"},
    {"decltype(x)::type", ""},
    // declarators in parentheses
    {"int (&arr)[3]", "arr"},
    {"int (&)[3]", ""},
    {"int (&&arr)[3]", "arr"},
    {"const foo (&arr)[2][3]", "arr"},
    {"int (*fp)(int, int)", "fp"},
    {"int (*)(int, int)", ""},
    {"int (*fp)(int a, int b)", "fp"},
    {"void (*const fp)()", "fp"},
    {"int (*(*fp)(int x))(double y)", "fp"},
    {"int (foo::*member)(int)", "member"},
    {"int (ns::foo::*)(int)", ""},
    {"int foo::*member", "member"},
    {"int f(int a)", "f"},
    {"int(int a)", ""},
    {"foo(bar)", ""},
    {"int arr[3]", "arr"},
    {"int arr[]", "arr"},
    {"int[3]", ""},
    {"int arr[3][sizeof(b)]", "arr"},
    {"foo arr[N]", "arr"},
    {"foo[N]", ""},
    // attributes, packs, defaults
    {"[[maybe_unused]] int a", "a"},
    {"[[maybe_unused]] foo", ""},
    {"int a [[maybe_unused]]", "a"},
    {"alignas(8) int a", "a"},
    {"__attribute__((unused)) int a", "a"},
    {"int* __restrict p", "p"},
    {"T... args", ""},
    {"...", ""},
    {"int a = 5", "a"},
    {"int = 5", ""},
    {"foo f = {1, 2}", "f"},
    {"bool b = c < d", "b"},
    // white space and names
    {"\tint\n a ", "a"},
    {"  ", ""},
    {"", ""},
    {"int _", "_"},
    {"int a1", "a1"},
    {"int final", "final"},
    {"int größe", "größe"},
    {"void", ""},
};

TEST(signature_text, reads_the_name_of_a_parameter) {
    for (const auto& [text, name] : parameter_cases) EXPECT_EQ(parameter_name(text), name) << text;
}

TEST(signature_text, reads_at_compile_time) {
    static_assert(parameter_name("std::vector<std::pair<int,int>> v") == "v");
    static_assert(parameter_names<2>("int(int a, int b)")[1] == "b");
}

struct tail_case {
    std::string_view tail;
    std::string_view signature;
    std::string_view parameters;
};

constexpr tail_case tail_cases[] = {
    {"int(int a, int b)", "int(int a, int b)", "int a, int b"},
    {"int(int a, int b), farcall::readonly", "int(int a, int b)", "int a, int b"},
    {"int(int a, int b) , x<1,2>", "int(int a, int b)", "int a, int b"},
    {"void()", "void()", ""},
    {"void(void)", "void(void)", ""},
    {"void( void )", "void( void )", ""},
    {"void(\n\tint a,\n\tint b\n)", "void(\n\tint a,\n\tint b\n)", "int a,\n\tint b"},
    {"std::map<std::string,int>(std::map<std::string,int> m)", "std::map<std::string,int>(std::map<std::string,int> m)",
     "std::map<std::string,int> m"},
    {"std::map<std::string,int>(std::map<std::string,int> m), a<b,c>",
     "std::map<std::string,int>(std::map<std::string,int> m)", "std::map<std::string,int> m"},
    {"foo<(1>2), 3>(int a), b", "foo<(1>2), 3>(int a)", "int a"},
    {"std::function<void(int, int)>(int a), b", "std::function<void(int, int)>(int a)", "int a"},
    {"auto(int a, int b) -> int, b", "auto(int a, int b) -> int", "int a, int b"},
    {"auto(int a) -> std::pair<int,int>, b", "auto(int a) -> std::pair<int,int>", "int a"},
    {"auto(int a) -> decltype(f(1, 2)), b", "auto(int a) -> decltype(f(1, 2))", "int a"},
    {"decltype(f(1, 2))(int a), b", "decltype(f(1, 2))(int a)", "int a"},
    {"void(foo<','> a, foo<')'> b), c", "void(foo<','> a, foo<')'> b)", "foo<','> a, foo<')'> b"},
    {"void(foo<\"),(\"> a), c", "void(foo<\"),(\"> a)", "foo<\"),(\"> a"},
    {"void(int (*fp)(int, int), int b), c", "void(int (*fp)(int, int), int b)", "int (*fp)(int, int), int b"},
    {"void(int a = f(1, 2), int b = 3), c", "void(int a = f(1, 2), int b = 3)", "int a = f(1, 2), int b = 3"},
    {"int", "int", ""},
    {"", "", ""},
};

TEST(signature_text, ends_at_the_first_comma_of_the_top_level) {
    for (const tail_case& c : tail_cases) EXPECT_EQ(signature_of(c.tail), c.signature) << c.tail;
}

TEST(signature_text, has_its_parameters_in_the_last_parentheses) {
    for (const tail_case& c : tail_cases) EXPECT_EQ(parameter_list(c.signature), c.parameters) << c.tail;
}

TEST(signature_text, counts_parameters) {
    EXPECT_EQ(parameter_count(""), 0u);
    EXPECT_EQ(parameter_count("int"), 1u);
    EXPECT_EQ(parameter_count("std::map<int, int> m"), 1u);
    EXPECT_EQ(parameter_count("int (*fp)(int, int), int (&a)[3], foo<(1>2), 3> b"), 3u);
}

template <std::size_t Count>
std::vector<std::string> names_of(std::string_view signature) {
    const auto names = parameter_names<Count>(signature);
    return {names.begin(), names.end()};
}

using names = std::vector<std::string>;

TEST(signature_text, gives_all_names_in_order) {
    EXPECT_EQ(names_of<0>("void()"), names{});
    EXPECT_EQ(names_of<0>("void(void)"), names{});
    EXPECT_EQ(names_of<2>("int(int a, int b)"), (names{"a", "b"}));
    EXPECT_EQ(names_of<2>("std::map<int,int>(std::map<int,int> left, std::map<int,int> right)"),
              (names{"left", "right"}));
    EXPECT_EQ(names_of<2>("auto(int a, int b) -> std::pair<int, int>"), (names{"a", "b"}));
}

TEST(signature_text, leaves_unnamed_parameters_empty) {
    EXPECT_EQ(names_of<3>("int(int a, unsigned long, ns::type c)"), (names{"a", "", "c"}));
    EXPECT_EQ(names_of<2>("int(const foo&, foo)"), (names{"", ""}));
}

TEST(signature_text, gives_no_names_rather_than_wrong_ones) {
    EXPECT_EQ(names_of<3>("int(int a, int b)"), (names{"", "", ""})) << "another number of parameters than the type has";
    EXPECT_EQ(names_of<2>("int(int a, int a)"), (names{"", ""})) << "a name twice";
    EXPECT_EQ(names_of<1>("alias_of_a_signature"), names{""}) << "a signature without parentheses";
}

TEST(signature_text, knows_default_arguments) {
    const auto refused = [](std::string_view signature) { return has_default_argument(parameter_list(signature)); };
    EXPECT_TRUE(refused("int(int a = 5)"));
    EXPECT_TRUE(refused("int(int a, int = {})"));
    EXPECT_TRUE(refused("int(bool a = b == c)"));
    EXPECT_TRUE(refused("int(std::vector<int> v = {1, 2})"));
    EXPECT_FALSE(refused("int(int a, int b)"));
    EXPECT_FALSE(refused("int(foo<(a == b)> c)"));
    EXPECT_FALSE(refused("int(foo<a == b> c, foo<(a >= b)> d, foo<'='> e, foo<\"=\"> f)"));
    EXPECT_FALSE(refused("int(foo<[](int a = 1) { return a; }> b)"));
}

// Any text at all is read without harm: cut at every byte, and with brackets that match nothing.
TEST(signature_text, survives_any_text) {
    std::vector<std::string> texts{"((((((", "))))", "<<<<>>>>", "a<b", "a>b", "'", "\"", "R\"(", "R\"", "u8R\"x(", "[[", "{",
                                   "a(b[c{d<e", "\\", ",,,,", "->", "(->)", "::", "= =", "'\\", "\"\\"};
    texts.emplace_back(80, '(');
    texts.emplace_back(80, '<');
    for (const auto& c : parameter_cases) texts.emplace_back(c.text);
    for (const auto& c : tail_cases) texts.emplace_back(c.tail);
    for (const std::string& text : texts) {
        for (std::size_t size = 0; size <= text.size(); ++size) {
            const std::vector<char> exact(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
            const std::string_view cut{exact.data(), exact.size()};
            const std::string_view signature = signature_of(cut);
            EXPECT_LE(signature.size(), cut.size());
            EXPECT_LE(parameter_list(signature).size(), signature.size());
            EXPECT_LE(parameter_name(cut).size(), cut.size());
            (void)parameter_names<2>(cut);
            (void)has_default_argument(cut);
        }
    }
}

}  // namespace
