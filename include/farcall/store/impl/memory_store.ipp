#pragma once

#include <algorithm>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <farcall/detail/hexadecimal.hpp>
#include <farcall/detail/mutant.hpp>
#include <farcall/detail/sip_hash.hpp>
#include <farcall/detail/system_random.hpp>
#include <farcall/store/detail/call_window.hpp>
#include <farcall/store/memory_store.hpp>

namespace farcall {

namespace detail {

/// What is random already needs no hash.
struct low_bits {
    std::size_t operator()(const bits128& value) const noexcept { return static_cast<std::size_t>(value.low); }
};

inline std::string hexadecimal(const bits128& value) {
    std::string text;
    append_hex(text, value.high);
    append_hex(text, value.low);
    return text;
}

/// @returns false if `text` is not what `hexadecimal` makes
inline bool read_hexadecimal(std::string_view text, bits128& value) noexcept {
    return text.size() == 32 && read_hex(text.substr(0, 16), value.high) && read_hex(text.substr(16), value.low);
}

}  // namespace detail

struct memory_store::state {
    using bits128 = detail::bits128;
    using call_record = detail::call_record;

    struct session;
    struct key;
    /// In the order in which they were used last; a session moves from list to list and stays where it is in memory.
    using session_list = std::list<session>;
    using key_list = std::list<key>;

    struct session {
        bits128 id;
        std::string principal;
        detail::call_window window;
        std::size_t running = 0;
        time_point last_used;
        session_list* place = nullptr;
        session_list::iterator self{};
    };

    /// A call with an idempotency key. Its name is hashed with the principal under a secret key: 128 bits tell any two
    /// apart, and nobody can choose names that meet.
    struct key {
        bits128 name;
        call_record record;
        time_point ended{};
        key_list::iterator self{};
    };

    /// Of what a ticket tells.
    struct run {
        session* of_session = nullptr;  ///< null: it has a key
        key* of_key = nullptr;
        std::uint64_t seq = 0;
        std::uint64_t ticket = 0;  ///< 0: not in use
    };

