// What it costs to serve every method of a service.
#include <grpcpp/grpcpp.h>

#include <map>

#include "shop.grpc.pb.h"

class shop_keeper final : public peers::Shop::Service {
    using status = grpc::Status;
    using context = grpc::ServerContext;

    status Create(context*, const peers::CreateRequest* request, peers::Id* reply) override {
        peers::Order& one = orders_[++last_];
        one.set_id(last_);
        one.set_customer(request->customer());
        *one.mutable_items() = request->items();
        reply->set_id(last_);
        return status::OK;
    }
    status Find(context*, const peers::Id* request, peers::FindReply* reply) override {
        if (const auto at = orders_.find(request->id()); at != orders_.end()) *reply->mutable_order() = at->second;
        return status::OK;
    }
    status List(context*, const peers::ListRequest* request, peers::ListReply* reply) override {
        int first = request->first(), most = request->most();
        for (const auto& [id, one] : orders_)
            if (one.customer() == request->customer() && first-- <= 0 && most-- > 0) *reply->add_orders() = one;
        return status::OK;
    }
    status AddItem(context*, const peers::AddItemRequest* request, peers::Order* reply) override {
        const auto at = orders_.find(request->id());
        if (at == orders_.end()) return {grpc::StatusCode::NOT_FOUND, "no such order"};
        *at->second.add_items() = request->item();
        *reply = at->second;
        return status::OK;
    }
    status RemoveItem(context*, const peers::RemoveItemRequest* request, peers::Done* reply) override {
        auto& items = *orders_[request->id()].mutable_items();
        const auto end = std::remove_if(items.begin(), items.end(), [&](const peers::Item& one) { return one.name() == request->name(); });
        reply->set_done(end != items.end());
        items.erase(end, items.end());
        return status::OK;
    }
    status Annotate(context*, const peers::AnnotateRequest* request, peers::Nothing*) override {
        orders_[request->id()].set_note(request->note());
        return status::OK;
    }
    status GetTotal(context*, const peers::Id* request, peers::Total* reply) override {
        const auto at = orders_.find(request->id());
        if (at == orders_.end()) return {grpc::StatusCode::NOT_FOUND, "no such order"};
        double sum = 0;
        for (const peers::Item& one : at->second.items()) sum += one.price() * one.quantity();
        reply->set_total(sum);
        return status::OK;
    }
    status Cancel(context*, const peers::Id* request, peers::Done* reply) override {
        reply->set_done(orders_.erase(request->id()) != 0);
        return status::OK;
    }
    status GetCount(context*, const peers::Customer* request, peers::Count* reply) override {
        int count = 0;
        for (const auto& [id, one] : orders_) count += one.customer() == request->customer();
        reply->set_count(count);
        return status::OK;
    }
    status Ping(context*, const peers::Nothing*, peers::Nothing*) override { return status::OK; }

    std::map<std::int64_t, peers::Order> orders_;
    std::int64_t last_ = 0;
};

std::unique_ptr<grpc::Server> serve(grpc::ServerBuilder& builder) {
    static shop_keeper keeper;
    builder.RegisterService(&keeper);
    return builder.BuildAndStart();
}
