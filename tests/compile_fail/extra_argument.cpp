// expect: Calculator.add: one argument too many, for it is no completion token such as boost::asio::use_awaitable or a callback: int(int a, int b)
#include <farcall/client.hpp>

RPC_SERVICE(Calculator, (add, int(int a, int b)))

int main() {
    Calculator::proxy calc{"tcp://127.0.0.1:5000"};
#if defined(TWIN)
    calc.add(1, 2, [](farcall::result<int>) {});
    calc.add(1, 2, +[](std::exception_ptr, int) {});
#else
    calc.add(1, 2, 3);
#endif
}
