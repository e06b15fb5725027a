#pragma once

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <farcall/retry/exponential_backoff.hpp>
#include <farcall/store/memory_store.hpp>

#include "plan.hpp"

namespace swarm {

using boost::asio::use_awaitable;
using farcall::as_result;
using farcall::executed;
using farcall::status;
using farcall::testing::process;

/// What became of the calls of one or many schedules.
struct tally {
    std::uint64_t answered = 0;
    std::uint64_t not_executed = 0;
    std::uint64_t unknown = 0;
    std::uint64_t repeated = 0;  // idempotent calls that were executed more than once
    std::uint64_t abandoned = 0;  // their client crashed
    std::uint64_t cancelled = 0;
    std::uint64_t late = 0;
    std::uint64_t once_answered = 0;
    std::uint64_t once_unknown = 0;

    tally& operator+=(const tally& more) {
        answered += more.answered;
        not_executed += more.not_executed;
        unknown += more.unknown;
        repeated += more.repeated;
        abandoned += more.abandoned;
        cancelled += more.cancelled;
        late += more.late;
        once_answered += more.once_answered;
        once_unknown += more.once_unknown;
        return *this;
    }
};

/// What was found of one schedule.
struct outcome {
    std::vector<std::string> violations{};
    tally ends{};
    std::uint64_t hash = 0;
};

/// Clients that call, a server that writes into a ledger, and all that goes wrong between them, by a plan.
class schedule {
public:
    schedule(const plan& what, bool trace)
        : plan_(what),
          ledger_(what.calls.size()),
          ends_(what.calls.size()),
          begun_(what.calls.size()),
          stops_(what.calls.size()),
          signals_(what.calls.size()),
          crashed_(what.clients),
          trace_(trace),
          sim_(what.seed) {
        if (!trace_) return;
        sim_.trace_to(&std::cout);
        sim_.network().observe([](const farcall::testing::network_event& event) {
            if (event.what == farcall::testing::network_event::kind::wrote) print(event.bytes);
        });
    }

    outcome run() {
        sim_.network().defaults() = plan_.link;
        sim_.start("server", [this](process& self) {
            const auto made = std::make_shared<farcall::server>(server_options(self));
            made->add<Book>(book{sim_, ledger_, plan_.in_flight});
            made->listen("sim://server");
            made->start();
            server_ = made;
            return made;
        });
        for (unsigned i = 0; i < plan_.clients; ++i)
            sim_.start(client_name(i), [this, i](process& self) { return start_client(self, i); });
        for (const action_plan& each : plan_.actions)
            sim_.spawn([this, &each]() -> awaitable<void> {
                co_await sim_.delay(each.at);
                co_await act(each);
            });
        for (const call_plan& each : plan_.calls)
            if (each.cancel_after)
                sim_.spawn([this, &each]() -> awaitable<void> {
                    co_await sim_.delay(each.at + *each.cancel_after);
                    if (crashed_[each.client]) co_return;
                    note(each, "is cancelled");
                    cancel(each);
                });
        sim_.run_for(plan::mended);
        mend();
        // No deadline is longer than ten seconds, but calls without one end, too, once the network works again.
        sim_.run_until([this] { return missing() == 0; }, 5min);
        // What is late may still do harm.
        sim_.run_for(5s);
        check();
        result_.hash = sim_.trace_hash();
        return std::move(result_);
    }

private:
    using patient_proxy = Book::basic_proxy<farcall::exponential_backoff>;

    struct client_state {
        Book::proxy hasty;
        patient_proxy patient;
    };

    static std::string client_name(unsigned which) { return "client-" + std::to_string(which); }

    farcall::server_options server_options(process& self) {
        farcall::server_options made = self.server_options();
        made.limits.in_flight = plan_.in_flight;
        farcall::memory_store_options remembers;
        remembers.window = plan_.window;
        remembers.lease = plan_.lease;
        remembers.random = std::make_shared<farcall::seeded_random>(sim_.random().next());
        made.store = std::make_shared<farcall::memory_store>(remembers);
        return made;
    }

    std::shared_ptr<client_state> start_client(process& self, unsigned which) {
        farcall::client_options options = self.client_options();
        options.reconnect = plan_.reconnect;
        options.keepalive = plan_.keepalive;
        options.keepalive_timeout = plan_.keepalive;
        const farcall::client client{self.executor(), "sim://server", options};
        const farcall::exponential_backoff policy{.max_attempts = 4, .full_jitter = true, .per_attempt = 500ms};
        const auto made = std::make_shared<client_state>(client_state{Book::proxy{client}, patient_proxy{client, policy}});
        for (const call_plan& each : plan_.calls)
            if (each.client == which)
                self.spawn([this, &each, made = std::weak_ptr(made)]() -> awaitable<void> {
                    co_await sim_.delay(each.at);
                    if (const auto state = made.lock()) co_await call(*state, each);
                });
        return made;
    }

