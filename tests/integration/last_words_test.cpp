#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <farcall.hpp>

using namespace std::chrono_literals;

RPC_SERVICE(Notes, (note, void(std::string text)), (count, int()))

namespace {

struct notes {
    void note(std::string) {
        const std::lock_guard lock(mutex);
        ++noted;
        changed.notify_all();
    }
    int count() { return noted; }
    bool wait_for(int wanted) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, 10s, [&] { return noted == wanted; });
    }

    std::mutex mutex;
    std::condition_variable changed;
    int noted = 0;
};

class one_way_call : public testing::Test {
protected:
    one_way_call() {
        server.add<Notes>(std::ref(book));
        server.listen(0);
        server.start();
        url = "tcp://127.0.0.1:" + std::to_string(server.port());
    }

    notes book;
    farcall::server server;
    std::string url;
};

TEST_F(one_way_call, is_sent_although_the_proxy_is_gone) {
    for (int i = 1; i <= 20; ++i) {
        Notes::proxy{url}.note("last words", farcall::notify);
        ASSERT_TRUE(book.wait_for(i)) << i;
    }
}

TEST_F(one_way_call, is_sent_over_an_open_connection_although_the_proxy_is_gone) {
    {
        Notes::proxy proxy{url};
        EXPECT_EQ(proxy.count(), 0);
        for (int i = 0; i < 100; ++i) proxy.note(std::string(10'000, 'x'), farcall::notify);
    }
    EXPECT_TRUE(book.wait_for(100));
}

TEST_F(one_way_call, is_sent_on_the_users_loop_although_the_proxy_is_gone) {
    boost::asio::io_context context;
    Notes::proxy{context, url}.note("last words", farcall::notify);
    std::thread running([&] { context.run_for(10s); });
    EXPECT_TRUE(book.wait_for(1));
    running.join();
    EXPECT_TRUE(context.stopped()) << "nothing keeps the loop when all is sent";
}

TEST(one_way_call_to_nobody, does_not_hold_up_the_end_of_the_proxy) {
    Notes::proxy{"tcp://127.0.0.1:1"}.note("into the void", farcall::notify);
}

TEST(blocking_call, on_a_loop_that_nobody_runs_ends_at_its_deadline_and_says_so) {
    boost::asio::io_context idle;
    Notes::proxy proxy{idle, "tcp://127.0.0.1:1"};
    const auto end = farcall::with(proxy, farcall::timeout{20ms}).count(farcall::as_result);
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), farcall::status::deadline_exceeded);
    EXPECT_EQ(end.error().executed(), farcall::executed::no);
    EXPECT_NE(end.error().message().find("nobody runs the event loop"), std::string::npos);
}

TEST(server, that_was_not_started_cannot_be_waited_for) {
    farcall::server server;
    EXPECT_THROW(server.wait(), farcall::error);
}

TEST(server, does_not_depend_on_what_handlers_make_of_the_peers_address) {
    farcall::server_options options;
    options.limits.connections_per_peer = 1;
    farcall::server server{options};
    server.add("rename", [](farcall::context& call) { call.peer().address = "elsewhere:1"; call.peer().id = 99; });
    server.listen(0);
    server.start();
    for (int i = 0; i < 5; ++i) {
        farcall::client client{"tcp://127.0.0.1:" + std::to_string(server.port())};
        // The connection before may not have ended on the server's side yet.
        while (true) {
            const auto end = client.try_call<void>("rename");
            if (end) break;
            ASSERT_EQ(end.error().status(), farcall::status::resource_exhausted);
        }
    }
    server.stop();
}

}  // namespace
