// expect: Calculator.add: the handler lacks a member function 'add' callable as int(int a, int b)
#include <farcall/service.hpp>

RPC_SERVICE(Calculator, (add, int(int a, int b), farcall::readonly), (greet, std::string(std::string name)))

struct calculator {
#if defined(TWIN)
    std::string greet(std::string name) { return name; }

    public:
    int add(int a, int b) { return a + b; }
#else
    std::string greet(std::string name) { return name; }

    private:
    [[maybe_unused]] int add(int a, int b) { return a + b; }
#endif
};

static_assert(farcall::detail::check_handler<Calculator, calculator>());
