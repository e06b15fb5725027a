#include <farcall/service/handler.hpp>

#include <farcall/service.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace handler_test {

/// Stands for an awaitable: what a handler may return in place of the result.
template <class T>
struct later {
    T value;
};
template <>
struct later<void> {};

}  // namespace handler_test

template <class T>
struct farcall::awaited_result<handler_test::later<T>> {
    using type = T;
};

namespace handler_test {

RPC_SERVICE(Shapes,
    (area, double(int width, int height)),
    (name, std::string(std::string_view prefix)),
    (clear, void(const std::string& reason)),
    (own, int(std::unique_ptr<int> p)))

using area = farcall::method_named<Shapes, "area">;
using name = farcall::method_named<Shapes, "name">;
using clear = farcall::method_named<Shapes, "clear">;
using own = farcall::method_named<Shapes, "own">;
using enum farcall::handler_match;
using farcall::context;
using farcall::handler_call;

struct plain_handler {
    double area(int width, int height) { return width * height; }
    std::string name(std::string prefix) { return prefix; }
    void clear(std::string) {}
    int own(std::unique_ptr<int> p) { return *p; }
};
struct const_handler {
    double area(int width, int height) const noexcept { return width * height; }
    std::string name(std::string_view prefix) const { return std::string{prefix}; }
    void clear(const std::string&) const {}
    int own(std::unique_ptr<int>&& p) const { return *p; }
};
struct static_handler {
    static double area(int width, int height) { return width * height; }
    static std::string name(const std::string& prefix) { return prefix; }
    static void clear(std::string&&) {}
    static int own(std::shared_ptr<int> p) { return *p; }
};
struct overloaded_handler {
    double area(int, int) { return 1; }
    double area(std::string) { return 2; }
    double area(int) { return 3; }
    std::string name(auto prefix) { return prefix; }
    std::string name(int) { return {}; }
    void clear(std::string, int times = 1) { (void)times; }
    int own(auto&&... values) { return int{sizeof...(values)}; }
};
struct context_handler {
    double area(context&, int width, int height) const { return width * height; }
    std::string name(context&, std::string prefix) { return prefix; }
    static void clear(context&, const std::string&) {}
    int own(std::unique_ptr<int>) { return 0; }
};
struct later_handler {
    later<double> area(int, int) { return {}; }
    later<std::string> name(context&, std::string) { return {}; }
    later<void> clear(std::string) { return {}; }
    later<int> own(std::unique_ptr<int>) { return {}; }
};
struct convertible_handler {
    int area(long, double) { return 0; }
    const char* name(std::string) { return ""; }
    void clear(std::string) {}
    later<short> own(std::unique_ptr<int>) { return {}; }
};
struct base {
    double area(int, int) { return 0; }
    std::string name(std::string) { return {}; }
};
struct derived : base {
    void clear(std::string) {}
    int own(std::unique_ptr<int>) { return 0; }
};
struct both_handler {
    double area(int, int) { return 0; }
    double area(context&, int, int) { return 1; }
};
struct callable_member {
    double (*area)(int, int) = nullptr;
};

TEST(handler, serves_with_plain_const_static_and_noexcept_functions) {
    static_assert(farcall::handler_of<plain_handler, Shapes>);
    static_assert(farcall::handler_of<const_handler, Shapes>);
    static_assert(farcall::handler_of<const const_handler, Shapes>);
    static_assert(!farcall::handler_of<const plain_handler, Shapes>);
    static_assert(farcall::handler_of<static_handler, Shapes>);
    static_assert(farcall::handler_of<derived, Shapes>);
    static_assert(handler_call<area, callable_member> == plain);
}

TEST(handler, serves_with_overloads_templates_and_default_arguments) {
    static_assert(farcall::handler_of<overloaded_handler, Shapes>);
}

TEST(handler, may_take_a_context_first) {
    static_assert(farcall::handler_of<context_handler, Shapes>);
    static_assert(handler_call<area, context_handler> == with_context);
    static_assert(handler_call<clear, context_handler> == with_context);
    static_assert(handler_call<own, context_handler> == plain);
    static_assert(handler_call<area, both_handler> == plain);
}

TEST(handler, may_return_what_is_awaited_or_converted) {
    static_assert(farcall::handler_of<later_handler, Shapes>);
    static_assert(farcall::handler_of<convertible_handler, Shapes>);
}

struct wrong {
    std::string area(int, int) { return {}; }
    later<int> name(std::string) { return {}; }
    bool clear(std::string) { return true; }
    void own(std::unique_ptr<int>) {}
};
struct wrong_with_context {
    std::string area(context&, int, int) { return {}; }
};
struct missing_all {
    double Area(int, int) { return 0; }
    std::string name(int) { return {}; }
    void clear(std::string&) {}
    int own(std::unique_ptr<int>&) { return 0; }
};
class hidden {
    [[maybe_unused]] double area(int, int) { return 0; }
};

TEST(handler, is_refused_for_another_result) {
    static_assert(handler_call<area, wrong> == wrong_result);
    static_assert(handler_call<name, wrong> == wrong_result);
    static_assert(handler_call<clear, wrong> == wrong_result);  // nobody would get it
    static_assert(handler_call<own, wrong> == wrong_result);
    static_assert(handler_call<area, wrong_with_context> == wrong_result);
    static_assert(!farcall::handler_of<wrong, Shapes>);
}

TEST(handler, is_refused_without_a_callable_function) {
    static_assert(handler_call<area, missing_all> == missing);
    static_assert(handler_call<name, missing_all> == missing);
    static_assert(handler_call<clear, missing_all> == missing);
    static_assert(handler_call<own, missing_all> == missing);
    static_assert(handler_call<area, hidden> == missing);
    static_assert(!farcall::handler_of<missing_all, Shapes>);
    static_assert(!farcall::handler_of<plain_handler, int>);
}

RPC_SERVICE(Streams, (count, farcall::stream<int>(int to)), (mean, double(farcall::stream<double> values)))
struct streaming_handler {
    farcall::stream<int> count(int to);
    double mean(farcall::stream<double> values);
};

TEST(handler, is_refused_for_methods_with_streams) {
    static_assert(!farcall::handler_of<streaming_handler, Streams>);
}

TEST(handler, gets_its_arguments_moved) {
    plain_handler handler;
    EXPECT_EQ(farcall::detail::invoke_handler<own>(handler, std::make_unique<int>(4)), 4);
    EXPECT_EQ(farcall::detail::invoke_handler<area>(handler, 2, 3), 6.0);
    EXPECT_TRUE((farcall::detail::check_handler<Shapes, plain_handler>()));
}

}  // namespace handler_test
