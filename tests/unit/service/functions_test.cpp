#include <farcall/service/functions.hpp>

#include <farcall/service.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace functions_test {

RPC_SERVICE(Calculator,
    (add, int(int a, int b)),
    (divide, int(int a, int b)),
    (greet, std::string(std::string name)))

int add(int a, int b) { return a + b; }
std::string greet(farcall::context&, const std::string& name) { return "Hello, " + name; }

struct counter {
    int calls = 0;
    int operator()(int a, int b) {
        ++calls;
        return a / b;
    }
};

using add_method = farcall::method_named<Calculator, "add">;
using divide_method = farcall::method_named<Calculator, "divide">;
using greet_method = farcall::method_named<Calculator, "greet">;
using farcall::detail::invoke_handler;

TEST(functions, are_a_handler) {
    farcall::functions handler{farcall::on<"add">(&add), farcall::on<"divide">([](int a, int b) { return a / b; }),
                               farcall::on<"greet">(greet)};
    using type = decltype(handler);
    static_assert(farcall::handler_of<type, Calculator>);
    static_assert(farcall::handler_call<add_method, type> == farcall::handler_match::plain);
    static_assert(farcall::handler_call<greet_method, type> == farcall::handler_match::with_context);
    static_assert(farcall::detail::check_handler<Calculator, type>());
    EXPECT_EQ(invoke_handler<add_method>(handler, 2, 3), 5);
    EXPECT_EQ(invoke_handler<divide_method>(handler, 7, 2), 3);
}

TEST(functions, may_stand_in_any_order_and_have_state) {
    farcall::functions handler{farcall::on<"divide">(counter{}), farcall::on<"add">(add),
                               farcall::on<"greet">([n = 0](std::string name) mutable { return name + std::to_string(++n); })};
    EXPECT_EQ(invoke_handler<greet_method>(handler, std::string{"a"}), "a1");
    EXPECT_EQ(invoke_handler<greet_method>(handler, std::string{"a"}), "a2");
    EXPECT_EQ(invoke_handler<divide_method>(handler, 9, 3), 3);
}

TEST(functions, may_be_movable_only) {
    farcall::functions handler{farcall::on<"add">([p = std::make_unique<int>(5)](int a, int b) { return *p + a + b; })};
    auto moved = std::move(handler);
    EXPECT_EQ(invoke_handler<add_method>(moved, 1, 1), 7);
}

TEST(functions, lack_what_is_not_named) {
    using only_add = decltype(farcall::functions{farcall::on<"add">(&add)});
    static_assert(farcall::handler_call<divide_method, only_add> == farcall::handler_match::missing);
    static_assert(!farcall::handler_of<only_add, Calculator>);
    using wrong = decltype(farcall::functions{farcall::on<"add">([](int, int) { return std::string{}; })});
    static_assert(farcall::handler_call<add_method, wrong> == farcall::handler_match::wrong_result);
    using other = decltype(farcall::functions{farcall::on<"add">([](int) { return 0; })});
    static_assert(farcall::handler_call<add_method, other> == farcall::handler_match::missing);
}

}  // namespace functions_test
