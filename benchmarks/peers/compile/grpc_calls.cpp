// What it costs to call every method of a service.
#include <grpcpp/grpcpp.h>

#include "shop.grpc.pb.h"

namespace {

template <class Request, class Reply>
Reply call(peers::Shop::Stub& shop, grpc::Status (peers::Shop::Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
           const Request& request) {
    grpc::ClientContext context;
    Reply reply;
    if (!(shop.*method)(&context, request, &reply).ok()) throw std::runtime_error{"a call failed"};
    return reply;
}

}  // namespace

double call_all(const std::string& address) {
    using peers::Shop;
    const auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
    Shop::Stub shop{channel};
    peers::CreateRequest create;
    create.set_customer("Ada");
    create.add_items()->set_name("tea");
    const peers::Id id = call(shop, &Shop::Stub::Create, create);
    peers::AddItemRequest add;
    add.set_id(id.id());
    add.mutable_item()->set_name("milk");
    call(shop, &Shop::Stub::AddItem, add);
    peers::RemoveItemRequest remove;
    remove.set_id(id.id());
    remove.set_name("tea");
    call(shop, &Shop::Stub::RemoveItem, remove);
    peers::AnnotateRequest annotate;
    annotate.set_id(id.id());
    annotate.set_note("by noon");
    call(shop, &Shop::Stub::Annotate, annotate);
    call(shop, &Shop::Stub::Ping, peers::Nothing{});
    peers::Customer customer;
    customer.set_customer("Ada");
    double sum = call(shop, &Shop::Stub::GetTotal, id).total() + call(shop, &Shop::Stub::GetCount, customer).count();
    peers::ListRequest list;
    list.set_customer("Ada");
    list.set_most(10);
    const peers::ListReply orders = call(shop, &Shop::Stub::List, list);
    for (const peers::Order& one : orders.orders()) sum += one.items_size();
    if (call(shop, &Shop::Stub::Find, id).has_order()) sum += call(shop, &Shop::Stub::Cancel, id).done() ? 1 : 0;
    return sum;
}
