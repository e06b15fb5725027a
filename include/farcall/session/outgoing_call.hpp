#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/detail/text_apart.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/error.hpp>
#include <farcall/limits.hpp>
#include <farcall/metadata.hpp>
#include <farcall/method.hpp>
#include <farcall/observe/event.hpp>
#include <farcall/protocol/reply_meta.hpp>
#include <farcall/session/deadline_queue.hpp>
#include <farcall/trace_context.hpp>

namespace farcall::detail {

class arriving_text;

/// What a call ended with, as bytes.
struct reply {
    /// Null if the call succeeded. Valid during `outgoing_call::complete` only.
    const error* failure = nullptr;
    /// JSON text of the result. Valid during `outgoing_call::complete` only.
    std::string_view result{};
    /// Empty: `result` is known to be JSON. Otherwise the whole message, and `result` only what stands in its place:
    /// whoever does not decode it strictly to the end must have the message read in full first.
    std::string_view message{};
    /// What is known already of a string in the result; null: nothing. Valid during `outgoing_call::complete` only.
    arriving_text* arriving = nullptr;
    /// How deep the result may nest.
    std::size_t depth = limits{}.depth;
    /// What the server says beside the answer, to a call that `wants_meta`; null: nothing. Valid during
    /// `outgoing_call::complete` only.
    reply_meta* meta = nullptr;
    /// How many attempts there were; 0: the call ended before the first one.
    unsigned attempts = 1;
    /// The result is that of an earlier call.
    bool stale = false;
};

class outgoing_call;

/// Whoever keeps a call until its end: the session of a connection, a queue, a layer that repeats calls.
class call_holder {
public:
    /// Gives the call up: `call.complete` follows with `why`, maybe from inside this function, whatever comes later.
    ///
    /// The holder says in the error whether the call ran; a peer that may have it is told by `rpc.cancel`.
    virtual void cancel(outgoing_call& call, const error& why) = 0;

protected:
    ~call_holder() = default;
};

/// What makes a call one of a session's, DESIGN section 6. What it refers to outlives the call.
struct session_stamp {
    std::string_view session{};          ///< as the server named it
    std::uint64_t seq = 0;               ///< from 1
    const std::uint64_t* ack = nullptr;  ///< the first call of the session that has no end yet, when this is sent
};

/// What observers are told of a call, as far as only its connection knows it: of the attempt that was answered last,
/// or else of the one that was sent last.
struct call_facts {
    time_point began = never;        ///< when the application made the call
    connection_tag connection{};     ///< `id` 0: it has come to none
    std::uint64_t id = 0;            ///< of the request; 0: it was not sent, or has none
    std::string request_id{};        ///< as it was sent
    std::string traceparent{};       ///< likewise
    std::size_t bytes_out = 0;       ///< of the request's JSON text
    std::size_t bytes_in = 0;        ///< of the answer's
};

/// One call on its way: what to send, and whom to tell the end. Made and owned by whoever calls.
///
/// From `channel::start` to `complete` it must stay where it is; what the views point to must live as long.
class outgoing_call : public deadline_entry {
public:
    outgoing_call() = default;
    outgoing_call(const outgoing_call&) = delete;
    outgoing_call& operator=(const outgoing_call&) = delete;

    /// Called exactly once, on the channel's I/O executor; the call may be destroyed in it.
    virtual void complete(const reply& end) noexcept = 0;

    /// Called in place of `complete` when the executor's context is destroyed with the call under way: nothing may run
    /// any more, so a handler is destroyed without having been called.
    virtual void abandon() noexcept = 0;

    /// What is the same of `whole` and of each attempt of it; refers to what `whole` does.
    void attempt_of(const outgoing_call& whole) noexcept {
        assert(whole.lent == nullptr);  // only a `plain` call has it, of which there are no attempts
        method = whole.method;
        info = whole.info;
        params = whole.params;
        headers = whole.headers;
        trace = whole.trace;
        idempotency_key = whole.idempotency_key;
        wait_for_ready = whole.wait_for_ready;
        repeatable = whole.repeatable;
        wants_meta = whole.wants_meta;
        facts = whole.facts;
        changed_headers = whole.changed_headers;
    }

    /// Appends the arguments.
    /// @param apart  gets what is large of them instead, and where it belongs in `out`; null: nothing is left out
    void append_params(text_buffer& out, text_apart* apart) const {
        const std::size_t begin = out.size();
        const text_apart large = lent != nullptr ? *lent : text_apart{0, params};
        if (lent != nullptr) out.append(params);
        if (apart != nullptr)
            *apart = {begin + large.at, large.text};
        else
            out.insert(begin + large.at, large.text);
    }

    std::string_view method{};           ///< "Calculator.add"
    const method_info* info = nullptr;   ///< what is declared of it; null: nothing is known
    std::string_view params{};           ///< JSON text, empty for none
    const text_apart* lent = nullptr;    ///< belongs into `params`, of a `plain` call; null: nothing does
    const metadata* headers = nullptr;   ///< null: none
    const trace_context* trace = nullptr;  ///< `sendable`; null: the call is in no trace
    unsigned attempt = 1;                ///< from 1
    /// The deadline that the peer is told, where it is not `deadline`: an attempt may be given up while the call goes on.
    /// `never`: as `deadline`.
    time_point whole_deadline = never;
    const session_stamp* stamp = nullptr;   ///< null: the call is none of a session's
    std::string_view idempotency_key{};     ///< empty: none
    /// The present time, if whoever starts the call has just looked at the clock; `never`: it must be asked.
    time_point now = never;
    bool wait_for_ready = false;            ///< waits for a connection until its deadline, instead of failing
    bool keep_running = false;              ///< giving the attempt up is no reason to stop the handler: no `rpc.cancel`
    bool one_way = false;                ///< no answer is wanted: complete when handed to the connection
    bool self_owned = false;             ///< a one-way call that may be kept, for nobody waits for its end
    bool repeatable = false;             ///< may run twice without harm
    /// The answer is to say what there is beside it; its message is read in full then, and `reply::message` is empty.
    bool wants_meta = false;

    /// There is nothing to it but `params`, not empty, a deadline and a method whose name is a constant and a `plain_name`:
    /// no attempts, nobody who watches.
    bool plain = false;

    call_facts* facts = nullptr;         ///< filled on the way; null: nobody watches calls
    /// Collects the names of headers that attempts send otherwise than `headers` has them; null: nobody asks.
    std::vector<std::string>* changed_headers = nullptr;

    std::uint64_t id = 0;                ///< given by the session; 0 before
    std::uint64_t first_byte = 0;        ///< where its frame begins in what the connection sends
    call_holder* holder = nullptr;       ///< who has it now; null: nobody

protected:
    ~outgoing_call() = default;
};

}  // namespace farcall::detail
