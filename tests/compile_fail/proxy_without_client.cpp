// expect: a proxy needs farcall/client.hpp (or farcall.hpp): farcall/service.hpp only declares it
#if defined(TWIN)
#include <farcall/client.hpp>
#endif
#include <farcall/service.hpp>

RPC_SERVICE(Calculator, (add, int(int a, int b)))

int main() {
    Calculator::proxy proxy{"tcp://127.0.0.1:5000"};
    return proxy.add(1, 2);
}