    explicit state(memory_store_options chosen) : options(std::move(chosen)) {
        if (!options.random) options.random = std::make_shared<detail::system_random>();
        options.window = std::clamp<std::uint64_t>(options.window, 1, 65'536);
        secret = {options.random->next(), options.random->next()};
    }

    memory_store_options options;
    bits128 secret;
    mutable std::mutex mutex;  ///< of what follows

    session_list unused;  ///< no call has ever been made in them
    session_list idle;    ///< nothing runs in them
    session_list busy;
    std::unordered_map<bits128, session*, detail::low_bits> sessions;

    key_list running_keys;
    key_list ended_keys;
    std::unordered_map<bits128, key*, detail::low_bits> keys;

    std::vector<run> runs;  ///< a ticket's place is its lower half
    std::vector<std::uint32_t> free_runs;
    std::uint64_t last_run = 0;
    std::size_t bytes = 0;

    /// What one of them takes beside its records: the nodes in list and map, a bucket, what the heap adds.
    static constexpr std::size_t session_cost = sizeof(session) + 128;
    static constexpr std::size_t key_cost = sizeof(key) + 128;

    /// Bytes that a text takes outside of its object.
    static std::size_t heap_of(const std::string& text) noexcept {
        return text.capacity() <= std::string{}.capacity() ? 0 : text.capacity() + 17;
    }

    void move(session& which, session_list& to) {
        to.splice(to.end(), *which.place, which.self);
        which.place = &to;
    }

    void erase(session& gone) {
        bytes -= session_cost + heap_of(gone.principal) + gone.window.bytes();
        gone.window.for_each([&](const call_record& each) { bytes -= heap_of(each.reply); });
        sessions.erase(gone.id);
        gone.place->erase(gone.self);
    }

    void erase(key& gone, key_list& from) {
        bytes -= key_cost + heap_of(gone.record.reply);
        keys.erase(gone.name);
        from.erase(gone.self);
    }

    bool expired(const session& looked, time_point now) const noexcept {
        return looked.running == 0 && now - looked.last_used >= options.lease;
    }

    bool expired(const key& looked, time_point now) const noexcept { return now - looked.ended >= options.keys; }

    /// Forgets what is out of date; not so much at a time that others wait for it.
    void sweep(time_point now) {
        constexpr int most = 16;
        for (session_list* each : {&unused, &idle})
            for (int i = 0; i < most && !each->empty() && expired(each->front(), now); ++i) erase(each->front());
        for (int i = 0; i < most && !ended_keys.empty() && expired(ended_keys.front(), now); ++i)
            erase(ended_keys.front(), ended_keys);
    }

    bool no_room() const noexcept { return bytes >= options.bytes; }

    std::uint64_t begin(session* of_session, key* of_key, std::uint64_t seq) {
        if (free_runs.empty()) {
            free_runs.push_back(static_cast<std::uint32_t>(runs.size()));
            runs.emplace_back();
        }
        const std::uint32_t place = free_runs.back();
        free_runs.pop_back();
        // The upper half counts, so that a ticket names one run only.
        const std::uint64_t ticket = ++last_run << 32 | place;
        runs[place] = {of_session, of_key, seq, ticket};
        return ticket;
    }

    /// The run of this ticket, which it was; without a session and a key if there is none.
    run take(std::uint64_t ticket) {
        const std::size_t place = ticket & 0xffffffffu;
        if (ticket == 0 || place >= runs.size() || runs[place].ticket != ticket) return {};
        free_runs.push_back(static_cast<std::uint32_t>(place));
        return std::exchange(runs[place], {});
    }

    /// What a record says of a call that comes again.
    static admission answer(const call_record& found, const call_identity& call) {
        if (found.fingerprint != call.fingerprint) return {.verdict = verdict::conflict};
        if (!found.ended) return {.verdict = verdict::running, .ticket = found.ticket};
        return {.verdict = verdict::replay, .reply = found.reply};
    }

    session* find(const call_identity& call, time_point now) {
        bits128 id;
        if (!detail::read_hexadecimal(call.session, id)) return nullptr;
        const auto found = sessions.find(id);
        if (found == sessions.end() || found->second->principal != call.principal) return nullptr;
        if (!expired(*found->second, now)) return found->second;
        erase(*found->second);
        return nullptr;
    }

    admission admit_in_session(const call_identity& call, time_point now) {
        session* const found = find(call, now);
        if (found == nullptr)
            return {.verdict = FARCALL_MUTANT(expired_sessions_run) ? verdict::run : verdict::expired};
        found->last_used = std::max(found->last_used, now);
        if (found->running == 0) move(*found, idle);
        found->window.advance(call.ack, [&](const call_record& gone) { bytes -= heap_of(gone.reply); });
        if (call.seq < found->window.first())
            return {.verdict = FARCALL_MUTANT(stale_calls_run) ? verdict::run : verdict::stale};
        if (call.seq - found->window.first() >= options.window) return {.verdict = verdict::beyond_window};
        if (const call_record* record = found->window.find(call.seq))
            if (record->ended || !FARCALL_MUTANT(forget_running_calls)) return answer(*record, call);
        if (no_room()) return {.verdict = verdict::full, .limit = "memory_store_options::bytes"};
        const std::size_t before = found->window.bytes();
        call_record& record = found->window.add(call.seq);
        bytes += found->window.bytes() - before;
        record.fingerprint = call.fingerprint;
        record.ticket = begin(found, nullptr, call.seq);
        if (found->running++ == 0) move(*found, busy);
        return {.verdict = verdict::run, .ticket = record.ticket};
    }

    admission admit_key(const call_identity& call, time_point now) {
        const bits128 name = detail::sip_hash{detail::sip_hash{secret}(call.principal)}(call.idempotency_key);
        if (const auto found = keys.find(name); found != keys.end()) {
            if (!found->second->record.ended || !expired(*found->second, now))
                return answer(found->second->record, call);
            erase(*found->second, ended_keys);
        }
        if (no_room()) return {.verdict = verdict::full, .limit = "memory_store_options::bytes"};
        running_keys.emplace_back();
        key& made = running_keys.back();
        made.name = name;
        made.self = std::prev(running_keys.end());
        made.record.fingerprint = call.fingerprint;
        made.record.ticket = begin(nullptr, &made, 0);
        keys.emplace(name, &made);
        bytes += key_cost;
        return {.verdict = verdict::run, .ticket = made.record.ticket};
    }

    /// The end of a run: `reply` is null if it did not run after all.
    void end(std::uint64_t ticket, const std::string_view* reply, time_point now) {
        const run ended = take(ticket);
        if (ended.of_key != nullptr) return end_key(*ended.of_key, reply, now);
        if (ended.of_session == nullptr) return;
        session& of = *ended.of_session;
        of.last_used = std::max(of.last_used, now);
        if (--of.running == 0) move(of, idle);
        // The caller may have given it up meanwhile, and said that it wants no reply.
        if (call_record* record = of.window.find(ended.seq)) fill(*record, reply);
    }

    void end_key(key& which, const std::string_view* reply, time_point now) {
        if (reply == nullptr) return erase(which, running_keys);
        fill(which.record, reply);
        which.ended = ended_keys.empty() ? now : std::max(now, ended_keys.back().ended);
        ended_keys.splice(ended_keys.end(), running_keys, which.self);
    }

    void fill(call_record& record, const std::string_view* reply) {
        if (reply == nullptr) {
            record.clear();
            return;
        }
        record.reply.assign(reply->data(), reply->size());
        record.ticket = 0;
        record.ended = true;
        bytes += heap_of(record.reply);
    }
};

FARCALL_DECL memory_store::memory_store(memory_store_options options)
    : state_(std::make_unique<state>(std::move(options))) {}

FARCALL_DECL memory_store::~memory_store() = default;

FARCALL_DECL result<opened_session> memory_store::open(std::string_view principal, time_point now) {
    const std::lock_guard lock(state_->mutex);
    state_->sweep(now);
    const auto full = [&] { return state_->sessions.size() >= state_->options.sessions; };
    // Whoever only opens sessions may not keep others from it; and where no call was made none is forgotten.
    if ((full() || state_->no_room()) && !state_->unused.empty()) state_->erase(state_->unused.front());
    if (full() || state_->no_room())
        return error{status::resource_exhausted, std::string{full() ? "memory_store_options::sessions"
                                                                    : "memory_store_options::bytes"} +
                                                     ": the server has no room for another session; try again later"}
            .with_executed(executed::no);
    detail::bits128 id{state_->options.random->next(), state_->options.random->next()};
    state_->unused.emplace_back();
    state::session& made = state_->unused.back();
    made.id = id;
    made.principal = principal;
    made.last_used = FARCALL_MUTANT(lease_by_wall_clock) ? std::chrono::steady_clock::now() : now;
    made.place = &state_->unused;
    made.self = std::prev(state_->unused.end());
    state_->sessions.emplace(id, &made);
    state_->bytes += state::session_cost + state::heap_of(made.principal);
    return opened_session{detail::hexadecimal(id), state_->options.window, state_->options.lease};
}

FARCALL_DECL admission memory_store::admit(const call_identity& call, time_point now) {
    const std::lock_guard lock(state_->mutex);
    state_->sweep(now);
    return call.session.empty() ? state_->admit_key(call, now) : state_->admit_in_session(call, now);
}

FARCALL_DECL void memory_store::finish(std::uint64_t ticket, std::string_view reply, time_point now) {
    const std::lock_guard lock(state_->mutex);
    state_->end(ticket, &reply, now);
}

FARCALL_DECL void memory_store::forget(std::uint64_t ticket, time_point now) {
    const std::lock_guard lock(state_->mutex);
    state_->end(ticket, nullptr, now);
}

FARCALL_DECL memory_store::usage memory_store::used() const {
    const std::lock_guard lock(state_->mutex);
    return {state_->sessions.size(), state_->keys.size(), state_->runs.size() - state_->free_runs.size(),
            state_->bytes};
}

}  // namespace farcall
