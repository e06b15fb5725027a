#include <farcall/service.hpp>

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace descriptor_test {

struct division_by_zero {
    int dividend;
};
struct account {};
struct money {};
struct receipt {};

RPC_SERVICE(Calculator,
    (add,      int(int a, int b),                           farcall::readonly),
    (divide,   int(int a, int b),                           farcall::readonly, farcall::throws<division_by_zero>),
    (greet,    std::string(const std::string& name),        farcall::doc<"Says hello, and your name.">),
    (count,    farcall::stream<int>(int from, int to)),
    (mean,     double(farcall::stream<double> values)),
    (transfer, receipt(account from, account to, money), farcall::exactly_once, farcall::timeout_ms<1500>),
    (search,   std::map<std::string, std::vector<int>>(std::string_view text, std::pair<int, int> range),
               farcall::idempotent, farcall::blocking, farcall::alias<"find">, farcall::deprecated<"use query">),
    (ping,     void(void)))

/// What the untyped parts of the library see of a service, as text.
template <farcall::service S>
std::string table() {
    std::string text{farcall::service_descriptor<S>::name};
    text += '\n';
    farcall::for_each_method<S>([&]<class Method>() {
        const farcall::method_info& m = Method::info;
        text += std::string{m.service} + '|' + std::string{m.name} + '|' + std::string{m.wire_name} + '|' +
                std::string{m.signature} + '|' + std::string{to_string(m.semantics)} +
                (m.readonly ? "|readonly" : "|") + (m.blocking ? "|blocking" : "|") + '|' +
                std::to_string(m.timeout.count()) + '|' + std::string{m.doc} + '|' + std::string{m.deprecated} + '|';
        for (const std::string_view alias : m.aliases) text += std::string{alias} + ';';
        text += '|';
        for (const std::string_view parameter : m.parameters) text += std::string{parameter} + ';';
        text += '\n';
    });
    return text;
}

// The promise of the macro: what each part of a declaration becomes.
TEST(service_descriptor, is_the_table_of_the_declaration) {
    EXPECT_EQ(table<Calculator>(),
              "Calculator\n"
              "Calculator|add|Calculator.add|int(int a, int b)|idempotent|readonly||0||||a;b;\n"
              "Calculator|divide|Calculator.divide|int(int a, int b)|idempotent|readonly||0||||a;b;\n"
              "Calculator|greet|Calculator.greet|std::string(const std::string& name)|at_most_once|||0|"
              "Says hello, and your name.|||name;\n"
              "Calculator|count|Calculator.count|farcall::stream<int>(int from, int to)|at_most_once|||0||||from;to;\n"
              "Calculator|mean|Calculator.mean|double(farcall::stream<double> values)|at_most_once|||0||||values;\n"
              "Calculator|transfer|Calculator.transfer|receipt(account from, account to, money)|exactly_once|||1500||||"
              "from;to;;\n"
              "Calculator|search|Calculator.search|std::map<std::string, std::vector<int>>(std::string_view text, "
              "std::pair<int, int> range)|idempotent||blocking|0||use query|find;|text;range;\n"
              "Calculator|ping|Calculator.ping|void(void)|at_most_once|||0||||\n");
}

TEST(service_descriptor, knows_the_types) {
    using search = farcall::method_named<Calculator, "search">;
    static_assert(std::is_same_v<search::signature, std::map<std::string, std::vector<int>>(std::string_view,
                                                                                            std::pair<int, int>)>);
    static_assert(std::is_same_v<search::result, std::map<std::string, std::vector<int>>>);
    static_assert(std::is_same_v<search::parameters, farcall::type_list<std::string_view, std::pair<int, int>>>);
    static_assert(std::is_same_v<search::stored, farcall::type_list<std::string, std::pair<int, int>>>);
    static_assert(search::arity == 2);
    using greet = farcall::method_named<Calculator, "greet">;
    static_assert(std::is_same_v<greet::parameters, farcall::type_list<const std::string&>>);
    static_assert(std::is_same_v<greet::stored, farcall::type_list<std::string>>);
    using ping = farcall::method_named<Calculator, "ping">;
    static_assert(ping::arity == 0 && std::is_void_v<ping::result>);
}

TEST(service_descriptor, marks_methods_with_streams) {
    static_assert(farcall::method_named<Calculator, "count">::streams);
    static_assert(farcall::method_named<Calculator, "mean">::streams);
    static_assert(!farcall::method_named<Calculator, "add">::streams);
    static_assert(farcall::involves_stream<void(int, const farcall::stream<int>&)>);
}

TEST(service_descriptor, is_constant) {
    static constexpr const farcall::method_info& add = farcall::method_named<Calculator, "add">::info;
    static_assert(add.parameters[1] == "b" && add.wire_name == "Calculator.add");
    static_assert(farcall::method_count<Calculator> == 8);
    static_assert(std::is_void_v<farcall::method_named<Calculator, "multiply">>);
}

TEST(service_descriptor, tells_services_from_other_types) {
    static_assert(farcall::service<Calculator>);
    static_assert(!farcall::service<int>);
    static_assert(!farcall::service<division_by_zero>);
}

struct by_value {
    int add(int a, int b) { return a + b; }
};

TEST(service_descriptor, calls_a_method_on_a_handler) {
    using add = farcall::method_named<Calculator, "add">;
    by_value handler;
    EXPECT_EQ(add::invoke(handler, 2, 3), 5);
    static_assert(requires { add::invoke(handler, 2, 3); });
    static_assert(![](auto& h) { return requires { add::invoke(h, 2); }; }(handler));
    static_assert(![](auto& h) { return requires { farcall::method_named<Calculator, "greet">::invoke(h, ""); }; }(handler));
}

// Another front end: a table without the macro.
struct negate_method {
    using signature = int(int);
    using attributes = farcall::type_list<farcall::readonly>;
    using result = int;
    using parameters = farcall::type_list<int>;
    using stored = farcall::type_list<int>;
    static constexpr std::size_t arity = 1;
    static constexpr std::string_view name = "negate";
    static constexpr farcall::method_info info{.service = "Adopted", .name = name, .wire_name = "Adopted.negate"};
    template <class Handler, class... Arguments>
    static auto invoke(Handler& handler, Arguments&&... arguments)
        -> decltype(handler.negated(std::forward<Arguments>(arguments)...)) {
        return handler.negated(std::forward<Arguments>(arguments)...);
    }
};
struct adopted {
    int negated(int a) const { return -a; }
};

}  // namespace descriptor_test

