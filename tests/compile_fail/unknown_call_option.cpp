// expect: farcall::with takes farcall::timeout{...}, farcall::no_timeout, farcall::metadata{...}
#include <farcall/client.hpp>

RPC_SERVICE(Calculator, (add, int(int a, int b)))

int main() {
    Calculator::proxy calc{"tcp://127.0.0.1:5000"};
#if defined(TWIN)
    return farcall::with(calc, farcall::timeout{std::chrono::seconds{1}}).add(1, 2);
#else
    return farcall::with(calc, std::chrono::seconds{1}).add(1, 2);
#endif
}
