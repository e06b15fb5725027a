// What it costs to serve every method of a service.
#include <farcall/server.hpp>

#include <map>

#include "service.hpp"

class shop_keeper {
public:
    std::int64_t create(std::string customer, std::vector<shop::item> items) {
        orders_[++last_] = {.id = last_, .customer = std::move(customer), .items = std::move(items), .note = {}};
        return last_;
    }
    std::optional<shop::order> find(std::int64_t id) const {
        const auto at = orders_.find(id);
        return at == orders_.end() ? std::nullopt : std::optional{at->second};
    }
    std::vector<shop::order> list(std::string customer, int first, int most) const {
        std::vector<shop::order> found;
        for (const auto& [id, one] : orders_)
            if (one.customer == customer && first-- <= 0 && most-- > 0) found.push_back(one);
        return found;
    }
    shop::order add_item(std::int64_t id, shop::item item) {
        shop::order& one = at(id);
        one.items.push_back(std::move(item));
        return one;
    }
    bool remove_item(std::int64_t id, std::string name) {
        return std::erase_if(at(id).items, [&](const shop::item& one) { return one.name == name; }) != 0;
    }
    void annotate(std::int64_t id, std::optional<std::string> note) { at(id).note = std::move(note); }
    double total(std::int64_t id) {
        double sum = 0;
        for (const shop::item& one : at(id).items) sum += one.price * one.quantity;
        return sum;
    }
    bool cancel(std::int64_t id) { return orders_.erase(id) != 0; }
    int count(std::string customer) const { return static_cast<int>(list(std::move(customer), 0, 1000).size()); }
    void ping() const {}

private:
    shop::order& at(std::int64_t id) {
        const auto found = orders_.find(id);
        if (found == orders_.end()) throw shop::no_such_order{id};
        return found->second;
    }

    std::map<std::int64_t, shop::order> orders_;
    std::int64_t last_ = 0;
};

void serve(farcall::server& server) { server.add<Shop>(shop_keeper{}); }