    template <class Proxy>
    Proxy with_options(const Proxy& proxy, const call_plan& each) {
        const Proxy cancellable = each.retries ? proxy : farcall::with(proxy, stops_[each.number].get_token());
        const Proxy ready = each.waits_for_ready ? farcall::with(cancellable, farcall::wait_for_ready) : cancellable;
        const Proxy named =
            each.key ? farcall::with(ready, farcall::idempotency_key{"entry-" + std::to_string(each.entry)}) : ready;
        if (!each.timeout) return named;
        if (*each.timeout == 0ms) return farcall::with(named, farcall::no_timeout);
        return farcall::with(named, farcall::timeout{*each.timeout});
    }

    template <class Proxy, class Token>
    static auto invoke(const Proxy& proxy, const call_plan& each, Token token) {
        const int entry = each.entry;
        const int ms = static_cast<int>(each.work.count());
        const int how = static_cast<int>(each.mood);
        switch (static_cast<int>(each.semantics) * 3 + static_cast<int>(each.style)) {
            case 0: return proxy.post(entry, ms, how, token);
            case 1: return proxy.post_slowly(entry, ms, how, token);
            case 2: return proxy.post_aside(entry, ms, how, token);
            case 3: return proxy.put(entry, ms, how, token);
            case 4: return proxy.put_slowly(entry, ms, how, token);
            case 5: return proxy.put_aside(entry, ms, how, token);
            case 6: return proxy.pay(entry, ms, how, token);
            case 7: return proxy.pay_slowly(entry, ms, how, token);
            default: return proxy.pay_aside(entry, ms, how, token);
        }
    }

    awaitable<void> call(client_state& from, const call_plan& each) {
        note(each, "begins");
        begun_[each.number] = true;
        if (each.one_way) {
            invoke(with_options(from.hasty, each), each, farcall::notify);
        } else if (each.retries) {
            auto end = co_await invoke(
                with_options(from.patient, each), each,
                as_result(boost::asio::bind_cancellation_slot(signals_[each.number].slot(), use_awaitable)));
            ended(each, std::move(end));
        } else {
            invoke(with_options(from.hasty, each), each,
                   [this, &each](farcall::result<int> end) { ended(each, std::move(end)); });
        }
    }

    /// Calls by callback have a stop token, those of coroutines a cancellation slot.
    void cancel(const call_plan& each) {
        using boost::asio::cancellation_type;
        constexpr cancellation_type types[] = {cancellation_type::terminal, cancellation_type::partial,
                                               cancellation_type::total, cancellation_type::all};
        stops_[each.number].request_stop();
        signals_[each.number].emit(types[each.number % std::size(types)]);
    }

    void ended(const call_plan& each, farcall::result<int> end) {
        note(each, end ? "is answered " + std::to_string(*end) : "fails: " + text_of(end.error()));
        if (ends_[each.number]) return violation(each, "has ended twice");
        ends_[each.number].emplace(std::move(end));
    }

    awaitable<void> act(const action_plan& each) {
        const std::string client = client_name(each.client);
        auto& network = sim_.network();
        if (sim_.elapsed() >= plan::mended) co_return;  // a jump of the clock has made it late
        switch (each.what) {
            case fault::disconnect: network.disconnect(client, "server"); break;
            case fault::silence: network.silence(client, "server"); break;
            case fault::replay: network.replay(client, "server"); break;
            case fault::clock_jump: sim_.clock()->jump(each.length * 10); break;
            case fault::partition:
                network.partition(client, "server");
                co_await sim_.delay(each.length);
                network.heal(client, "server");
                break;
            case fault::suspend_server: co_await suspend("server", each.length); break;
            case fault::suspend_client: co_await suspend(client, each.length); break;
            case fault::client_crash:
                crashed_[each.client] = true;
                sim_.crash(client);
                break;
            case fault::crash:
            case fault::failure:
                if (each.what == fault::crash)
                    sim_.crash("server");
                else
                    sim_.fail("server");
                co_await sim_.delay(each.length);
                if (!sim_.at("server").running()) sim_.restart("server");
                break;
            case fault::drain: co_await drain(); break;
            default: break;
        }
    }

