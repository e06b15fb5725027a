// expect: Calculator.add: the handler lacks a member function 'add' callable as int(int a, int b)
#include <farcall/service.hpp>

RPC_SERVICE(Calculator, (add, int(int a, int b), farcall::readonly), (greet, std::string(std::string name)))

struct calculator {
#if defined(TWIN)
    int add(long a, long b) { return static_cast<int>(a + b); }
    std::string greet(std::string name) { return name; }
#else
    int add(int a, std::string b) { return a + static_cast<int>(b.size()); }
    std::string greet(std::string name) { return name; }
#endif
};

static_assert(farcall::detail::check_handler<Calculator, calculator>());
