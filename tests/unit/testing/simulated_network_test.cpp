#include <farcall/testing/simulated_network.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <farcall/error.hpp>

using namespace std::chrono_literals;
using boost::system::error_code;
using farcall::testing::simulated_network;
using farcall::testing::virtual_clock;

namespace {

/// What an operation ended with; its place stays the same.
struct end_of {
    std::optional<error_code> failure;
    std::size_t count = 0;

    farcall::io_handler handler() {
        return {[](void* self, error_code why, std::size_t moved) {
                    auto& end = *static_cast<end_of*>(self);
                    EXPECT_FALSE(end.failure) << "ended twice";
                    end.failure = why;
                    end.count = moved;
                },
                this};
    }
};

class simulated_network_test : public ::testing::Test {
protected:
    ~simulated_network_test() override {
        net->abandon();
        clock->abandon();
    }

    void run_for(std::chrono::nanoseconds time) {
        const auto limit = clock->now() + time;
        do {
            context.restart();
            context.poll();
        } while (clock->step(limit));
    }

    std::chrono::nanoseconds elapsed() const { return clock->now() - start; }

    void listen() {
        listener = net->host("server")->listen(at, context.get_executor());
        accept();
    }
    void accept() {
        listener->async_accept(context.get_executor(), [this](error_code failure, auto stream) {
            accept_failure = failure;
            if (stream) far = std::move(stream);
        });
    }
    std::function<void()> connect() {
        connect_failure.reset();
        return net->host("client")->async_connect(at, context.get_executor(), [this](error_code failure, auto stream) {
            connect_failure = failure;
            connected_at = elapsed();
            near = std::move(stream);
        });
    }
    /// A connection in `near` and `far`.
    void join() {
        listen();
        connect();
        run_for(1s);
        ASSERT_TRUE(near && far);
    }

    /// One read; the text or "".
    std::string read(farcall::byte_stream& from, std::size_t room = 1'000, std::chrono::nanoseconds wait = 1h) {
        read_buffer.assign(room, '\0');
        last_read = {};
        from.async_read(read_buffer.data(), room, last_read.handler());
        EXPECT_FALSE(last_read.failure) << "ended inside of the call that started it";
        run_for(wait);
        return read_buffer.substr(0, last_read.count);
    }

    std::size_t write(farcall::byte_stream& to, std::string_view text) {
        return to.try_write(text.data(), text.size(), write_failure);
    }

