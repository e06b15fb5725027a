#include "support.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <stop_token>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

namespace sim_test {

RPC_SERVICE(Station, (work, int(int number), farcall::idempotent))

/// A server that works on one call at a time, 10 ms each: 100 calls a second. Those that nobody waits for any more
/// are passed over.
class station {
public:
    explicit station(simulation& sim) : sim_(sim) {}

    awaitable<int> work(farcall::context& call, int number) {
        const auto mine = std::make_shared<job>();
        line_->push_back(mine);
        next(sim_, co_await boost::asio::this_coro::executor, line_, busy_);
        const std::stop_callback gone{call.stop(), [&] { end(*mine, false); }};
        while (!mine->ended) co_await wait(*mine);
        if (!mine->done) throw farcall::error{status::cancelled, "nobody waits for it"};
        co_return number;
    }

private:
    struct job {
        boost::asio::cancellation_signal wake;
        bool ended = false;
        bool done = false;
    };
    using line = std::deque<std::shared_ptr<job>>;

    awaitable<void> wait(job& mine) {
        boost::system::error_code ended;
        co_await sim_.delay(1h, boost::asio::bind_cancellation_slot(
                                    mine.wake.slot(), boost::asio::redirect_error(use_awaitable, ended)));
    }

    static void end(job& which, bool done) {
        which.ended = true;
        which.done = done;
        which.wake.emit(boost::asio::cancellation_type::all);
    }

    static void next(simulation& sim, boost::asio::any_io_executor where, std::shared_ptr<line> all,
                     std::shared_ptr<bool> busy) {
        while (!*busy && !all->empty()) {
            const auto first = all->front();
            all->pop_front();
            if (first->ended) continue;
            *busy = true;
            sim.clock()->call_at(sim.now() + 10ms, where, [&sim, where, all, busy, first] {
                *busy = false;
                if (!first->ended) end(*first, true);
                next(sim, where, all, busy);
            });
        }
    }

    simulation& sim_;
    std::shared_ptr<line> line_ = std::make_shared<line>();
    std::shared_ptr<bool> busy_ = std::make_shared<bool>(false);
};

/// Notes when requests for a method are sent.
class sent_requests {
public:
    sent_requests(simulation& sim, std::string method) : method_('"' + method + '"') {
        sim.network().observe([this, &sim](const farcall::testing::network_event& event) {
            if (event.what != farcall::testing::network_event::kind::wrote || event.answers) return;
            std::string& text = texts_[event.connection];
            text += event.bytes;
            for (std::size_t at; (at = text.find(method_)) != std::string::npos; text.erase(0, at + method_.size()))
                times.push_back(sim.elapsed());
            // What may be the beginning of the next one stays.
            if (text.size() > method_.size()) text.erase(0, text.size() - method_.size());
        });
    }

    std::vector<std::chrono::nanoseconds> times;

private:
    std::string method_;
    std::map<std::uint64_t, std::string> texts_;
};

enum class outage { partition, crash, stall };

struct outage_report {
    /// The most attempts of any 10 s beyond what is allowed; negative: less.
    double excess = 0;
    /// Of the calls made from 5 s after the outage on, the share that was answered.
    double goodput = 0;
    std::size_t calls = 0;
    std::size_t attempts = 0;
};

/// 80 calls a second, for 30 s, with an outage from 10 s to 13 s.
template <class Policy>
outage_report live_through(outage kind, std::uint64_t seed, const Policy& policy, const farcall::retry_budget& budget) {
    world sim{seed};
    sim.network().defaults().delay = {1ms, 2ms};
    sent_requests sent{sim, "Station.work"};
    const auto start = [](farcall::testing::process& self) { return self.serve<Station>(station{self.world()}); };
    sim.start("server", start);
    auto options = sim.client_options();
    options.retry_budget = budget;
    Station::basic_proxy<Policy> proxy{sim.executor(), "sim://server", policy, options};
    std::vector<std::chrono::nanoseconds> calls;
    std::size_t late_calls = 0;
    std::size_t late_answers = 0;
    sim.spawn([&]() -> awaitable<void> {
        for (int i = 0; sim.elapsed() < 30s; ++i) {
            calls.push_back(sim.elapsed());
            const bool counts = sim.elapsed() >= 18s;
            late_calls += counts;
            sim.spawn([&, i, counts]() -> awaitable<void> {
                const auto end = co_await farcall::with(proxy, farcall::timeout{1s}).work(i, as_result(use_awaitable));
                late_answers += counts && end.has_value();
            });
            // 12.5 ms on average, at random times.
            co_await sim.delay(std::chrono::microseconds{sim.random().next() % 25'000});
        }
    });
    sim.run_for(10s);
    switch (kind) {
        case outage::partition: sim.network().partition("client", "server"); break;
        case outage::crash: sim.crash("server"); break;
        case outage::stall: sim.suspend("server"); break;
    }
    sim.run_for(3s);
    switch (kind) {
        case outage::partition: sim.network().heal(); break;
        case outage::crash: sim.restart("server"); break;
        case outage::stall: sim.resume("server"); break;
    }
    sim.run_for(20s);

    outage_report made{.excess = -1e9, .calls = calls.size(), .attempts = sent.times.size()};
    const auto within = [](const auto& times, auto from) {
        return std::lower_bound(times.begin(), times.end(), from + 10s) - std::lower_bound(times.begin(), times.end(), from);
    };
    for (const auto from : sent.times) {
        const double allowed = 1.10 * static_cast<double>(within(calls, from)) + 10;
        made.excess = std::max(made.excess, static_cast<double>(within(sent.times, from)) - allowed);
    }
    made.goodput = static_cast<double>(late_answers) / static_cast<double>(late_calls);
    return made;
}

constexpr farcall::exponential_backoff careful{
    .max_attempts = 5, .initial_delay = 50ms, .full_jitter = true, .per_attempt = 250ms};

TEST(outage, of_three_seconds_costs_few_attempts_and_is_over_soon) {
    for (const outage kind : {outage::partition, outage::crash, outage::stall})
        for_seeds(3, [&](std::uint64_t seed) {
            const outage_report report = live_through(kind, seed, careful, {});
            EXPECT_GT(report.calls, 2'000u);
            // An attempt is sent a pause after it was allowed, which moves some into the next ten seconds.
            EXPECT_LE(report.excess, 10) << "outage " << static_cast<int>(kind) << ": " << report.attempts
                                        << " attempts at " << report.calls << " calls";
            EXPECT_GE(report.goodput, 0.95) << "outage " << static_cast<int>(kind);
        });
}

TEST(outage, with_naive_retries_is_made_worse_by_them) {
    // What the test above would find without a budget.
    constexpr farcall::fixed_delay naive{.max_attempts = 5, .delay = 0ms, .per_attempt = 100ms};
    for (const outage kind : {outage::partition, outage::stall}) {
        const outage_report report = live_through(kind, 1, naive, {.unlimited = true});
        EXPECT_GT(report.excess, 500) << "outage " << static_cast<int>(kind);
    }
}

}  // namespace sim_test
