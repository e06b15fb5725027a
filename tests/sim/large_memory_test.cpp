#include "support.hpp"

#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/error.hpp>

#include <farcall/client.hpp>
#include <farcall/server.hpp>
#include <farcall/transport/transport.hpp>

namespace sim_test {

namespace {

using boost::system::error_code;

/// What the streams of a client say of the memory that they read into.
struct reading_notes {
    std::size_t room = 0;  ///< of the last read
    bool waiting = false;  ///< for something to read, without room for it
};

/// A stream of the simulation that can wait without room for what will come.
class waiting_stream final : public farcall::byte_stream {
public:
    waiting_stream(std::unique_ptr<farcall::byte_stream> inner, std::shared_ptr<reading_notes> notes)
        : inner_(std::move(inner)), notes_(std::move(notes)) {}

    void async_read(char* into, std::size_t room, farcall::io_handler done) override {
        notes_->room = room;
        notes_->waiting = false;
        inner_->async_read(into, room, std::move(done));
    }
    bool async_wait(farcall::io_handler done) override {
        notes_->waiting = true;
        waiter_ = std::move(done);
        inner_->async_read(one_.data(), 1, {[](void* self, error_code failure, std::size_t count) {
                                                auto& stream = *static_cast<waiting_stream*>(self);
                                                stream.come_ = count;
                                                stream.failure_ = failure;
                                                const farcall::io_handler done = *std::exchange(stream.waiter_, std::nullopt);
                                                done({}, 0);
                                            },
                                            this, nullptr});
        return true;
    }
    std::size_t try_read(char* into, std::size_t room, error_code& failure) override {
        notes_->room = room;
        failure = failure_ ? failure_ : come_ == 0 ? error_code{boost::asio::error::would_block} : error_code{};
        if (come_ != 0) *into = one_.front();
        return std::exchange(come_, 0);
    }
    std::size_t try_write(const char* from, std::size_t count, error_code& failure) override {
        return inner_->try_write(from, count, failure);
    }
    void async_write(const char* from, std::size_t count, farcall::io_handler done) override {
        inner_->async_write(from, count, std::move(done));
    }
    void close() noexcept override { inner_->close(); }
    std::string peer() const override { return inner_->peer(); }

private:
    std::unique_ptr<farcall::byte_stream> inner_;
    std::shared_ptr<reading_notes> notes_;
    std::optional<farcall::io_handler> waiter_;
    std::string one_ = std::string(1, '\0');
    std::size_t come_ = 0;
    error_code failure_;
};

class waiting_transport final : public farcall::transport {
public:
    waiting_transport(std::shared_ptr<farcall::transport> inner, std::shared_ptr<reading_notes> notes)
        : inner_(std::move(inner)), notes_(std::move(notes)) {}

    std::function<void()> async_connect(const farcall::endpoint& to, boost::asio::any_io_executor executor,
                                        connect_handler done) override {
        return inner_->async_connect(to, executor, [notes = notes_, done = std::move(done)](error_code failure, auto stream) {
            if (stream) stream = std::make_unique<waiting_stream>(std::move(stream), notes);
            done(failure, std::move(stream));
        });
    }
    std::unique_ptr<farcall::listener> listen(const farcall::endpoint& at, boost::asio::any_io_executor executor) override {
        return inner_->listen(at, executor);
    }

private:
    std::shared_ptr<farcall::transport> inner_;
    std::shared_ptr<reading_notes> notes_;
};

}  // namespace

TEST(large_memory, of_a_client_is_given_back_when_nothing_large_comes_any_more) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    const auto notes = std::make_shared<reading_notes>();
    auto options = sim.client_options();
    options.transport = std::make_shared<waiting_transport>(options.transport, notes);
    options.limits.frame = 16u << 20;
    Ledger::proxy proxy{farcall::client{sim.executor(), "sim://server", options}};
    const auto size_of_answer = [&](int size) {
        const auto end = sim.run(proxy.repeat(size, as_result(use_awaitable)));
        return end ? end->size() : 0;
    };
    constexpr int large = 3 << 20;
    ASSERT_EQ(size_of_answer(large), static_cast<std::size_t>(large));
    EXPECT_TRUE(notes->waiting);
    EXPECT_EQ(size_of_answer(1), 1u);
    EXPECT_GT(notes->room, 1u << 20) << "kept for the next one";
    sim.run_for(3s);
    EXPECT_EQ(size_of_answer(1), 1u);
    EXPECT_LE(notes->room, 1u << 20);
    EXPECT_FALSE(notes->waiting) << "small room is read into at once";
}

TEST(large_memory, that_only_saves_time_closes_no_connection) {
    world sim;
    sim.network().defaults().capacity = 1u << 20;
    auto options = sim.server_options();
    options.limits.buffered = 1'000'000;
    farcall::server server{std::move(options)};
    server.add<Ledger>(ledger{sim});
    server.listen("sim://server");
    server.start();
    const std::string message =
        frame(R"({"jsonrpc":"2.0","id":1,"method":"Ledger.echo","params":[")" + std::string(4'000'000, 'x') + "\"]}");
    std::vector<raw_stream> peers;
    for (int i = 0; i != 6; ++i) {
        auto peer = raw_stream::connect(sim);
        ASSERT_TRUE(peer);
        ASSERT_EQ(peer->write(std::string_view{message}.substr(0, 100'000)), 100'000u);
        peers.push_back(std::move(*peer));
        sim.run_for(10ms);
    }
    EXPECT_GE(server.metrics().buffered_bytes, 600'000u);
    EXPECT_EQ(sim.network().open_connections(), 6u);
    for (raw_stream& peer : peers) EXPECT_FALSE(peer.read(1ms));
}

TEST(large_memory, is_not_kept_for_a_connection_that_only_begins_another_message) {
    world sim;
    sim.network().defaults().capacity = 4u << 20;
    auto options = sim.server_options();
    farcall::server server{std::move(options)};
    server.add<Ledger>(ledger{sim});
    server.listen("sim://server");
    server.start();
    auto peer = raw_stream::connect(sim);
    ASSERT_TRUE(peer);
    const std::string message =
        frame(R"({"jsonrpc":"2.0","id":1,"method":"Ledger.missing","params":[")" + std::string(3'000'000, 'x') + "\"]}");
    ASSERT_EQ(peer->write(message), message.size());
    sim.run_for(10ms);
    peer->write(std::string_view{message}.substr(0, 1));
    sim.run_for(10ms);
    EXPECT_GT(server.metrics().buffered_bytes, 1u << 20) << "what is kept counts";
    // Small messages, each with the beginning of another one.
    const std::string small = frame(R"({"jsonrpc":"2.0","id":2,"method":"Ledger.add","params":[1,2]})");
    for (int i = 0; i != 40; ++i) {
        peer->write(small.substr(1) + small.substr(0, 1));
        sim.run_for(100ms);
    }
    EXPECT_LT(server.metrics().buffered_bytes, 100u);
}

}  // namespace sim_test
