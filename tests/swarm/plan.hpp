#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/random.hpp>
#include <farcall/testing/simulated_network.hpp>

#include "book.hpp"

namespace swarm {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// What can go wrong. A seed switches a random subset on.
enum class fault : unsigned {
    delay,           // data takes time
    pieces,          // and comes in pieces
    small_reads,     // of which little is read at a time
    narrow,          // little of it may be on the way
    blocked_writes,  // and sometimes none
    refusal,         // connects are refused
    loss,            // connections are lost with data
    disconnect,      // connections are lost
    partition,       // nothing arrives for a while
    silence,         // connections become half open
    drain,           // the server stops in order, and is started again
    crash,           // the server's process ends
    failure,         // its machine fails
    suspend_server,  // it stands still for a while
    suspend_client,
    client_crash,
    clock_jump,      // the machine stands still, and everything with it
    replay,          // what a connection brought is brought again
    cancel,          // callers give up
    hurry,           // deadlines are short
    slow,            // handlers take long
    throwing,        // handlers throw, or do not listen
    busy,            // handlers compute for long
    tight_limits,    // the server takes few calls at a time
    burst,           // all calls come at the same time
    small_store,     // the server remembers few calls, and not for long
    keys,            // callers name their transactions themselves, some of them twice
    count
};

inline constexpr std::string_view fault_names[] = {
    "delay",   "pieces",  "small_reads",    "narrow",         "blocked_writes", "refusal",    "loss",   "disconnect",
    "partition", "silence", "drain",        "crash",          "failure",        "suspend_server", "suspend_client",
    "client_crash", "clock_jump", "replay", "cancel",         "hurry",          "slow",       "throwing",       "busy",
    "tight_limits", "burst", "small_store", "keys"};
static_assert(std::size(fault_names) == static_cast<unsigned>(fault::count));

class fault_set {
public:
    constexpr bool has(fault which) const { return (bits_ >> static_cast<unsigned>(which) & 1) != 0; }
    template <class... More>
    constexpr bool any_of(More... which) const {
        return (has(which) || ...);
    }
    constexpr void add(fault which) { bits_ |= bit(which); }
    constexpr void remove(fault which) { bits_ &= ~bit(which); }
    constexpr void remove(fault_set which) { bits_ &= ~which.bits_; }

    std::string names() const {
        std::string text;
        for (unsigned i = 0; i < static_cast<unsigned>(fault::count); ++i)
            if (has(fault{i})) text.append(text.empty() ? "" : ",").append(fault_names[i]);
        return text.empty() ? "none" : text;
    }

    /// Reads names with commas between them; nothing if one of them is unknown.
    static std::optional<fault_set> parse(std::string_view text) {
        fault_set made;
        while (!text.empty()) {
            const std::string_view name = text.substr(0, text.find(','));
            text.remove_prefix(std::min(text.size(), name.size() + 1));
            const auto found = std::find(std::begin(fault_names), std::end(fault_names), name);
            if (found == std::end(fault_names)) return {};
            made.add(fault{static_cast<unsigned>(found - std::begin(fault_names))});
        }
        return made;
    }

private:
    static constexpr std::uint64_t bit(fault which) { return std::uint64_t{1} << static_cast<unsigned>(which); }

