// What it costs to serve every method of a service.
#include <map>
#include <memory>

#include <capnp/ez-rpc.h>
#include <capnp/message.h>

#include "shop.capnp.h"

class shop_keeper final : public peers::Shop::Server {
    kj::Promise<void> create(CreateContext context) override {
        const auto asked = context.getParams();
        auto& kept = orders_[++last_] = std::make_unique<capnp::MallocMessageBuilder>();
        auto one = kept->initRoot<peers::Order>();
        one.setId(last_);
        one.setCustomer(asked.getCustomer());
        one.setItems(asked.getItems());
        context.getResults().setId(last_);
        return kj::READY_NOW;
    }
    kj::Promise<void> find(FindContext context) override {
        if (const auto at = orders_.find(context.getParams().getId()); at != orders_.end())
            context.getResults().setOrder(at->second->getRoot<peers::Order>());
        return kj::READY_NOW;
    }
    kj::Promise<void> list(ListContext context) override {
        auto found = context.getResults().initOrders(static_cast<capnp::uint>(orders_.size()));
        capnp::uint at = 0;
        for (const auto& [id, one] : orders_)
            if (one->getRoot<peers::Order>().getCustomer() == context.getParams().getCustomer())
                found.setWithCaveats(at++, one->getRoot<peers::Order>());
        return kj::READY_NOW;
    }
    kj::Promise<void> addItem(AddItemContext context) override {
        peers::Order::Builder one = at(context.getParams().getId());
        const auto old = one.disownItems();
        const auto before = old.getReader();
        auto items = one.initItems(before.size() + 1);
        for (capnp::uint i = 0; i < before.size(); ++i) items.setWithCaveats(i, before[i]);
        items.setWithCaveats(before.size(), context.getParams().getItem());
        context.getResults().setOrder(one);
        return kj::READY_NOW;
    }
    kj::Promise<void> removeItem(RemoveItemContext context) override {
        bool done = false;
        for (auto item : at(context.getParams().getId()).getItems()) done |= item.getName() == context.getParams().getName();
        context.getResults().setDone(done);
        return kj::READY_NOW;
    }
    kj::Promise<void> annotate(AnnotateContext context) override {
        at(context.getParams().getId()).setNote(context.getParams().getNote());
        return kj::READY_NOW;
    }
    kj::Promise<void> total(TotalContext context) override {
        double sum = 0;
        for (auto item : at(context.getParams().getId()).getItems()) sum += item.getPrice() * item.getQuantity();
        context.getResults().setTotal(sum);
        return kj::READY_NOW;
    }
    kj::Promise<void> cancel(CancelContext context) override {
        context.getResults().setDone(orders_.erase(context.getParams().getId()) != 0);
        return kj::READY_NOW;
    }
    kj::Promise<void> count(CountContext context) override {
        int found = 0;
        for (const auto& [id, one] : orders_)
            found += one->getRoot<peers::Order>().getCustomer() == context.getParams().getCustomer();
        context.getResults().setCount(found);
        return kj::READY_NOW;
    }
    kj::Promise<void> ping(PingContext) override { return kj::READY_NOW; }

    peers::Order::Builder at(std::int64_t id) {
        const auto found = orders_.find(id);
        KJ_REQUIRE(found != orders_.end(), "no such order");
        return found->second->getRoot<peers::Order>();
    }

    std::map<std::int64_t, std::unique_ptr<capnp::MallocMessageBuilder>> orders_;
    std::int64_t last_ = 0;
};

void serve(kj::StringPtr address) {
    capnp::EzRpcServer server{kj::heap<shop_keeper>(), address};
    kj::NEVER_DONE.wait(server.getWaitScope());
}