template <>
struct farcall::service_descriptor<descriptor_test::adopted> {
    static constexpr std::string_view name = "Adopted";
    using methods = farcall::type_list<descriptor_test::negate_method>;
};

namespace descriptor_test {

TEST(service_descriptor, may_be_supplied_for_any_type) {
    static_assert(farcall::service<adopted>);
    static_assert(farcall::method_count<adopted> == 1);
    static_assert(farcall::handler_of<adopted, adopted>);
    static_assert(farcall::detail::check_handler<adopted, adopted>());
    adopted handler;
    EXPECT_EQ((farcall::method_named<adopted, "negate">::invoke(handler, 3)), -3);
    EXPECT_NE(table<adopted>().find("Adopted.negate"), std::string::npos);
}

}  // namespace descriptor_test

// A service in the global namespace, one of the same name elsewhere, and one in a namespace without a name.
RPC_SERVICE(Clock, (now, long()))
namespace descriptor_test {
RPC_SERVICE(Clock, (now, int()), (zone, std::string()))
namespace {
RPC_SERVICE(Hidden, (secret, int(int)));
}
}  // namespace descriptor_test

namespace descriptor_test {

TEST(service_descriptor, has_the_bare_name_in_any_namespace) {
    EXPECT_EQ(farcall::service_descriptor<::Clock>::name, "Clock");
    EXPECT_EQ(farcall::service_descriptor<descriptor_test::Clock>::name, "Clock");
    static_assert(farcall::method_count<::Clock> == 1 && farcall::method_count<descriptor_test::Clock> == 2);
    EXPECT_EQ((farcall::method_named<Hidden, "secret">::info.wire_name), "Hidden.secret");
}

}  // namespace descriptor_test
