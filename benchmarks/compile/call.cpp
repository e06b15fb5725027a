// What it costs to call every method of a service.
#include <farcall/client.hpp>

#include "service.hpp"

double call_all(const Shop::proxy& shop) {
    const std::int64_t id = shop.create("Ada", {{.name = "tea", .quantity = 2, .price = 3.5}});
    shop.add_item(id, {.name = "milk", .quantity = 1, .price = 0.9});
    shop.remove_item(id, "tea");
    shop.annotate(id, "by noon");
    shop.ping();
    double sum = shop.total(id) + shop.count("Ada");
    for (const shop::order& one : shop.list("Ada", 0, 10)) sum += static_cast<double>(one.items.size());
    if (shop.find(id)) sum += shop.cancel(id) ? 1 : 0;
    return sum;
}
