#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include <farcall/detail/chrono.hpp>
#include <farcall/interceptor/interceptor.hpp>
#include <farcall/limits.hpp>
#include <farcall/observe/observer.hpp>
#include <farcall/retry_budget.hpp>

namespace farcall {

class json;
class random_source;
class time_source;
class transport;

/// The pause before the next attempt to connect; what fails again and again is tried less and less often.
///
/// The first attempt after a connection that worked, and the next one, are made at once.
struct reconnect_backoff {
    std::chrono::milliseconds initial{1'000};    ///< before the third attempt in a row
    double multiplier = 1.6;                     ///< from pause to pause; below 1 counts as 1
    std::chrono::milliseconds longest{120'000};  ///< no pause is longer, but for the jitter
    double jitter = 0.2;                         ///< a pause is drawn from this share below to this share above
};

/// What a client can be told when it is made. The defaults suit a service on the same network.
struct client_options {
    /// Deadline of a call whose declaration and options name none. Zero: none.
    std::chrono::milliseconds timeout{10'000};
    /// Time to look up the name and to connect. Zero: none but that of the calls that wait.
    std::chrono::milliseconds connect_timeout{10'000};
    /// What is accepted from the server: `frame` and `depth` of it count, and so do `write_buffer_hard`,
    /// `longest_deadline` and `attempts` for what is sent.
    farcall::limits limits{};
    /// Whether calls that say nothing else wait for a connection until their deadline, see `farcall::wait_for_ready`.
    bool wait_for_ready = false;
    /// Pauses between attempts to connect.
    reconnect_backoff reconnect{};
    /// A connection on which nothing has arrived for so long is asked whether it lives. Zero: never.
    std::chrono::milliseconds keepalive{30'000};
    /// How long it may take to answer; then it is given up, and calls on it end with `unavailable`.
    std::chrono::milliseconds keepalive_timeout{20'000};
    /// How long whoever drives the client's own I/O, a blocking caller or the client's thread, looks again and again for
    /// what has come before it goes to sleep. Zero: not at all; at most a second.
    ///
    /// To be woken up takes some microseconds: with this on both sides (`server_options::busy_poll`) a short call takes about
    /// half the time. The price is a processor core that is busy for so long in each wait, and gives nothing to others: it
    /// pays where client and server have cores to themselves, and harms where they share one. Try 50 µs. Without effect
    /// with an executor of the caller's, whose threads wait as they like.
    std::chrono::microseconds busy_poll{0};
    /// How many further attempts all calls of this client may make together.
    farcall::retry_budget retry_budget{};
    /// Is called for every notification of the server's, such as those of `farcall::notifier`, in their order, on the
    /// thread that runs the client's I/O; must not block and must not throw. `params` is an array, an object or null. A
    /// client with such a function has a thread of its own unless it was given an executor. What a server knows of a
    /// connection ends with it: the next call makes a new one, on which whoever listens must say so again.
    std::function<void(std::string_view method, const json& params)> on_notification{};
    /// See every call once, around all its attempts, one-way calls too; the first is the outermost. They do not see what
    /// is no call: one whose arguments cannot be encoded, or that was given up before it began. See
    /// `farcall::intercepting`.
    std::vector<interceptor> interceptors{};
    /// See every attempt, inside of what repeats calls: after `interceptors` and the retry policy, in their order.
    std::vector<interceptor> attempt_interceptors{};
    /// Watch what happens. See `farcall::observing`.
    std::vector<observer> observers{};
    /// Moves the bytes. Null: the URL's scheme says.
    std::shared_ptr<farcall::transport> transport{};
    /// The clock. Null: the system's.
    std::shared_ptr<time_source> time{};
    /// Jitter of retry policies, and the key of a WebSocket's masks. Null: seeded by the system.
    std::shared_ptr<random_source> random{};
};

}  // namespace farcall
