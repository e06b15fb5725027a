#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "recording_core.hpp"

namespace proxy_test {

struct point {
    int x = 0;
    int y = 0;
};
struct token {};

// Types with the names of methods and of what a service contains: a declaration must not hide them.
struct proxy {};
struct name {};
struct receipt {};

RPC_SERVICE(Shapes,
    (add, int(int a, int b), farcall::readonly),
    (move, point(point from, const point& by)),
    (ping, void()),
    (say, void(std::string_view text)),
    (take, int(std::unique_ptr<int> owned)),
    (receipt, receipt(proxy p, name n)),
    (issue, receipt(receipt r)))

// Every one of these is a name in a proxy's classes, or a likely one.
RPC_SERVICE(Names,
    (proxy, int()), (core, int()), (call, int()), (start, int()), (name, int()), (methods, int()), (basic_proxy, int()),
    (service, int()), (invoke, int()), (info, int()), (Result, int()), (Token, int(int token)), (Arguments, int()),
    (arguments, int(int arguments)), (token, int()), (farcall, int()), (std, int()), (handler, int()), (Handler, int()),
    (client, int()), (error, int()), (method, int()), (index, int()), (policy, int()), (Policy, int()),
    (signature, int()), (detail, int()), (data, int()), (entry, int()), (Names, int()))

template <class Policy>
void takes_any_policy(const Shapes::basic_proxy<Policy>&) {}

using shapes = Shapes::basic_proxy<recording>;

template <class Proxy>
concept adds_text = requires(const Proxy& proxy) { proxy.add(std::string{}, 1); };
template <class Proxy>
concept adds_too_many = requires(const Proxy& proxy) { proxy.add(1, 2, token{}, 4); };
template <class Proxy>
concept takes_what_cannot_be_copied =
    requires(const Proxy& proxy, const std::unique_ptr<int>& owned) { proxy.take(owned); };
template <class Proxy>
concept has_core = requires(const Proxy& proxy) { proxy.farcall_core_; };

const auto& core(const auto& proxy) { return farcall::detail::proxy_access::core(proxy); }

TEST(proxy, copies_no_argument) {
    static_assert(takes_what_cannot_be_copied<shapes>);
}

TEST(proxy, has_the_methods_with_the_declared_types) {
    static_assert(std::is_same_v<decltype(std::declval<const shapes&>().add(1, 2)), int>);
    static_assert(std::is_same_v<decltype(std::declval<const shapes&>().move({1, 2}, {.x = 3})), point>);
    static_assert(std::is_same_v<decltype(std::declval<const shapes&>().ping()), void>);
    static_assert(!adds_text<shapes>);
    static_assert(!adds_too_many<shapes>);
    std::vector<std::string> calls;
    const shapes proxy{"tcp://host:1", {.calls = &calls}};
    EXPECT_EQ(proxy.add(1, 2), 0);
    proxy.ping();
    proxy.say("hello");
    proxy.move({1, 2}, {.x = 3});
    proxy.take(std::make_unique<int>(7));
    proxy.receipt({}, {});
    proxy.issue({});
    EXPECT_EQ(calls, (std::vector<std::string>{"Shapes.add", "Shapes.ping", "Shapes.say", "Shapes.move", "Shapes.take",
                                               "Shapes.receipt", "Shapes.issue"}));
}

TEST(proxy, takes_a_token_behind_the_arguments) {
    const shapes proxy{"tcp://host:1"};
    const auto sum = proxy.add(5, 3, token{});
    static_assert(std::is_same_v<decltype(sum), const started<token, int, int>>);
    EXPECT_EQ(sum.method, "Shapes.add");
    EXPECT_EQ(sum.arguments, std::make_tuple(5, 3));
    EXPECT_EQ(proxy.ping(token{}).method, "Shapes.ping");
    EXPECT_EQ(std::get<1>(proxy.move({1, 2}, {.y = 4}, token{}).arguments).y, 4);
    const int lvalue_token = 9;
    EXPECT_EQ(proxy.say("text", lvalue_token).token, 9);
}

TEST(proxy, takes_braces_for_policy_and_options) {
    using namespace std::chrono_literals;
    const shapes plain{"tcp://host:1"};
    EXPECT_EQ(core(plain).url(), "tcp://host:1");
    const shapes with_policy{"tcp://host:1", {.number = 3}};
    EXPECT_EQ(core(with_policy).policy().number, 3);
    const shapes empty_policy{"tcp://host:1", {}};
    EXPECT_EQ(core(empty_policy).policy().number, 0);
    const shapes with_options{"tcp://host:1", {.number = 4}, {.timeout = 30ms}};
    EXPECT_EQ(core(with_options).options().timeout, 30ms);
    const std::string url = "unix:///run/shapes";
    const shapes from_string{url};
    EXPECT_EQ(core(from_string).url(), url);
}

TEST(proxy, runs_on_an_executor_that_stands_before_the_url) {
    const shapes proxy{42, "tcp://host:1", {.number = 3}};
    EXPECT_EQ(core(proxy).executor(), 42);
    EXPECT_EQ(core(proxy).url(), "tcp://host:1");
    EXPECT_EQ(core(proxy).policy().number, 3);
}

TEST(proxy, is_made_from_a_core_by_its_access_only) {
    const shapes first{"tcp://host:1", {.number = 5}};
    const auto second = farcall::detail::proxy_access::make<shapes>(core(first));
    EXPECT_EQ(core(second).policy().number, 5);
    static_assert(!has_core<shapes>);
    static_assert(!std::is_default_constructible_v<shapes>);
}

TEST(proxy, copies_and_moves_as_its_core_does) {
    static_assert(std::is_copy_constructible_v<shapes> && std::is_copy_assignable_v<shapes>);
    static_assert(std::is_nothrow_move_constructible_v<shapes> ==
                  std::is_nothrow_move_constructible_v<farcall::detail::proxy_core<Shapes, recording>>);
    static_assert(sizeof(shapes) == sizeof(farcall::detail::proxy_core<Shapes, recording>), "its bases are empty");
    const shapes first{"tcp://host:1", {.number = 6}};
    const shapes second = first;
    EXPECT_EQ(core(second).policy().number, 6);
}

TEST(proxy, lets_a_function_template_deduce_the_policy) {
    takes_any_policy(shapes{"tcp://host:1"});
    static_assert(std::is_same_v<Shapes::proxy, Shapes::basic_proxy<farcall::no_retry>>);
}

TEST(proxy, has_methods_of_any_name) {
    const Names::basic_proxy<recording> proxy{"tcp://host:1"};
    const int sum = proxy.proxy() + proxy.core() + proxy.call() + proxy.start() + proxy.name() + proxy.methods() +
                    proxy.basic_proxy() + proxy.service() + proxy.invoke() + proxy.info() + proxy.Result() +
                    proxy.Token(1) + proxy.Arguments() + proxy.arguments(1) + proxy.token() + proxy.farcall() +
                    proxy.std() + proxy.handler() + proxy.Handler() + proxy.client() + proxy.error() + proxy.method() +
                    proxy.index() + proxy.policy() + proxy.Policy() + proxy.signature() + proxy.detail() +
                    proxy.data() + proxy.entry() + proxy.Names();
    EXPECT_EQ(sum, 0);
    EXPECT_EQ(proxy.Token(1, token{}).method, "Names.Token");
    EXPECT_EQ(proxy.Names(token{}).method, "Names.Names");
}

}  // namespace proxy_test
