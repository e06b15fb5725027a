#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <farcall.hpp>

namespace asio = boost::asio;
using namespace std::chrono_literals;

RPC_SERVICE(Waiting, (forever, int()), (now, int()))

namespace {

struct waiting {
    asio::awaitable<int> forever(farcall::context&) {
        asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
        co_await never.async_wait(asio::use_awaitable);
        co_return 1;
    }
    int now() { return 2; }
};

class abandoned_call : public testing::Test {
protected:
    void SetUp() override {
        server.add<Waiting>(waiting{});
        server.listen(0);
        server.start();
        url = "tcp://127.0.0.1:" + std::to_string(server.port());
    }
    void TearDown() override { server.stop(0ms); }

    farcall::server server;
    std::string url;
    std::shared_ptr<int> token = std::make_shared<int>(0);  ///< shared by what must be destroyed
    int ended = 0;
};

TEST_F(abandoned_call, is_destroyed_with_the_users_context) {
    {
        asio::io_context context;
        Waiting::proxy proxy{context, url};
        proxy.forever([kept = token, this](farcall::result<int>) { ++ended; });
        bool sent = false;
        proxy.now([&](farcall::result<int>) { sent = true; });
        while (!sent) context.run_one();
        EXPECT_GT(token.use_count(), 1);
    }
    EXPECT_EQ(token.use_count(), 1) << "the handler still lives somewhere";
    EXPECT_EQ(ended, 0) << "nothing runs when the context is gone";
}

TEST_F(abandoned_call, is_destroyed_while_it_connects) {
    {
        asio::io_context context;
        Waiting::proxy{context, url}.now([kept = token, this](farcall::result<int>) { ++ended; });
        context.poll_one();
    }
    EXPECT_EQ(token.use_count(), 1);
    EXPECT_EQ(ended, 0);
}

TEST_F(abandoned_call, is_destroyed_before_it_starts) {
    {
        asio::io_context context;
        Waiting::proxy{context, url}.now([kept = token, this](farcall::result<int>) { ++ended; });
    }
    EXPECT_EQ(token.use_count(), 1);
    EXPECT_EQ(ended, 0);
}

TEST_F(abandoned_call, is_destroyed_with_its_coroutine_and_the_proxy_in_it) {
    {
        asio::io_context context;
        asio::co_spawn(
            context,
            [](std::string where, std::shared_ptr<int>) -> asio::awaitable<void> {
                Waiting::proxy proxy{co_await asio::this_coro::executor, where};
                (void)co_await proxy.forever(asio::use_awaitable);
            }(url, token),
            asio::detached);
        context.run_for(50ms);
        EXPECT_GT(token.use_count(), 1);
    }
    EXPECT_EQ(token.use_count(), 1);
}

TEST_F(abandoned_call, is_destroyed_in_the_pause_between_two_attempts) {
    {
        asio::io_context context;
        farcall::fixed_delay patient{.max_attempts = 3, .delay = 1h};
        Waiting::basic_proxy<farcall::fixed_delay> proxy{context, "tcp://127.0.0.1:1", patient, {.timeout = 0ms}};
        proxy.now([kept = token, this](farcall::result<int>) { ++ended; });
        context.run_for(50ms);
        EXPECT_GT(token.use_count(), 1);
    }
    EXPECT_EQ(token.use_count(), 1);
    EXPECT_EQ(ended, 0);
}

}  // namespace
