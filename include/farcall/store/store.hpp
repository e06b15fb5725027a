#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <farcall/clock.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/result.hpp>

namespace farcall {

/// Stands for a method and its arguments, so that two calls under one name can be told apart. The same on every machine.
struct call_fingerprint {
    std::uint64_t low = 0;   ///< half of it
    std::uint64_t high = 0;  ///< the other half

    /// Whether it is the same method with the same arguments, byte for byte.
    bool operator==(const call_fingerprint&) const = default;
};

/// Which exactly-once call a request is an attempt of. What it refers to must outlive the question.
struct call_identity {
    std::string_view principal{};        ///< who the caller has proved to be; empty: anybody
    std::string_view session{};          ///< as `store::open` named it; empty: the call has an idempotency key
    std::uint64_t seq = 0;               ///< the call's number in its session, 1 to 2^63 − 1
    std::uint64_t ack = 0;               ///< first call of the session without an end; 1 to `seq`
    std::string_view idempotency_key{};  ///< the caller's own name for it, of 1 to 256 bytes
    call_fingerprint fingerprint{};      ///< of its method and arguments
};

/// What a store says of a call that arrives.
enum class verdict : std::uint8_t {
    run,            ///< Nobody has heard of it: run it. It counts as running from now on, until `finish` or `forget`.
    running,        ///< It runs already, under the ticket that is given.
    replay,         ///< It has ended, with the reply that is given.
    stale,          ///< The caller has said that it ended, and it is forgotten: it must not run.
    expired,        ///< The session is unknown to this caller, or has been forgotten: it must not run.
    conflict,       ///< The name belongs to a call of another method or with other arguments.
    full,           ///< There is no room for another call; those that are there stay.
    beyond_window,  ///< Its number is too far above the first call of the session that has no end.
};

/// The answer of `store::admit`.
struct admission {
    farcall::verdict verdict = verdict::run;  ///< what is to be done with the call
    std::uint64_t ticket = 0;                 ///< of the run, where it is `run` or `running`; never used for another
    std::string reply{};                      ///< what `finish` was given, where it is `replay`
    std::string_view limit{};                 ///< where it is `full`: name of the setting that says so; a literal
};

/// A session that was opened.
struct opened_session {
    std::string id;                   ///< 128 random bits in 32 hexadecimal digits
    std::uint64_t window = 0;         ///< calls of it may have numbers less than so many above the first without an end
    std::chrono::milliseconds lease;  ///< it is forgotten after so long without a call, while none runs
};

/// What a server remembers of exactly-once calls, so that none of them runs twice.
///
/// A session numbers its calls from 1. A call that has a record is never run again; a record goes only when the caller
/// has said that it needs it no more (`call_identity::ack`), when the lease of the session has ended, or, for an
/// idempotency key, after the time for which the store keeps those. A store without room refuses new calls.
///
/// To write your own:
/// 1. derive; `open` draws 128 bits that nobody can guess, and binds them to the principal: for another one the session
///    does not exist;
/// 2. `admit` first takes `ack` in, whatever else it finds: records below the highest one heard may go, and calls below
///    it are `stale` for ever, so that one that is forgotten is never run;
/// 3. the order of its looks: session, `stale`, window, record, room; a call that has a record is answered from it
///    although the store is full;
/// 4. what was admitted as `run` stays `running` until `finish` or `forget`, whatever time passes; a session with a
///    running call does not expire;
/// 5. `finish` keeps the reply before it returns: only then does the caller get it. A store that survives its process
///    may block there for as long as its disk takes; if it fails, it throws, and the call is never run again;
/// 6. a durable store that finds, after a crash, that a call began and has no reply, lets `admit` say `replay`, with
///    an `"error"` that says `"executed":"unknown"`;
/// 7. time comes as an argument, never from a clock; it may jump ahead, and may be a little behind that of another
///    thread;
/// 8. run the suite of tests/unit/store/store_suite.hpp on it.
/// Then hand it over in `server_options::store`; several servers of one process may share one.
/// @par Errors         `admit`, `finish` and `forget` throw `farcall::error` if the store itself fails; the caller gets
///                     that error
/// @par Thread safety  Every function may be called from several threads at a time.
/// @see store/memory_store.hpp for a sibling to copy, DESIGN section 6
class store {
public:
    virtual ~store() = default;

    /// Opens a session for this caller; `resource_exhausted` if there are too many.
    virtual result<opened_session> open(std::string_view principal, time_point now) = 0;

    /// What to do with a call that has arrived.
    virtual admission admit(const call_identity& call, time_point now) = 0;

    /// The call with this ticket has ended: keeps `reply`, which duplicates get byte for byte. A ticket that is none
    /// is passed over.
    virtual void finish(std::uint64_t ticket, std::string_view reply, time_point now) = 0;

    /// The call with this ticket did not run after all: it may run later, as if it had never come.
    virtual void forget(std::uint64_t ticket, time_point now) = 0;
};

}  // namespace farcall
