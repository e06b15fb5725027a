// expect: Calculator.clear: the handler's 'clear' does not return the declared result of void()
#include <farcall/service.hpp>

RPC_SERVICE(Calculator, (clear, void()))

struct calculator {
#if defined(TWIN)
    void clear() {}
#else
    bool clear() { return true; }
#endif
};

static_assert(farcall::detail::check_handler<Calculator, calculator>());
