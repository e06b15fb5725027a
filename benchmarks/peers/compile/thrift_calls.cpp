// What it costs to call every method of a service.
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSocket.h>

#include "Shop.h"

double call_all(const std::string& host, int port) {
    using namespace apache::thrift;
    const auto framed = std::make_shared<transport::TFramedTransport>(std::make_shared<transport::TSocket>(host, port));
    framed->open();
    peers::ShopClient shop{std::make_shared<protocol::TBinaryProtocol>(framed)};
    peers::Item tea;
    tea.name = "tea";
    const std::int64_t id = shop.create("Ada", {tea});
    peers::Order order;
    shop.add_item(order, id, tea);
    shop.remove_item(id, "tea");
    shop.annotate(id, "by noon");
    shop.ping();
    double sum = shop.total(id) + shop.count("Ada");
    std::vector<peers::Order> orders;
    shop.list_orders(orders, "Ada", 0, 10);
    for (const peers::Order& one : orders) sum += static_cast<double>(one.items.size());
    shop.find(orders, id);
    if (!orders.empty()) sum += shop.cancel(id) ? 1 : 0;
    return sum;
}
