// What a caller learns of a call that failed: what happened, who says so, and whether the method ran.
#include <farcall.hpp>

#include <cstdint>
#include <iostream>
#include <limits>
#include <stdexcept>
#include <string>

struct insufficient_funds {  // declared with throws<>: arrives as itself
    int balance = 0;
};
struct disk_full : std::runtime_error {  // not declared: its name arrives, its text stays on the server
    using std::runtime_error::runtime_error;
};

RPC_SERVICE(Bank,
    (withdraw,  int(int balance, int amount), farcall::throws<insufficient_funds>),
    (factorial, std::int64_t(int n)),
    (save,      int(std::string text)))

struct bank {
    int withdraw(int balance, int amount) {
        if (amount > balance) throw insufficient_funds{balance};
        return balance - amount;
    }
    std::int64_t factorial(int n) {
        if (n < 0) throw std::invalid_argument{"factorial is not defined for negative numbers"};
        std::int64_t product = 1;
        for (int i = 2; i <= n; product *= i++)
            if (product > std::numeric_limits<std::int64_t>::max() / i) throw std::out_of_range{"more than 64 bits"};
        return product;
    }
    int save(const std::string&) { throw disk_full{"no space left on /srv/secret"}; }
};

template <class Call>
bool show(const char* title, Call call) {
    std::cout << title << " -> ";
    try {
        std::cout << call() << '\n';
        return true;
    } catch (const insufficient_funds& error) {
        std::cout << "insufficient_funds, balance " << error.balance << '\n';
    } catch (const std::invalid_argument& error) {  // exceptions of the standard library arrive as themselves
        std::cout << "std::invalid_argument: " << error.what() << '\n';
    } catch (const farcall::failure& remote) {  // the base of every exception that the handler threw
        std::cout << remote.why().type() << ": " << remote.why().message() << '\n';
    } catch (const farcall::error& error) {  // everything else
        std::cout << to_string(error.status()) << ", from " << to_string(error.origin()) << ", executed: "
                  << to_string(error.executed()) << ", type: \"" << error.type() << "\", path: \"" << error.path()
                  << "\"\n    " << error.what() << '\n';
    }
    return false;
}

int main() {
    farcall::server server;
    server.add<Bank>(bank{});
    const auto where = server.listen("memory://bank");
    server.start();
    const Bank::proxy bank{where.url()};
    const farcall::client client{where.url()};  // by name, so nothing is checked before the call

    int answered = 0;
    answered += show("withdraw(5, 3)", [&] { return bank.withdraw(5, 3); });
    answered += show("withdraw(5, 8)", [&] { return bank.withdraw(5, 8); });
    answered += show("factorial(20)", [&] { return bank.factorial(20); });
    answered += show("factorial(21)", [&] { return bank.factorial(21); });
    answered += show("factorial(-1)", [&] { return bank.factorial(-1); });
    answered += show("save", [&] { return bank.save("text"); });
    answered += show("a wrong argument", [&] { return client.call<int>("Bank.withdraw", 5, "three"); });
    answered += show("a wrong name", [&] { return client.call<int>("Bank.withdrow", 5, 3); });
    answered += show("a wrong address", [&] { return Bank::proxy{"memory://nobody"}.withdraw(5, 3); });
    return answered == 2 ? 0 : 1;
}
