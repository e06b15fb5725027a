// A server tells its clients what happens: one subscribes, and gets three events unasked.
#include <farcall.hpp>

#include <iostream>
#include <latch>
#include <string>
#include <vector>

RPC_SERVICE(Market,
    (subscribe, void(),                               farcall::doc<"From now on Market.price is sent for every price.">),
    (offer,     int(std::string share, double price), farcall::doc<"How many were told.">))

struct market {
    std::vector<farcall::notifier> subscribers;

    void subscribe(farcall::context& call) { subscribers.push_back(call.peer().notifier); }

    int offer(std::string share, double price) {
        // Who has gone, or does not take what is sent, is not told any more.
        std::erase_if(subscribers, [&](const farcall::notifier& each) { return !each.notify("Market.price", share, price); });
        return static_cast<int>(subscribers.size());
    }
};

int main() {
    farcall::server server;
    server.add<Market>(market{});
    server.listen(0);
    server.start();
    const std::string url = "tcp://127.0.0.1:" + std::to_string(server.port());

    std::latch all{3};
    farcall::client_options options;
    options.on_notification = [&](std::string_view method, const farcall::json& params) {
        std::cout << method << ' ' << params.text() << std::endl;
        all.count_down();
    };
    Market::proxy watcher{url, options};
    watcher.subscribe();

    Market::proxy trader{url};
    const int told = trader.offer("ACME", 17.5) + trader.offer("ACME", 17.25) + trader.offer("GLOBEX", 3);
    all.wait();
    std::cout << told << " events were sent" << std::endl;
}
