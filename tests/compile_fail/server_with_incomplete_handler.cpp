// expect: Calculator.subtract: the handler lacks a member function 'subtract' callable as int(int a, int b)
#include <farcall/server.hpp>

RPC_SERVICE(Calculator, (add, int(int a, int b)), (subtract, int(int a, int b)))

struct calculator {
    int add(int a, int b) const { return a + b; }
#if defined(TWIN)
    static boost::asio::awaitable<int> subtract(farcall::context&, int a, int b) { co_return a - b; }
#else
    int substract(int a, int b) const { return a - b; }
#endif
};

int main() {
    farcall::server server;
    server.add<Calculator>(calculator{});
}
