#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <farcall/service.hpp>
#include <farcall/testing/simulation.hpp>

/// The service that the swarm calls, and the ledger of what it did.
namespace swarm {

using boost::asio::awaitable;
using farcall::context;
using farcall::testing::simulation;

/// What a handler does beside writing into the ledger.
enum class mood : int {
    plain,
    throws,
    deaf,  // goes on although it is cancelled
    busy,  // computes, so that nothing else happens meanwhile
};

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

    /// What a handler saw that it should not see.
    void complain(int entry, std::string text) { complaints_.emplace_back(entry, std::move(text)); }
    const std::vector<std::pair<int, std::string>>& complaints() const { return complaints_; }

    static int answer(int entry, int execution) { return entry * 1'000 + execution; }

private:
    std::vector<record> records_;
    std::vector<std::pair<int, std::string>> complaints_;
};

/// The handler; it lives in a process of the server.
class book {
public:
    /// @param in_flight  how many calls of one connection the server runs at a time
    book(simulation& sim, ledger& all, std::size_t in_flight)
        : sim_(sim), all_(all), in_flight_(in_flight), running_(std::make_shared<counts>()) {}

    int post(int entry, int ms, int how) { return write(entry, ms, how); }
    awaitable<int> post_slowly(context& call, int entry, int ms, int how) { return write_slowly(call, entry, ms, how); }
    int post_aside(context& call, int entry, int ms, int how) { return write(call, entry, ms, how); }
    int put(context& call, int entry, int ms, int how) { return write(call, entry, ms, how); }
    awaitable<int> put_slowly(context& call, int entry, int ms, int how) { return write_slowly(call, entry, ms, how); }
    int put_aside(context& call, int entry, int ms, int how) { return write(call, entry, ms, how); }
    int pay(int entry, int ms, int how) { return write(entry, ms, how); }
    awaitable<int> pay_slowly(context& call, int entry, int ms, int how) { return write_slowly(call, entry, ms, how); }
    int pay_aside(context& call, int entry, int ms, int how) { return write(call, entry, ms, how); }

private:
    using counts = std::map<std::uint64_t, std::size_t>;

    /// Counts a handler of a connection from its beginning to its end, however it ends.
    class running_handler {
    public:
        running_handler(std::shared_ptr<counts> all, std::uint64_t peer) : all_(std::move(all)), peer_(peer) {
            ++(*all_)[peer_];
        }
        running_handler(const running_handler&) = delete;
        running_handler& operator=(const running_handler&) = delete;
        ~running_handler() { --(*all_)[peer_]; }
        std::size_t count() const { return (*all_)[peer_]; }

    private:
        std::shared_ptr<counts> all_;
        std::uint64_t peer_;
    };

    int write(int entry, int ms, int how) {
        const int execution = all_.begin(entry);
        if (mood{how} == mood::busy) sim_.clock()->jump(std::chrono::milliseconds{ms});
        return finish(entry, execution, how);
    }

    int write(const context& call, int entry, int ms, int how) {
        look_at(call, entry);
        return write(entry, ms, how);
    }

    void look_at(const context& call, int entry) {
        if (call.deadline() <= sim_.now()) all_.complain(entry, "was begun after its deadline");
    }

    awaitable<int> write_slowly(context& call, int entry, int ms, int how) {
        look_at(call, entry);
        const running_handler mine{running_, call.peer().id};
        if (mine.count() > in_flight_) all_.complain(entry, "was begun beyond limits.in_flight");
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
    std::size_t in_flight_;
    std::shared_ptr<counts> running_;
};

}  // namespace swarm
