// One call that goes through three services is one trace: who called whom, for how long, and where it failed.
#include <farcall.hpp>
#include <farcall/interceptor/tracing.hpp>
#include <farcall/observe/print_tree.hpp>
#include <farcall/testing/simulation.hpp>

#include <iostream>
#include <memory>

using namespace std::chrono_literals;
using boost::asio::awaitable;
using boost::asio::use_awaitable;

RPC_SERVICE(Shop, (order, std::string(std::string item)))
RPC_SERVICE(Stock, (reserve, bool(std::string item)))
RPC_SERVICE(Bank, (pay, void(int amount)))

// A simulation, so that the same is printed each time: 1 ms on the way, and handlers that take as long as they say.
farcall::testing::simulation sim;

// The three processes and the caller have the same interceptor; in each of them it would have an exporter of its own:
// std::make_shared<farcall::otlp_http_exporter>(farcall::otlp_http_options{.service = "shop"}).
const farcall::tracing trace{farcall::print_tree{[](std::string_view tree) { std::cout << tree; }},
                             {.random = std::make_shared<farcall::seeded_random>(16)}};

farcall::client client_from(std::string host, std::string_view url) {
    auto options = sim.client_options(std::move(host));
    options.interceptors.push_back(trace);
    return {sim.executor(), url, options};
}

template <class Service, class Handler>
std::unique_ptr<farcall::server> serve(std::string host, Handler handler) {
    auto options = sim.server_options(host);
    options.interceptors.push_back(trace);
    auto made = std::make_unique<farcall::server>(options);
    made->add<Service>(std::move(handler));
    made->listen("sim://" + host);
    made->start();
    return made;
}

struct stock {
    awaitable<bool> reserve(std::string) {
        co_await sim.delay(3ms);
        co_return true;
    }
};

struct bank {
    awaitable<void> pay(int amount) {
        co_await sim.delay(8ms);
        if (amount > 100) throw farcall::error{farcall::status::failed_precondition, "there is not enough money"};
    }
};

struct shop {
    Stock::proxy stock{client_from("shop", "sim://stock")};
    Bank::proxy bank{client_from("shop", "sim://bank")};

    // `with(..., call)`: what the handler calls belongs to the call that it answers.
    awaitable<std::string> order(farcall::context& call, std::string item) {
        co_await farcall::with(stock, call).reserve(item, use_awaitable);
        co_await farcall::with(bank, call).pay(item == "ship" ? 1'000'000 : 20, use_awaitable);
        co_return item + " is on its way";
    }
};

int main() {
    sim.network().defaults() = {.delay = {1ms, 1ms}};
    const auto stock_server = serve<Stock>("stock", stock{});
    const auto bank_server = serve<Bank>("bank", bank{});
    const auto shop_server = serve<Shop>("shop", std::make_shared<shop>());
    const Shop::proxy customer{client_from("customer", "sim://shop")};

    for (const std::string item : {"book", "ship"}) {
        const auto end = sim.run(customer.order(item, farcall::as_result(use_awaitable)));
        std::cout << (end ? *end : end.error().message()) << "\n\n";
    }
}
