#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <farcall/server.hpp>
#include <farcall/store/memory_store.hpp>

#include "raw_socket.hpp"

namespace integration {
namespace {

RPC_SERVICE(Till,
    (pay, int(int entry), farcall::exactly_once),
    (pay_awaiting, int(int entry), farcall::exactly_once),
    (pay_blocking, int(int entry), farcall::exactly_once, farcall::blocking))

constexpr int entries = 300;

struct till {
    std::vector<std::atomic<int>>& runs;
    std::atomic<int>& order;

    int note(int entry) {
        ++runs[static_cast<std::size_t>(entry)];
        return ++order;
    }
    int pay(int entry) { return note(entry); }
    boost::asio::awaitable<int> pay_awaiting(int entry) {
        const int number = note(entry);
        // Some turns of the loop, so that other attempts find the call running.
        for (int i = 0; i < 20; ++i) co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
        co_return number;
    }
    int pay_blocking(int entry) { return note(entry); }
};

/// Calls of three kinds by turns; call number n is the same whoever makes it.
std::string request(int id, int entry) {
    constexpr const char* methods[] = {"pay", "pay_awaiting", "pay_blocking"};
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"Till.)" + methods[entry % 3] +
           R"(","meta":{"timeout_ms":60000,"idempotency_key":"entry )" + std::to_string(entry) + R"("},"params":[)" +
           std::to_string(entry) + "]}";
}

/// A reply from its result or error on.
std::string tail_of(const std::string& reply) { return reply.substr(reply.find(',', reply.find("\"id\":"))); }

/// The number in front of which `"id":` stands.
int id_of(const std::string& reply) { return std::stoi(reply.substr(reply.find("\"id\":") + 5)); }

}  // namespace

TEST(exactly_once_threads, callers_on_many_connections_and_threads_get_the_reply_of_one_run) {
    std::vector<std::atomic<int>> runs(entries);
    std::atomic<int> order{0};
    farcall::server_options options;
    options.io_threads = 4;
    const auto store = std::make_shared<farcall::memory_store>();
    options.store = store;
    farcall::server server{options};
    server.add<Till>(till{runs, order});
    server.listen(0);
    server.start();

    constexpr int callers = 8;
    std::vector<std::vector<std::string>> replies(callers, std::vector<std::string>(entries));
    std::vector<std::thread> threads;
    for (int caller = 0; caller < callers; ++caller)
        threads.emplace_back([&, caller] {
            raw_socket socket = raw_socket::connect(server.port());
            std::string all;
            for (int entry = 0; entry < entries; ++entry) all += frame(request(entry, entry));
            // Some give up half way, and come again on another connection.
            if (caller % 2 == 1) {
                socket.send(std::string_view{all}.substr(0, all.size() / 2));
                socket.reset();
                socket = raw_socket::connect(server.port());
            }
            socket.send(all);
            for (int i = 0; i < entries; ++i) {
                const auto reply = socket.receive();
                if (!reply) return;
                replies[static_cast<std::size_t>(caller)][static_cast<std::size_t>(id_of(*reply))] = tail_of(*reply);
            }
        });
    for (std::thread& each : threads) each.join();
    server.stop();

    for (std::size_t entry = 0; entry < entries; ++entry) {
        EXPECT_EQ(runs[entry], 1) << entry;
        for (const auto& of_caller : replies) EXPECT_EQ(of_caller[entry], replies[0][entry]) << entry;
        EXPECT_NE(replies[0][entry].find("\"result\":"), std::string::npos) << replies[0][entry];
    }
    EXPECT_EQ(store->used().running, 0u);
    EXPECT_EQ(store->used().keys, static_cast<std::size_t>(entries));
}

}  // namespace integration
