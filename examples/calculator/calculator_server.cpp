// calculator_server [URL]: serves the calculator until Ctrl+C or SIGTERM.
#include "calculator.hpp"

#include <farcall/server.hpp>

#include <cstdint>
#include <iostream>
#include <limits>
#include <stdexcept>

namespace {

// The handler: an object of any class with the declared functions. It knows nothing of the network.
struct calculator {
    int add(int a, int b) const { return exact(std::int64_t{a} + b); }
    int subtract(int a, int b) const { return exact(std::int64_t{a} - b); }
    int multiply(int a, int b) const { return exact(std::int64_t{a} * b); }

    double divide(double a, double b) const {
        if (b == 0) throw division_by_zero{a};
        return a / b;
    }

    std::string greet(const std::string& name) const {
        return "Hello, " + name + "! Welcome to the Calculator Service.";
    }

private:
    // Whoever can connect chooses the operands, so a result that overflows is no defect but an answer.
    static int exact(std::int64_t result) {
        if (result < std::numeric_limits<int>::min() || result > std::numeric_limits<int>::max())
            throw std::out_of_range{"The result does not fit in an int"};
        return static_cast<int>(result);
    }
};

}  // namespace

int main(int argc, char** argv) {
    if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
        std::cerr << "Usage: calculator_server [URL]   (default tcp://127.0.0.1:5000; port 0: any that is free)\n";
        return 1;
    }
    try {
        farcall::server server;
        server.add<Calculator>(calculator{});
        server.listen(argc == 2 ? argv[1] : "tcp://127.0.0.1:5000");
        server.run([&] { std::cout << server.describe() << "Press Ctrl+C to stop" << std::endl; });
        std::cout << "stopped\n";
    } catch (const std::exception& failure) {
        std::cerr << "calculator_server: " << failure.what() << '\n';
        return 1;
    }
}
