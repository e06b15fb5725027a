#pragma once

#include <optional>
#include <string>
#include <vector>

#include <farcall/service.hpp>

namespace shop {

struct item {
    std::string name;
    int quantity = 0;
    double price = 0;
};

struct order {
    std::int64_t id = 0;
    std::string customer;
    std::vector<item> items;
    std::optional<std::string> note;
};

struct no_such_order {
    std::int64_t id = 0;
};

}  // namespace shop

/// Ten methods as in a program of every day.
RPC_SERVICE(Shop,
    (create, std::int64_t(std::string customer, std::vector<shop::item> items), farcall::exactly_once),
    (find, std::optional<shop::order>(std::int64_t id), farcall::readonly),
    (list, std::vector<shop::order>(std::string customer, int first, int most), farcall::readonly),
    (add_item, shop::order(std::int64_t id, shop::item item), farcall::throws<shop::no_such_order>),
    (remove_item, bool(std::int64_t id, std::string name), farcall::idempotent),
    (annotate, void(std::int64_t id, std::optional<std::string> note), farcall::idempotent),
    (total, double(std::int64_t id), farcall::readonly, farcall::throws<shop::no_such_order>),
    (cancel, bool(std::int64_t id), farcall::idempotent, farcall::timeout_ms<500>),
    (count, int(std::string customer), farcall::readonly),
    (ping, void(), farcall::readonly))
