#pragma once

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <farcall/service.hpp>
#include <farcall/testing/simulation.hpp>

/// The service that the swarm calls, and the ledger of what it did.
namespace swarm {

using boost::asio::awaitable;
using farcall::testing::simulation;

/// What a handler does beside writing into the ledger.
enum class mood : int { plain, throws, deaf };  // deaf: goes on although it is cancelled

// Each method in three styles: a function, a coroutine that takes `ms`, and a `blocking` one. All answer with the number
// of the entry and of its execution, so that an answer says whose it is.
RPC_SERVICE(Book,
    (post, int(int entry, int ms, int mood)),
    (post_slowly, int(int entry, int ms, int mood)),
    (post_aside, int(int entry, int ms, int mood), farcall::blocking),
    (put, int(int entry, int ms, int mood), farcall::idempotent),
    (put_slowly, int(int entry, int ms, int mood), farcall::idempotent),
    (put_aside, int(int entry, int ms, int mood), farcall::idempotent, farcall::blocking),
    (pay, int(int entry, int ms, int mood), farcall::exactly_once),
    (pay_slowly, int(int entry, int ms, int mood), farcall::exactly_once),
    (pay_aside, int(int entry, int ms, int mood), farcall::exactly_once, farcall::blocking))

/// How often each entry was written; outlives every process.
class ledger {
public:
    struct record {
        int begun = 0;
        int done = 0;
    };

    explicit ledger(std::size_t entries) : records_(entries) {}

    const record& of(int entry) const { return records_.at(static_cast<std::size_t>(entry)); }
    /// @returns the number of this execution of the entry, from 1
    int begin(int entry) { return ++records_.at(static_cast<std::size_t>(entry)).begun; }
    void end(int entry) { ++records_.at(static_cast<std::size_t>(entry)).done; }

    static int answer(int entry, int execution) { return entry * 1'000 + execution; }

private:
    std::vector<record> records_;
};

/// The handler; it lives in a process of the server.
class book {
public:
    book(simulation& sim, ledger& all) : sim_(sim), all_(all) {}

    int post(int entry, int, int how) { return write(entry, how); }
    awaitable<int> post_slowly(int entry, int ms, int how) { return write_slowly(entry, ms, how); }
    int post_aside(int entry, int, int how) { return write(entry, how); }
    int put(int entry, int, int how) { return write(entry, how); }
    awaitable<int> put_slowly(int entry, int ms, int how) { return write_slowly(entry, ms, how); }
    int put_aside(int entry, int, int how) { return write(entry, how); }
    int pay(int entry, int, int how) { return write(entry, how); }
    awaitable<int> pay_slowly(int entry, int ms, int how) { return write_slowly(entry, ms, how); }
    int pay_aside(int entry, int, int how) { return write(entry, how); }

private:
    int write(int entry, int how) { return finish(entry, all_.begin(entry), how); }

    awaitable<int> write_slowly(int entry, int ms, int how) {
        const int execution = all_.begin(entry);
        if (mood{how} == mood::deaf)
            co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation{});
        co_await sim_.delay(std::chrono::milliseconds{ms});
        co_return finish(entry, execution, how);
    }

    int finish(int entry, int execution, int how) {
        all_.end(entry);
        if (mood{how} == mood::throws) throw std::logic_error{std::to_string(ledger::answer(entry, execution))};
        return ledger::answer(entry, execution);
    }

    simulation& sim_;
    ledger& all_;
};

}  // namespace swarm