    std::uint64_t bits_ = 0;
};

enum class semantics { at_most_once, idempotent, exactly_once };
enum class style { plain, coroutine, aside };

/// One call that a client will make.
struct call_plan {
    std::size_t number = 0;
    int entry = 0;
    bool key = false;            // the entry is the transaction's name, which other calls may have, too
    swarm::semantics semantics = semantics::at_most_once;
    swarm::style style = style::plain;
    milliseconds at{0};
    milliseconds work{0};
    swarm::mood mood = mood::plain;
    std::optional<milliseconds> timeout{};  // nothing: the client's; zero: none
    std::optional<milliseconds> cancel_after{};
    bool one_way = false;
    bool retries = false;        // by the proxy with a policy, as a coroutine; otherwise by callback
    bool waits_for_ready = false;
    unsigned client = 0;
};

/// Something that goes wrong at a time.
struct action_plan {
    fault what = fault::disconnect;
    milliseconds at{0};
    milliseconds length{0};
    unsigned client = 0;
};

/// Everything that a seed decides beforehand. What is drawn does not depend on which faults are taken out again.
struct plan {
    std::uint64_t seed = 1;
    fault_set faults{};
    farcall::testing::link_options link{};
    farcall::reconnect_backoff reconnect{};
    milliseconds keepalive{0};
    std::size_t in_flight = 1'024;
    std::uint64_t window = 512;
    milliseconds lease{600'000};
    unsigned clients = 1;
    std::vector<call_plan> calls{};
    std::vector<action_plan> actions{};

    /// When everything is mended.
    static constexpr milliseconds mended{4'000};
    static constexpr std::size_t call_count = 50;
};

class planner {
public:
    explicit planner(std::uint64_t seed) : random_(seed * 0x9e3779b97f4a7c15u + 1) {}

    plan draw(std::uint64_t seed, fault_set without) {
        plan made;
        made.seed = seed;
        // Few faults, many faults, and none: they hide each other.
        const std::uint64_t density = below(8);
        for (unsigned i = 0; i < static_cast<unsigned>(fault::count); ++i)
            if (below(8) < density / 2 + (density > 6 ? 3 : 0)) made.faults.add(fault{i});
        made.faults.remove(without);

        made.clients = 1 + static_cast<unsigned>(below(3));
        made.link = draw_link(made.faults);
        made.reconnect.initial = milliseconds{below(2) ? 50 : 1'000};
        made.reconnect.longest = milliseconds{below(2) ? 500 : 120'000};
        made.keepalive = milliseconds{below(2) ? 500 : 30'000};
        const std::size_t in_flight = 1 + static_cast<std::size_t>(below(8));
        if (made.faults.has(fault::tight_limits)) made.in_flight = in_flight;
        const std::uint64_t window = 1 + below(8);
        const milliseconds lease{one_in(2) ? 600'000 : 100 + below(2'000)};
        if (made.faults.has(fault::small_store)) {
            made.window = window;
            made.lease = lease;
        }
        const bool only_once = made.faults.has(fault::replay);
        for (std::size_t i = 0; i < plan::call_count; ++i) made.calls.push_back(draw_call(i, made, only_once));
        draw_actions(made);
        return made;
    }

private:
    std::uint64_t below(std::uint64_t bound) { return random_.next() % bound; }
    bool one_in(std::uint64_t n) { return below(n) == 0; }
    milliseconds time(std::uint64_t from, std::uint64_t to) { return milliseconds{from + below(to - from + 1)}; }

    farcall::testing::link_options draw_link(fault_set faults) {
        farcall::testing::link_options drawn{
            .delay = {std::chrono::microseconds{below(1'000)}, milliseconds{1 + below(40)}},
            .largest_piece = 1 + static_cast<std::size_t>(below(100)),
            .largest_read = 1 + static_cast<std::size_t>(below(100)),
            .capacity = 50 + static_cast<std::size_t>(below(1'000)),
            .refusal = uniform(random_) / 2,
            .loss = one_in(2) ? 0.003 : 0.03,
            .blocked_write = 0.3,
        };
        farcall::testing::link_options made;
        if (faults.has(fault::delay)) made.delay = drawn.delay;
        if (faults.has(fault::pieces)) made.largest_piece = drawn.largest_piece;
        if (faults.has(fault::small_reads)) made.largest_read = drawn.largest_read;
        if (faults.has(fault::narrow)) made.capacity = drawn.capacity;
        if (faults.has(fault::refusal)) made.refusal = drawn.refusal;
        if (faults.has(fault::loss)) made.loss = drawn.loss;
        if (faults.has(fault::blocked_writes)) made.blocked_write = drawn.blocked_write;
        if (faults.has(fault::replay)) made.kept_for_replay = 16u << 10;
        return made;
    }

    call_plan draw_call(std::size_t index, const plan& all, bool only_once) {
        call_plan made;
        made.number = index;
        made.entry = static_cast<int>(index);
        made.semantics = swarm::semantics{static_cast<int>(below(3))};
        if (only_once) made.semantics = semantics::exactly_once;
        made.style = swarm::style{static_cast<int>(below(3))};
        made.at = time(0, 3'000);
        made.work = one_in(3) ? milliseconds{0} : time(1, 60);
        const milliseconds long_work = time(50, 1'500);
        const auto drawn_mood = swarm::mood{static_cast<int>(below(3))};
        const bool busy = one_in(2);
        const milliseconds short_timeout = time(1, 300);
        const std::uint64_t timeout = below(8);
        const milliseconds cancel = one_in(3) ? milliseconds{0} : time(0, 200);
        const bool cancels = one_in(3);
        made.one_way = one_in(10);
        made.retries = one_in(2);
        made.waits_for_ready = one_in(3);
        made.client = static_cast<unsigned>(below(all.clients));
        if (timeout == 0) made.timeout = milliseconds{0};
        if (timeout == 1) made.timeout = 3s;
        if (all.faults.has(fault::hurry) && timeout >= 5) made.timeout = short_timeout;
        if (all.faults.has(fault::slow) && made.work.count() % 2 == 1) made.work = long_work;
        if (all.faults.has(fault::throwing)) made.mood = drawn_mood;
        if (all.faults.has(fault::busy) && busy) made.mood = mood::busy;
        if (all.faults.has(fault::cancel) && cancels) made.cancel_after = cancel;
        if (all.faults.has(fault::burst)) made.at = milliseconds{100};
        const bool key = one_in(2);
        const std::size_t twin = static_cast<std::size_t>(below(index + 1));
        if (only_once) made.one_way = false;
        if (!all.faults.has(fault::keys) || made.semantics != semantics::exactly_once || made.one_way || !key) return made;
        made.key = true;
        if (twin == index || !all.calls[twin].key) return made;
        // The same transaction, perhaps from another client: it must be the same call.
        const call_plan& same = all.calls[twin];
        made.entry = same.entry;
        made.style = same.style;
        made.work = same.work;
        made.mood = same.mood;
        return made;
    }

    void draw_actions(plan& all) {
        for (const fault each : {fault::disconnect, fault::partition, fault::silence, fault::drain, fault::crash,
                                 fault::failure, fault::suspend_server, fault::suspend_client, fault::client_crash,
                                 fault::clock_jump, fault::replay}) {
            const std::uint64_t times = 1 + below(4);
            for (std::uint64_t i = 0; i < times; ++i) {
                action_plan made{each, time(0, static_cast<std::uint64_t>(plan::mended.count()) - 500),
                                 one_in(3) ? milliseconds{0} : time(1, one_in(3) ? 2'000 : 200),
                                 static_cast<unsigned>(below(all.clients))};
                if (all.faults.has(each)) all.actions.push_back(made);
            }
        }
        std::stable_sort(all.actions.begin(), all.actions.end(),
                         [](const action_plan& a, const action_plan& b) { return a.at < b.at; });
    }

    farcall::seeded_random random_;
};

}  // namespace swarm
