// What it costs to call every method of a service.
#include <cstdint>

#include <capnp/ez-rpc.h>

#include "shop.capnp.h"

double call_all(kj::StringPtr address) {
    capnp::EzRpcClient client{address};
    peers::Shop::Client shop = client.getMain<peers::Shop>();
    kj::WaitScope& scope = client.getWaitScope();
    auto create = shop.createRequest();
    create.setCustomer("Ada");
    create.initItems(1)[0].setName("tea");
    const std::int64_t id = create.send().wait(scope).getId();
    auto add = shop.addItemRequest();
    add.setId(id);
    add.initItem().setName("milk");
    add.send().wait(scope);
    auto remove = shop.removeItemRequest();
    remove.setId(id);
    remove.setName("tea");
    remove.send().wait(scope);
    auto annotate = shop.annotateRequest();
    annotate.setId(id);
    annotate.setNote("by noon");
    annotate.send().wait(scope);
    shop.pingRequest().send().wait(scope);
    auto total = shop.totalRequest();
    total.setId(id);
    auto count = shop.countRequest();
    count.setCustomer("Ada");
    double sum = total.send().wait(scope).getTotal() + count.send().wait(scope).getCount();
    auto list = shop.listRequest();
    list.setCustomer("Ada");
    list.setMost(10);
    for (const auto one : list.send().wait(scope).getOrders()) sum += one.getItems().size();
    auto find = shop.findRequest();
    find.setId(id);
    auto cancel = shop.cancelRequest();
    cancel.setId(id);
    if (find.send().wait(scope).hasOrder()) sum += cancel.send().wait(scope).getDone() ? 1 : 0;
    return sum;
}