    awaitable<void> suspend(std::string host, milliseconds length) {
        sim_.suspend(host);
        co_await sim_.delay(length);
        sim_.resume(host);
    }

    /// Stops the server as a signal does, and starts it again when it has ended.
    awaitable<void> drain() {
        constexpr milliseconds grace{2'000};
        const unsigned life = sim_.at("server").starts();
        if (const auto alive = server_.lock())
            alive->stop(grace);
        else
            co_return;
        for (milliseconds waited{0}; waited <= grace && sim_.network().open_connections() != 0; waited += 20ms)
            co_await sim_.delay(20ms);
        if (sim_.at("server").starts() == life) sim_.restart("server");
    }

    void mend() {
        auto& link = sim_.network().defaults();
        link.refusal = link.loss = link.blocked_write = 0;
        sim_.network().heal();
        sim_.resume("server");
        for (unsigned i = 0; i < plan_.clients; ++i) sim_.resume(client_name(i));
        if (!sim_.at("server").running()) sim_.restart("server");
    }

    /// Calls that have no end although somebody waits for it.
    std::size_t missing() const {
        std::size_t count = 0;
        for (const call_plan& each : plan_.calls)
            if (!each.one_way && !crashed_[each.client] && !ends_[each.number]) ++count;
        return count;
    }

    void check() {
        for (const call_plan& each : plan_.calls) check(each);
        for (const auto& [entry, text] : ledger_.complaints())
            result_.violations.push_back("entry " + std::to_string(entry) + ' ' + text);
    }

    /// How often an entry may be written: a store in memory knows its keys for one life of its process.
    int most_executions(const call_plan& each) {
        if (each.semantics == semantics::idempotent) return std::numeric_limits<int>::max();
        return each.key || refused_may_run() ? static_cast<int>(sim_.at("server").starts()) : 1;
    }

    /// Whether an attempt that was refused, so that its caller makes another one, may be brought again and run, and then
    /// be forgotten with the process before that other one comes. No network of TCP does so.
    bool refused_may_run() const {
        return plan_.faults.has(fault::replay) && plan_.faults.any_of(fault::crash, fault::failure, fault::drain) &&
               plan_.faults.any_of(fault::tight_limits, fault::hurry, fault::busy, fault::clock_jump,
                                   fault::suspend_server, fault::drain, fault::cancel, fault::small_store);
    }

    void check(const call_plan& each) {
        const ledger::record& done = ledger_.of(each.entry);
        if (done.begun > most_executions(each))
            violation(each, "was executed " + std::to_string(done.begun) + " times");
        if (!begun_[each.number] && done.begun != 0 && !each.key)
            violation(each, "was executed although nobody called");
        if (each.semantics == semantics::idempotent && done.begun > 1) ++result_.ends.repeated;
        const auto& end = ends_[each.number];
        if (!end) {
            if (crashed_[each.client])
                ++result_.ends.abandoned;
            else if (!each.one_way)
                violation(each, "has no end");
            else if (harmless() && !each.timeout && !each.cancel_after && done.done != 1)
                violation(each, "was lost although nothing went wrong");
            return;
        }
        if (const auto answer = answer_in(each, *end)) return check_answer(each, *answer);
        if (!*end) check_failure(each, end->error());
    }

    /// The number that the handler answered with, or threw.
    std::optional<int> answer_in(const call_plan& each, const farcall::result<int>& end) {
        if (end) return *end;
        if (each.mood != mood::throws || end.error().executed() != executed::yes) return {};
        // Behind it may stand which attempt it was.
        const std::string& text = end.error().message();
        const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
        if (digits == 0 || (digits != text.size() && !text.substr(digits).starts_with(" (attempt "))) return {};
        return std::stoi(text.substr(0, digits));
    }

    void check_answer(const call_plan& each, int answer) {
        ++result_.ends.answered;
        if (each.semantics == semantics::exactly_once) ++result_.ends.once_answered;
        const ledger::record& done = ledger_.of(each.entry);
        const int execution = answer - ledger::answer(each.entry, 0);
        if (execution < 1 || execution > std::min(done.begun, most_executions(each))) violation(each, "was answered " + std::to_string(answer) + ", another's");
        if (done.begun < 1 || done.done < 1) violation(each, "was answered and not executed");
    }

    void check_failure(const call_plan& each, const farcall::error& end) {
        const ledger::record& done = ledger_.of(each.entry);
        if (end.status() == status::cancelled) ++result_.ends.cancelled;
        if (end.status() == status::deadline_exceeded) ++result_.ends.late;
        if (end.executed() == executed::no) {
            ++result_.ends.not_executed;
            // What was refused may be brought a second time, and be taken then.
            if (done.begun != 0 && !plan_.faults.has(fault::replay) && !each.key)
                violation(each, "was executed, but its caller told otherwise: " + text_of(end));
        } else {
            ++result_.ends.unknown;
            if (each.semantics == semantics::exactly_once) ++result_.ends.once_unknown;
        }
        if (end.executed() == executed::yes && done.begun == 0)
            violation(each, "was not executed, but its caller told otherwise: " + text_of(end));
        if (each.cancel_after) return;
        if (each.semantics == semantics::exactly_once && !each.key && !each.retries && each.timeout == 0ms && remembered())
            violation(each, "was given up although it had all the time: " + text_of(end));
        if (end.status() == status::deadline_exceeded && hurried(each)) return;
        if (harmless()) violation(each, "failed although nothing went wrong: " + text_of(end));
        if (end.status() == status::deadline_exceeded) return;
        // Of a call with a policy, an attempt may have taken too long.
        if (end.executed() != executed::no && !each.retries && orderly())
            violation(each, "was lost by a server that stopped in order: " + text_of(end));
    }

    /// Whether a server, once the network is mended, answers every exactly-once call: it has forgotten none.
    bool remembered() const {
        return !plan_.faults.any_of(fault::drain, fault::crash, fault::failure) && plan_.lease >= 1min;
    }

    /// Whether the deadline of the call, or of its attempts, may be too short for its work.
    static bool hurried(const call_plan& each) {
        return (each.timeout && *each.timeout != 0ms && *each.timeout < 3s) ||
               (each.retries && each.semantics != semantics::exactly_once);
    }

    /// Whether only such things happen as nobody may notice.
    bool harmless() const {
        fault_set harm = plan_.faults;
        for (const fault each : {fault::delay, fault::pieces, fault::small_reads, fault::blocked_writes, fault::slow,
                                 fault::throwing, fault::burst, fault::hurry, fault::cancel})
            harm.remove(each);
        return harm.names() == "none";
    }

    /// Whether, at worst, the server is stopped in order and has little room.
    bool orderly() const {
        fault_set harm = plan_.faults;
        for (const fault each : {fault::delay, fault::pieces, fault::small_reads, fault::blocked_writes, fault::slow,
                                 fault::throwing, fault::burst, fault::hurry, fault::cancel, fault::drain, fault::refusal,
                                 fault::tight_limits})
            harm.remove(each);
        return harm.names() == "none";
    }

    static std::string text_of(const farcall::error& failure) {
        return std::string{failure.what()} + " [" + std::string{to_string(failure.status())} + ", executed " +
               std::string{to_string(failure.executed())} + "]";
    }

    static std::string name_of(const call_plan& each) {
        constexpr std::string_view semantic_names[] = {"post", "put", "pay"};
        constexpr std::string_view style_names[] = {"", "_slowly", "_aside"};
        return "call " + std::to_string(each.number) + " (entry " + std::to_string(each.entry) + ", " + client_name(each.client) + ", " +
               std::string{semantic_names[static_cast<int>(each.semantics)]} +
               std::string{style_names[static_cast<int>(each.style)]} + (each.one_way ? ", one way)" : ")");
    }

    /// What was written, a frame a line.
    static void print(std::string_view bytes) {
        std::cout << "    ";
        for (const char c : bytes)
            if (c >= ' ' && c <= '~')
                std::cout << c;
            else if (c == '\0')
                std::cout << ' ';
        std::cout << '\n';
    }

    void note(const call_plan& each, const std::string& text) {
        if (!trace_) return;
        std::cout << std::chrono::duration<double>(sim_.elapsed()).count() << ' ' << name_of(each) << ' ' << text << '\n';
    }

    void violation(const call_plan& each, const std::string& text) {
        result_.violations.push_back(name_of(each) + ' ' + text);
    }

    const plan& plan_;
    ledger ledger_;
    std::vector<std::optional<farcall::result<int>>> ends_;
    std::vector<bool> begun_;
    std::vector<std::stop_source> stops_;
    std::vector<boost::asio::cancellation_signal> signals_;
    std::vector<bool> crashed_;
    std::weak_ptr<farcall::server> server_;
    outcome result_;
    bool trace_;
    simulation sim_;  // the last: its end comes before that of all that its coroutines refer to
};

}  // namespace swarm
