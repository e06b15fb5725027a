// calculator_client [URL]: calls every method of the calculator and shows what came back.
#include "calculator.hpp"

#include <farcall/client.hpp>

#include <iostream>
#include <stdexcept>

namespace {

template <class... Parts>
void show(const Parts&... parts) {
    std::cout << "✓ ";
    (std::cout << ... << parts) << '\n';
}

void demonstrate(const Calculator::proxy& calc) {
    show("5 + 3 = ", calc.add(5, 3));
    show("10 - 4 = ", calc.subtract(10, 4));
    show("6 * 7 = ", calc.multiply(6, 7));
    show("15 / 4 = ", calc.divide(15, 4));
    show("1 / 3 = ", calc.divide(1, 3));
    show("greet(\"Ada\"): ", calc.greet("Ada"));

    try {
        calc.divide(10, 0);
        throw std::runtime_error{"divide(10, 0) raised nothing"};
    } catch (const division_by_zero& error) {
        show("divide(", error.dividend, ", 0) raised: ", error.what());
    }
    try {
        calc.multiply(100'000, 100'000);
        throw std::runtime_error{"multiply(100000, 100000) raised nothing"};
    } catch (const std::out_of_range& error) {
        show("multiply(100000, 100000) raised: ", error.what());
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
        std::cerr << "Usage: calculator_client [URL]   (default tcp://127.0.0.1:5000)\n";
        return 1;
    }
    try {
        demonstrate(Calculator::proxy{argc == 2 ? argv[1] : "tcp://127.0.0.1:5000"});
    } catch (const std::exception& failure) {
        std::cerr << "calculator_client: " << failure.what() << '\n';
        return 1;
    }
}
