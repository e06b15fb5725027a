// expect: Calculator.add is not idempotent, and the proxy's retry policy may run it twice; declare it farcall::readonly, farcall::idempotent or farcall::exactly_once, or use another policy
#include <farcall/client.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int a, int b), farcall::readonly))
#else
RPC_SERVICE(Calculator, (add, int(int a, int b)))
#endif

struct again_and_again : farcall::no_retry {
    static constexpr bool repeats_unsafe = true;
};

int main() {
    Calculator::basic_proxy<again_and_again> proxy{"tcp://127.0.0.1:5000"};
    return proxy.add(1, 2);
}
