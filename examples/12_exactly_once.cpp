// Money is moved over a network that cuts connections again and again: each transfer happens once.
#include <farcall.hpp>

#include <atomic>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace asio = boost::asio;
using namespace std::chrono_literals;

RPC_SERVICE(Bank,
    (transfer, int(std::string from, std::string to, int amount), farcall::exactly_once),
    (balance,  int(std::string account),                          farcall::readonly))

struct bank {
    std::map<std::string, int> accounts{{"Ada", 1000}, {"Grace", 0}};
    int executions = 0;

    int transfer(std::string from, std::string to, int amount) {
        ++executions;
        accounts[to] += amount;
        return accounts[from] -= amount;
    }
    int balance(std::string account) { return accounts[account]; }
};

/// A bad network: passes bytes on, and cuts every connection after some answers, so that one is lost with each.
class bad_network {
public:
    explicit bad_network(std::uint16_t server) : server_(server) {
        asio::co_spawn(loop_, serve(), asio::detached);
        thread_ = std::thread([this] { loop_.run(); });
    }
    ~bad_network() {
        loop_.stop();
        thread_.join();
    }
    std::string url() const { return "tcp://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }
    int cuts() const { return cuts_; }

private:
    using tcp = asio::ip::tcp;

    asio::awaitable<void> serve() {
        for (;;) {
            const auto client = std::make_shared<tcp::socket>(co_await acceptor_.async_accept(asio::use_awaitable));
            const auto server = std::make_shared<tcp::socket>(loop_);
            co_await server->async_connect({asio::ip::address_v4::loopback(), server_}, asio::use_awaitable);
            asio::co_spawn(loop_, pass(client, server, 1'000'000), asio::detached);
            asio::co_spawn(loop_, pass(server, client, 7), asio::detached);
        }
    }

    asio::awaitable<void> pass(std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to, int pieces) {
        std::vector<char> bytes(4096);
        try {
            while (pieces-- > 0) {
                const auto count = co_await from->async_read_some(asio::buffer(bytes), asio::use_awaitable);
                if (pieces == 0) ++cuts_;  // the answer gets lost
                if (pieces > 0) co_await asio::async_write(*to, asio::buffer(bytes, count), asio::use_awaitable);
            }
        } catch (const boost::system::system_error&) {
        }
        boost::system::error_code ignored;
        from->close(ignored);
        to->close(ignored);
    }

    std::uint16_t server_;
    asio::io_context loop_;
    tcp::acceptor acceptor_{loop_, {asio::ip::address_v4::loopback(), 0}};
    std::thread thread_;
    std::atomic<int> cuts_{0};
};

int main() {
    const auto vault = std::make_shared<bank>();
    farcall::server server;
    server.add<Bank>(vault);
    server.listen("tcp://127.0.0.1:0");
    server.start();
    bad_network network{server.port()};

    // No policy: `exactly_once` says that a call is repeated until it is answered, or until its deadline.
    const Bank::proxy bank{network.url()};
    int left = 0;
    for (int i = 0; i < 100; ++i) left = bank.transfer("Ada", "Grace", 10);
    std::cout << "100 transfers of 10, " << (network.cuts() > 10 ? "more than 10 answers lost" : "no answer lost") << '\n';

    // The caller's own name for a transaction: whoever sends it again, from wherever, gets the first answer.
    const auto order = farcall::with(bank, farcall::idempotency_key{"order-77"});
    const int once = order.transfer("Grace", "Ada", 500), twice = order.transfer("Grace", "Ada", 500);

    server.stop();
    std::cout << "Ada had " << left << " and has " << vault->accounts["Ada"] << ", Grace has " << vault->accounts["Grace"]
              << ", after " << vault->executions << " executions\n";
    return vault->executions == 101 && left == 0 && once == twice ? 0 : 1;
}
