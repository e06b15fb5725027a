// A service, its server and its client, in one program.
#include <farcall.hpp>

#include <iostream>

RPC_SERVICE(Calculator,
    (add,      int(int a, int b)),
    (multiply, int(int a, int b)))

struct calculator {
    int add(int a, int b) { return a + b; }
    int multiply(int a, int b) { return a * b; }
};

int main() {
    farcall::server server;
    server.add<Calculator>(calculator{});
    const auto where = server.listen("tcp://127.0.0.1:0");  // port 0: the system chooses one
    server.start();

    Calculator::proxy calc{where.url()};
    const int eight = calc.add(5, 3);  // over the socket and back
    std::cout << "5 + 3 = " << eight << "\n6 * 7 = " << calc.multiply(6, 7) << '\n';
    return eight == 8 ? 0 : 1;
}
