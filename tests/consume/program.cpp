// A user's whole program: declares a service, serves it at the given URL, calls it, prints 8.
#include <farcall.hpp>

#include <cstdio>

RPC_SERVICE(Calculator,
    (add, int(int a, int b), farcall::readonly))

struct calculator {
    int add(int a, int b) const { return a + b; }
};

int main(int argc, char** argv) {
    if (argc != 2) return 2;

    farcall::server server;
    server.add<Calculator>(calculator{});
    server.listen(argv[1]);
    server.start();

    Calculator::proxy calc{argv[1]};
    std::printf("%d\n", calc.add(5, 3));
    server.stop();
}
