// Coroutines on both sides, all on one thread: the event loop is the program's own.
#include <farcall.hpp>

#include <iostream>
#include <stdexcept>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace asio = boost::asio;
using asio::use_awaitable;

RPC_SERVICE(Kitchen,
    (order,  std::string(std::string dish), farcall::timeout_ms<5000>),
    (cooked, void(std::string dish)))

class kitchen {
public:
    explicit kitchen(asio::io_context& loop) : pass_(loop, 8) {}

    // A handler that waits without a thread: other calls go on meanwhile, on the same connection, too.
    asio::awaitable<std::string> order(farcall::context& call, std::string dish) {
        if (dish.empty()) throw std::invalid_argument{"an empty plate is no dish"};
        const std::string served = co_await pass_.async_receive(use_awaitable);
        co_return served + " for table " + std::string{call.headers().get("table").value_or("unknown")};
    }
    void cooked(std::string dish) { pass_.try_send(boost::system::error_code{}, std::move(dish)); }

private:
    asio::experimental::channel<void(boost::system::error_code, std::string)> pass_;
};

asio::awaitable<void> guest(Kitchen::proxy kitchen) {
    const auto table = farcall::with(kitchen, farcall::metadata{{"table", "7"}});
    std::cout << "guest: one soup, please\n";
    const std::string served = co_await table.order("soup", use_awaitable);
    std::cout << "guest: I got " << served << '\n';

    const farcall::result<std::string> nothing = co_await table.order("", farcall::as_result(use_awaitable));
    std::cout << "guest: " << nothing.error().message() << '\n';
}

asio::awaitable<void> cook(Kitchen::proxy kitchen) {
    std::cout << "cook: soup is ready\n";
    co_await kitchen.cooked("soup", use_awaitable);
}

int main() {
    asio::io_context loop;

    farcall::server server{{.executor = loop.get_executor()}};
    server.add<Kitchen>(kitchen{loop});
    const auto where = server.listen("tcp://127.0.0.1:0");
    server.start();

    bool fed = false;
    const auto rethrow = [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
    };
    {
        const Kitchen::proxy proxy{loop, where.url()};
        asio::co_spawn(loop, guest(proxy), [&](std::exception_ptr failure) {
            rethrow(failure);
            fed = true;
            server.stop();  // nothing else is left, so run() returns
        });
        asio::co_spawn(loop, cook(proxy), rethrow);
    }
    loop.run();
    return fed ? 0 : 1;
}
