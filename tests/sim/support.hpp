#pragma once

#include <gtest/gtest.h>

#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <farcall/testing/seeds.hpp>
#include <farcall/testing/simulation.hpp>

/// What the tests of whole clients and servers share. They are one program: types of one file belong into a namespace
/// without a name there, for two of the same name are one to the linker.
namespace sim_test {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using boost::asio::use_awaitable;
using farcall::as_result;
using farcall::executed;
using farcall::status;
using farcall::testing::simulation;

inline std::string program = "tests/sim";
inline bool trace = false;

/// A simulation that prints what happens if the program was told to.
struct world : simulation {
    explicit world(std::uint64_t seed = 1) : simulation(seed) {
        if (!trace) return;
        std::cout << "seed " << seed << '\n';
        trace_to(&std::cout);
    }
};

/// The command that runs the current test with one seed.
inline std::string replay(std::uint64_t seed) {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    return "replay: " + program + " --gtest_filter=" + test->test_suite_name() + "." + test->name() + " --seeds " +
           std::to_string(seed) + ".." + std::to_string(seed) + " --trace";
}

/// Runs `body(seed)` for each seed, up to the first failure, which says how to replay it.
template <class Body>
void for_seeds(std::uint64_t count, Body body) {
    for (const std::uint64_t seed : farcall::testing::seeds(count)) {
        SCOPED_TRACE(replay(seed));
        body(seed);
        if (::testing::Test::HasFailure()) return;
    }
}

RPC_SERVICE(Ledger,
    (add, int(int a, int b), farcall::readonly),
    (slow, std::string(int ms), farcall::readonly),
    (post, int(int entry)),
    (slow_post, int(int entry, int ms)),
    (put, int(int entry), farcall::idempotent),
    (pay, int(int entry), farcall::exactly_once),
    (echo, std::string(std::string text), farcall::readonly),
    (repeat, std::string(int size), farcall::readonly))

/// Counts what was executed.
struct ledger {
    simulation& sim;
    std::vector<int> posts;
    std::vector<int> puts;
    std::vector<int> pays;
    int slow_calls = 0;

    explicit ledger(simulation& where) : sim(where) {}

    int add(int a, int b) const { return a + b; }
    awaitable<std::string> slow(int ms) {
        ++slow_calls;
        co_await sim.delay(std::chrono::milliseconds{ms});
        co_return "after " + std::to_string(ms) + " ms";
    }
    int post(int entry) {
        posts.push_back(entry);
        return entry;
    }
    awaitable<int> slow_post(int entry, int ms) {
        posts.push_back(entry);
        co_await sim.delay(std::chrono::milliseconds{ms});
        co_return entry;
    }
    int put(int entry) {
        puts.push_back(entry);
        return entry;
    }
    int pay(int entry) {
        pays.push_back(entry);
        return entry;
    }
    std::string echo(std::string text) const { return text; }
    std::string repeat(int size) const { return std::string(static_cast<std::size_t>(size), 'x'); }
};

/// How a result reads in a failed expectation.
template <class T>
std::string text_of(const farcall::result<T>& end) {
    if (end) return "a value";
    return std::string{end.error().what()} + " [" + std::string{to_string(end.error().status())} + ", executed " +
           std::string{to_string(end.error().executed())} + "]";
}

/// A peer without farcall: raw bytes on the simulated network, for what a client or a server must stand.
class raw_stream {
public:
    raw_stream(simulation& sim, std::unique_ptr<farcall::byte_stream> stream) : sim_(&sim), stream_(std::move(stream)) {}

    /// Connects as the host "raw"; nothing if that fails.
    static std::optional<raw_stream> connect(simulation& sim, std::string_view url = "sim://server") {
        std::unique_ptr<farcall::byte_stream> made;
        bool done = false;
        sim.network().host("raw")->async_connect(farcall::parse_endpoint(url).value(), sim.executor(),
                                                 [&](boost::system::error_code, auto stream) {
                                                     made = std::move(stream);
                                                     done = true;
                                                 });
        sim.run_until([&] { return done; });
        if (!made) return {};
        return raw_stream{sim, std::move(made)};
    }

    /// Takes what fits; how much that is.
    std::size_t write(std::string_view bytes) {
        boost::system::error_code failure;
        return stream_->try_write(bytes.data(), bytes.size(), failure);
    }

    /// Reads once; nothing if nothing came within `limit`. `ended` then says whether the connection has.
    std::optional<std::string> read(std::chrono::nanoseconds limit = 1h) {
        start_read();
        if (!sim_->run_until([&] { return state_->done; }, limit)) return {};
        state_->reading = false;
        if (state_->failure) return {};
        return state_->buffer.substr(0, state_->count);
    }

    /// Waits for the end of the connection, dropping what comes.
    bool ends_within(std::chrono::nanoseconds limit) {
        const auto until = sim_->now() + limit;
        while (read(until - sim_->now())) {
        }
        return ended();
    }

    bool ended() const { return state_->done && state_->failure; }
    boost::system::error_code failure() const { return state_->failure; }
    void close() { stream_->close(); }

private:
    struct reading_state {
        std::string buffer = std::string(64u << 10, '\0');
        boost::system::error_code failure;
        std::size_t count = 0;
        bool reading = false;
        bool done = false;
    };

    void start_read() {
        if (state_->reading) return;
        state_->reading = true;
        state_->done = false;
        stream_->async_read(state_->buffer.data(), state_->buffer.size(),
                            {[](void* self, boost::system::error_code failure, std::size_t count) {
                                 auto& state = *static_cast<reading_state*>(self);
                                 state.failure = failure;
                                 state.count = count;
                                 state.done = true;
                             },
                             state_.get(), state_});
    }

    simulation* sim_;
    std::unique_ptr<farcall::byte_stream> stream_;
    std::shared_ptr<reading_state> state_ = std::make_shared<reading_state>();
};

/// A native frame.
inline std::string frame(std::string_view json) {
    std::string made;
    for (int shift = 24; shift >= 0; shift -= 8) made += static_cast<char>(json.size() >> shift & 0xff);
    return made.append(json);
}

}  // namespace sim_test
