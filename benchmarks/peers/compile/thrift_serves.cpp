// What it costs to serve every method of a service.
#include <map>

#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/server/TNonblockingServer.h>
#include <thrift/transport/TNonblockingServerSocket.h>

#include "Shop.h"

class shop_keeper final : public peers::ShopIf {
    std::int64_t create(const std::string& customer, const std::vector<peers::Item>& items) override {
        peers::Order& one = orders_[++last_];
        one.id = last_;
        one.customer = customer;
        one.items = items;
        return last_;
    }
    void find(std::vector<peers::Order>& reply, std::int64_t id) override {
        if (const auto at = orders_.find(id); at != orders_.end()) reply.push_back(at->second);
    }
    void list_orders(std::vector<peers::Order>& reply, const std::string& customer, std::int32_t first, std::int32_t most) override {
        for (const auto& [id, one] : orders_)
            if (one.customer == customer && first-- <= 0 && most-- > 0) reply.push_back(one);
    }
    void add_item(peers::Order& reply, std::int64_t id, const peers::Item& item) override {
        peers::Order& one = at(id);
        one.items.push_back(item);
        reply = one;
    }
    bool remove_item(std::int64_t id, const std::string& name) override {
        return std::erase_if(at(id).items, [&](const peers::Item& one) { return one.name == name; }) != 0;
    }
    void annotate(std::int64_t id, const std::string& note) override { at(id).__set_note(note); }
    double total(std::int64_t id) override {
        double sum = 0;
        for (const peers::Item& one : at(id).items) sum += one.price * one.quantity;
        return sum;
    }
    bool cancel(std::int64_t id) override { return orders_.erase(id) != 0; }
    std::int32_t count(const std::string& customer) override {
        std::int32_t found = 0;
        for (const auto& [id, one] : orders_) found += one.customer == customer;
        return found;
    }
    void ping() override {}

    peers::Order& at(std::int64_t id) {
        const auto found = orders_.find(id);
        if (found != orders_.end()) return found->second;
        peers::NoSuchOrder missing;
        missing.id = id;
        throw missing;
    }

    std::map<std::int64_t, peers::Order> orders_;
    std::int64_t last_ = 0;
};

void serve(int port) {
    using namespace apache::thrift;
    server::TNonblockingServer server{std::make_shared<peers::ShopProcessor>(std::make_shared<shop_keeper>()),
                                      std::make_shared<protocol::TBinaryProtocolFactory>(),
                                      std::make_shared<transport::TNonblockingServerSocket>(port)};
    server.serve();
}
