// expect: Calculator.add: the handler lacks a member function 'add' callable as int(int a, int b), farcall::readonly
#include <farcall/service.hpp>

RPC_SERVICE(Calculator, (add, int(int a, int b), farcall::readonly), (greet, std::string(std::string name)))

struct calculator {
#if defined(TWIN)
    int add(int a, int b) { return a + b; }
    std::string greet(std::string name) { return name; }
#else
    int ad(int a, int b) { return a + b; }
    std::string greet(std::string name) { return name; }
#endif
};

static_assert(farcall::detail::check_handler<Calculator, calculator>());