    boost::asio::io_context context;
    std::shared_ptr<virtual_clock> clock = std::make_shared<virtual_clock>();
    farcall::time_point start = clock->now();
    std::shared_ptr<simulated_network> net = std::make_shared<simulated_network>(
        context.get_executor(), clock, std::make_shared<farcall::seeded_random>(1));
    const farcall::endpoint at = farcall::parse_endpoint("sim://server").value();
    std::unique_ptr<farcall::listener> listener;
    std::unique_ptr<farcall::byte_stream> near;
    std::unique_ptr<farcall::byte_stream> far;
    std::optional<error_code> connect_failure;
    std::optional<error_code> accept_failure;
    std::chrono::nanoseconds connected_at{0};
    error_code write_failure;
    std::string read_buffer;
    end_of last_read;
};

TEST_F(simulated_network_test, carries_bytes_both_ways) {
    join();
    EXPECT_EQ(write(*near, "there"), 5u);
    EXPECT_EQ(read(*far), "there");
    EXPECT_EQ(write(*far, "back"), 4u);
    EXPECT_EQ(read(*near), "back");
    EXPECT_EQ(far->peer(), "client:1");
    EXPECT_EQ(near->peer(), "server:0");
    EXPECT_EQ(listener->local(), at);
    EXPECT_EQ(net->open_connections(), 1u);
}

TEST_F(simulated_network_test, takes_the_time_of_the_link) {
    net->defaults().delay = {7ms};
    listen();
    connect();
    run_for(1s);
    EXPECT_EQ(connected_at, 14ms) << "there and back";
    const auto before = elapsed();
    write(*near, "x");
    EXPECT_EQ(read(*far, 10, 6ms), "");
    run_for(1ms);
    EXPECT_EQ(last_read.count, 1u);
    EXPECT_EQ(elapsed() - before, 7ms);
}

TEST_F(simulated_network_test, keeps_the_order_whatever_the_delays) {
    net->defaults().delay = {0ms, 50ms};
    net->defaults().largest_piece = 3;
    join();
    std::string sent;
    for (int i = 0; i < 200; ++i) {
        const std::string part = std::to_string(i) + ' ';
        sent += part;
        EXPECT_EQ(write(*near, part), part.size());
        run_for(1ms);
    }
    run_for(1s);
    EXPECT_EQ(read(*far, 10'000), sent);
}

TEST_F(simulated_network_test, links_may_differ) {
    net->link("client", "server").delay = {5ms};
    net->defaults().delay = {1h};
    listen();
    connect();
    run_for(1s);
    EXPECT_EQ(connected_at, 10ms);
    EXPECT_EQ(&net->link("server", "client"), &net->link("client", "server"));
}

TEST_F(simulated_network_test, splits_writes_and_shortens_reads) {
    net->defaults().largest_piece = 4;
    net->defaults().largest_read = 3;
    join();
    std::set<std::size_t> pieces;
    net->observe([&](const farcall::testing::network_event& event) {
        if (event.what == farcall::testing::network_event::kind::arrived) pieces.insert(event.count);
    });
    const std::string text(200, 't');
    EXPECT_EQ(write(*near, text), text.size());
    std::set<std::size_t> reads;
    std::string got;
    while (got.size() < text.size()) {
        const std::string part = read(*far);
        ASSERT_FALSE(part.empty());
        reads.insert(part.size());
        got += part;
    }
    EXPECT_EQ(got, text);
    EXPECT_EQ(pieces, (std::set<std::size_t>{1, 2, 3, 4}));
    EXPECT_EQ(reads, (std::set<std::size_t>{1, 2, 3}));
}

TEST_F(simulated_network_test, a_full_pipe_blocks_until_it_is_read) {
    net->defaults().capacity = 10;
    join();
    EXPECT_EQ(write(*near, "0123456789ab"), 10u);
    EXPECT_FALSE(write_failure);
    EXPECT_EQ(write(*near, "x"), 0u);
    EXPECT_EQ(write_failure, boost::asio::error::would_block);
    end_of written;
    near->async_write("abcdefghijklmno", 15, written.handler());
    run_for(1s);
    EXPECT_FALSE(written.failure);
    EXPECT_EQ(read(*far, 4), "0123");
    EXPECT_EQ(read(*far), "456789abcd") << "what has arrived, the room of four bytes refilled";
    EXPECT_EQ(read(*far), "efghijklmn");
    ASSERT_TRUE(written.failure);
    EXPECT_FALSE(*written.failure);
    EXPECT_EQ(written.count, 15u);
    EXPECT_EQ(read(*far), "o");
}

TEST_F(simulated_network_test, a_write_may_block_although_there_is_room) {
    net->defaults().blocked_write = 1;
    join();
    EXPECT_EQ(write(*near, "x"), 0u);
    EXPECT_EQ(write_failure, boost::asio::error::would_block);
    end_of written;
    near->async_write("xy", 2, written.handler());
    run_for(0s);
    EXPECT_EQ(written.count, 2u);
}

TEST_F(simulated_network_test, closing_ends_the_own_operations_and_tells_the_peer_behind_what_was_sent) {
    net->defaults().delay = {3ms};
    join();
    end_of own;
    char into[10];
    near->async_read(into, sizeof into, own.handler());
    write(*near, "last");
    near->close();
    near->close();
    run_for(0s);
    EXPECT_EQ(own.failure, boost::asio::error::operation_aborted);
    EXPECT_EQ(read(*far), "last");
    EXPECT_EQ(read(*far), "");
    EXPECT_EQ(last_read.failure, boost::asio::error::eof);
    EXPECT_EQ(net->open_connections(), 0u);
    // What is written to who has closed is answered with a reset.
    EXPECT_EQ(write(*far, "x"), 1u);
    run_for(1s);
    EXPECT_EQ(write(*far, "x"), 0u);
    EXPECT_EQ(write_failure, boost::asio::error::broken_pipe);
}

TEST_F(simulated_network_test, destroying_a_stream_closes_it) {
    join();
    near.reset();
    EXPECT_EQ(read(*far), "");
    EXPECT_EQ(last_read.failure, boost::asio::error::eof);
}

TEST_F(simulated_network_test, closing_with_unread_bytes_resets_and_loses_what_is_on_its_way) {
    net->defaults().delay = {3ms};
    join();
    write(*near, "never read");
    run_for(1s);
    write(*far, "lost");
    far->close();
    EXPECT_EQ(read(*near), "");
    EXPECT_EQ(last_read.failure, boost::asio::error::connection_reset);
}

TEST_F(simulated_network_test, who_ends_sending_loses_nothing_and_reads_on) {
    net->defaults().delay = {3ms};
    join();
    EXPECT_FALSE(far->end_sending()) << "there is nothing to lose";
    write(*near, "never read");
    run_for(1s);
    write(*far, "kept");
    EXPECT_TRUE(far->end_sending());
    EXPECT_EQ(write(*far, "more"), 0u);
    EXPECT_EQ(write_failure, boost::asio::error::broken_pipe);
    EXPECT_EQ(read(*near), "kept");
    EXPECT_EQ(read(*near), "");
    EXPECT_EQ(last_read.failure, boost::asio::error::eof);
    EXPECT_EQ(read(*far), "never read");
    near->close();
    EXPECT_EQ(read(*far), "");
    EXPECT_EQ(last_read.failure, boost::asio::error::eof);
}

TEST_F(simulated_network_test, nobody_listening_refuses) {
    net->defaults().delay = {2ms};
    connect();
    run_for(1s);
    EXPECT_EQ(connect_failure, boost::asio::error::connection_refused);
    EXPECT_EQ(connected_at, 4ms);

    listen();
    listener->close();
    run_for(1s);
    EXPECT_EQ(accept_failure, boost::asio::error::operation_aborted);
    connect();
    run_for(1s);
    EXPECT_EQ(connect_failure, boost::asio::error::connection_refused);
}

TEST_F(simulated_network_test, refuses_as_often_as_it_was_told) {
    listen();
    net->defaults().refusal = 1;
    connect();
    run_for(1s);
    EXPECT_EQ(connect_failure, boost::asio::error::connection_refused);
    net->defaults().refusal = 0;
    connect();
    run_for(1s);
    EXPECT_EQ(connect_failure, error_code{});
}

TEST_F(simulated_network_test, a_name_is_listened_on_once_at_a_time) {
    listen();
    EXPECT_THROW(net->host("other")->listen(at, context.get_executor()), farcall::error);
    listener.reset();
    EXPECT_NO_THROW(listen());
}

TEST_F(simulated_network_test, a_connect_is_given_up) {
    net->defaults().delay = {5ms};
    listen();
    auto give_up = connect();
    run_for(1ms);
    give_up();
    run_for(0s);
    EXPECT_EQ(connect_failure, boost::asio::error::operation_aborted);
    run_for(1s);
    EXPECT_FALSE(far) << "the listener never saw it";

    give_up = connect();
    run_for(7ms);
    ASSERT_TRUE(far) << "accepted, and the other side does not know yet";
    give_up();
    run_for(0s);
    EXPECT_EQ(connect_failure, boost::asio::error::operation_aborted);
    EXPECT_EQ(read(*far), "");
    EXPECT_EQ(last_read.failure, boost::asio::error::eof);
    give_up();  // too late for anything
}

TEST_F(simulated_network_test, connections_wait_for_the_accept_and_are_reset_without_one) {
    listener = net->host("server")->listen(at, context.get_executor());
    connect();
    run_for(1s);
    ASSERT_TRUE(near) << "as a system completes a connect before anybody accepts";
    write(*near, "early");
    accept();
    run_for(1s);
    ASSERT_TRUE(far);
    EXPECT_EQ(read(*far), "early");

    connect();
    run_for(1s);
    listener->close();
    EXPECT_EQ(read(*near), "");
    EXPECT_EQ(last_read.failure, boost::asio::error::connection_reset);
}

TEST_F(simulated_network_test, a_cut_lets_the_bytes_before_it_arrive) {
    net->defaults().cut_requests_at = 4;
    net->defaults().delay = {1ms};
    join();
    write(*near, "abc");
    EXPECT_EQ(write(*near, "defghi"), 6u) << "the system takes them; they are lost later";
    run_for(1s);
    EXPECT_EQ(read(*far), "abcd");
    EXPECT_EQ(read(*far), "");
    EXPECT_EQ(last_read.failure, boost::asio::error::connection_reset);
    EXPECT_EQ(read(*near), "");
    EXPECT_EQ(last_read.failure, boost::asio::error::connection_reset);
    EXPECT_EQ(write(*near, "x"), 0u);
    EXPECT_EQ(write_failure, boost::asio::error::broken_pipe);
}

TEST_F(simulated_network_test, a_cut_of_answers_leaves_the_requests_alone) {
    net->defaults().cut_answers_at = 0;
    join();
    write(*near, "request");
    EXPECT_EQ(read(*far), "request");
    write(*far, "answer");
    EXPECT_EQ(read(*near), "");
    EXPECT_EQ(last_read.failure, boost::asio::error::connection_reset);
}

TEST_F(simulated_network_test, loses_a_connection_by_chance) {
    net->defaults().loss = 1;
    join();
    write(*near, "some bytes");
    run_for(1s);
    EXPECT_EQ(net->open_connections(), 0u);
}

TEST_F(simulated_network_test, disconnects_on_command) {
    net->defaults().delay = {1ms};
    join();
    end_of pending;
    char into[10];
    far->async_read(into, sizeof into, pending.handler());
    write(*near, "on its way");
    EXPECT_EQ(net->disconnect("server", "other"), 0u);
    EXPECT_EQ(net->disconnect("server", "client"), 1u);
    EXPECT_EQ(net->disconnect("server"), 0u) << "it is gone already";
    run_for(1s);
    EXPECT_EQ(pending.failure, boost::asio::error::connection_reset);
    EXPECT_EQ(write(*far, "x"), 0u);
    EXPECT_EQ(write_failure, boost::asio::error::broken_pipe);
}

TEST_F(simulated_network_test, a_write_that_waits_ends_with_its_connection) {
    net->defaults().capacity = 4;
    join();
    end_of written;
    near->async_write("0123456789", 10, written.handler());
    run_for(1s);
    net->disconnect("client");
    run_for(0s);
    EXPECT_EQ(written.failure, boost::asio::error::connection_reset);
    EXPECT_EQ(written.count, 4u) << "what the system had taken";
}

TEST_F(simulated_network_test, a_partition_holds_everything_until_it_heals) {
    net->defaults().delay = {1ms};
    join();
    write(*near, "before ");
    net->partition("client", "server");
    write(*near, "during");
    EXPECT_EQ(read(*far, 100, 1h), "");
    EXPECT_EQ(net->open_connections(), 1u);
    net->heal("server", "client");
    run_for(1s);
    EXPECT_EQ(last_read.count, 13u);

    net->partition("client", "server");
    accept();
    connect();
    run_for(1h);
    EXPECT_FALSE(connect_failure);
    net->heal();
    run_for(1s);
    EXPECT_EQ(connect_failure, error_code{});
}

TEST_F(simulated_network_test, a_silenced_connection_tells_nobody_and_a_new_one_works) {
    join();
    net->silence("client", "server");
    net->defaults().capacity = 10;
    EXPECT_EQ(write(*near, "0123456789abcdef"), 10u);
    EXPECT_EQ(write(*near, "x"), 0u);
    EXPECT_EQ(write_failure, boost::asio::error::would_block);
    EXPECT_EQ(read(*far), "");
    EXPECT_FALSE(last_read.failure);
    near->close();
    run_for(1h);
    EXPECT_FALSE(last_read.failure) << "nor of the end";
}

TEST_F(simulated_network_test, abandoned_it_calls_nobody) {
    join();
    end_of pending;
    char into[10];
    near->async_read(into, sizeof into, pending.handler());
    accept();
    accept_failure.reset();
    net->abandon();
    near.reset();
    far.reset();
    listener.reset();
    run_for(1h);
    EXPECT_FALSE(pending.failure);
    EXPECT_NE(accept_failure, error_code{});
}

}  // namespace
