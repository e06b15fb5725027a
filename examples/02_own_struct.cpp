// Structs travel as they are: nested, with containers, optionals, enums, pointers. No macro for plain ones.
#include <farcall.hpp>

#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

namespace shop {

enum class state { open, paid, shipped };
BOOST_DESCRIBE_ENUM(state, open, paid, shipped)  // an enum without this is a number

struct item {
    std::string name;
    int count = 1;
    double price = 0;
};

struct order {
    std::int64_t id = 0;
    shop::state state = shop::state::open;
    std::vector<item> items{};                    // an array
    std::map<std::string, std::string> labels{};  // an object
    std::optional<std::string> note{};            // null when it is empty; may be left out
    std::unique_ptr<order> replaces{};            // null, or the order itself
};

struct server_info {
    std::string name;
    int orders = 0;
    double uptime_s = 0;
    bool ready = false;
};

RPC_SERVICE(Shop,
    (total, double(const order& placed), farcall::readonly),
    (pay,   order(order placed)),
    (info,  server_info(),               farcall::readonly))

struct keeper {
    double total(const order& placed) const {
        double sum = 0;
        for (const item& each : placed.items) sum += each.count * each.price;
        return sum;
    }
    order pay(order placed) {
        placed.state = state::paid;
        placed.labels["receipt"] = "R-" + std::to_string(placed.id);
        return placed;
    }
    server_info info() const { return {"shop", 1, 0.5, true}; }
};

}  // namespace shop

int main() {
    farcall::server server;
    server.add<shop::Shop>(shop::keeper{});
    const auto where = server.listen("tcp://127.0.0.1:0");
    server.start();
    const shop::Shop::proxy shop{where.url()};

    shop::order placed{.id = 42, .items = {{"tea", 2, 3.5}, {"milk", 1, 0.9}}, .labels = {{"city", "Kraków"}}};
    placed.replaces = std::make_unique<shop::order>(shop::order{.id = 41, .note = "too much milk"});

    std::cout << "total: " << shop.total(placed) << '\n';
    const shop::order paid = shop.pay(std::move(placed));
    std::cout << "paid:  " << farcall::json{paid}.text() << '\n';
    std::cout << "info:  " << farcall::json{shop.info()}.text() << '\n';
    return paid.state == shop::state::paid && paid.replaces->note == "too much milk" ? 0 : 1;
}
