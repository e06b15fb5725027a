// Functions in place of objects, methods without a declaration, calls by name.
#include <farcall.hpp>

#include <algorithm>
#include <cctype>
#include <iostream>
#include <string>

RPC_SERVICE(MyService,
    (process, std::string(std::string text)),
    (count,   int(int n)))

std::string process(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
    return text;
}

struct counter {
    int total = 0;
    int add(int n) { return total += n; }
};

struct operands {
    int a, b;
};

int main() {
    counter visits;
    farcall::server server;
    // A declared service made of functions: checked like any handler.
    server.add<MyService>(farcall::functions{
        farcall::on<"process">(&process),
        farcall::on<"count">([](int n) { return 2 * n; }),
    });
    // Methods that are added at run time: lambdas, free functions, member functions, and any JSON.
    server.add("echo", [](std::string text) { return text; })
        .add("shout", &process)
        .add("visit", &counter::add, visits)
        .add("arguments", [](const farcall::json& params) { return params; });
    const auto where = server.listen("tcp://127.0.0.1:0");
    server.start();

    const MyService::proxy mine{where.url()};
    std::cout << "process(\"hello\"): " << mine.process("hello") << '\n';
    std::cout << "count(5): " << mine.count(5) << '\n';

    const farcall::client client{where.url()};
    std::cout << "by name: " << client.call<std::string>("MyService.process", "hello") << '\n';
    std::cout << "echo: " << client.call<std::string>("echo", "hello") << '\n';
    std::cout << "visit: " << client.call<int>("visit", 2) << ", " << client.call<int>("visit", 3) << '\n';
    std::cout << "arguments: " << client.call("arguments", 1, "two", operands{3, 4}).text() << '\n';
    std::cout << "named arguments: " << client.call("arguments", farcall::named(operands{1, 2})).text() << '\n';
    return visits.total == 5 ? 0 : 1;
}
