#include <farcall/service.hpp>

#include <gtest/gtest.h>

#include <string>

namespace many_methods_test {

#define METHOD(number) (m##number, int(int argument_##number), farcall::readonly, farcall::doc<"Number, or " #number ".">)
#define TEN(tens)                                                                                                      \
    METHOD(tens##0), METHOD(tens##1), METHOD(tens##2), METHOD(tens##3), METHOD(tens##4), METHOD(tens##5),              \
        METHOD(tens##6), METHOD(tens##7), METHOD(tens##8), METHOD(tens##9)
#define HUNDRED(hundreds)                                                                                              \
    TEN(hundreds##0), TEN(hundreds##1), TEN(hundreds##2), TEN(hundreds##3), TEN(hundreds##4), TEN(hundreds##5),        \
        TEN(hundreds##6), TEN(hundreds##7), TEN(hundreds##8), TEN(hundreds##9)

RPC_SERVICE(Most, HUNDRED(), HUNDRED(1), TEN(20), TEN(21), TEN(22), TEN(23), TEN(24))

struct handler {
    int m00(int) { return 0; }
    int m127(int argument) { return argument + 127; }
};

TEST(service_of_250_methods, has_all_of_them) {
    static_assert(farcall::method_count<Most> == 250);
    int number = 0;
    farcall::for_each_method<Most>([&]<class Method>() {
        const std::string digits = (number < 10 ? "0" : "") + std::to_string(number);
        EXPECT_EQ(Method::info.wire_name, "Most.m" + digits);
        ASSERT_EQ(Method::info.parameters.size(), 1u);
        EXPECT_EQ(Method::info.parameters[0], "argument_" + digits);
        EXPECT_EQ(Method::info.doc, "Number, or " + digits + ".");
        ++number;
    });
    EXPECT_EQ(number, 250);
}

TEST(service_of_250_methods, calls_each_by_its_own_name) {
    using last = farcall::method_named<Most, "m127">;
    static_assert(farcall::handler_call<last, handler> == farcall::handler_match::plain);
    static_assert(farcall::handler_call<farcall::method_named<Most, "m249">, handler> == farcall::handler_match::missing);
    handler target;
    EXPECT_EQ(farcall::detail::invoke_handler<last>(target, 1), 128);
}

}  // namespace many_methods_test
