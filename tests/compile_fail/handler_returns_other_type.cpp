// expect: Calculator.greet: the handler's 'greet' does not return the declared result of std::string(std::string name)
#include <farcall/service.hpp>

RPC_SERVICE(Calculator, (add, int(int a, int b), farcall::readonly), (greet, std::string(std::string name)))

struct calculator {
#if defined(TWIN)
    int add(int a, int b) { return a + b; }
    const char* greet(std::string) { return ""; }
#else
    int add(int a, int b) { return a + b; }
    int greet(std::string) { return 1; }
#endif
};

static_assert(farcall::detail::check_handler<Calculator, calculator>());
