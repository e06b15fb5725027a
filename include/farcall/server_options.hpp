#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/detail/chrono.hpp>
#include <farcall/http_options.hpp>
#include <farcall/interceptor/interceptor.hpp>
#include <farcall/limits.hpp>
#include <farcall/observe/observer.hpp>

namespace farcall {

class debug_calls;
class store;
class time_source;
class transport;

/// What a server can be told when it is made.
struct server_options {
    /// Threads that read, write and run plain and coroutine handlers. A connection stays on one of them. At least 1.
    ///
    /// Each runs an event loop of farcall's own. Asio's timers and sockets in handlers wait on one more thread, which Asio
    /// makes when the first one is used, and go on in the handler's; if most of the work is done on such sockets, an
    /// `io_context` as `executor` saves that way.
    unsigned io_threads = 1;
    /// How long an I/O thread looks again and again for what has come before it goes to sleep. Zero: not at all; at most a
    /// second.
    ///
    /// To be woken up takes some microseconds: with this on both sides (`client_options::busy_poll`) a short call takes about
    /// half the time. The price is a processor core for each I/O thread that is busy for so long whenever it has nothing to
    /// do, and all the time while calls come at shorter distances: it pays where the threads have cores to themselves, and
    /// harms where they share them. Try 50 µs. Without effect with `executor`, whose threads wait as they like.
    std::chrono::microseconds busy_poll{0};
    /// Threads that run `blocking` methods; started with the first such call. At least 1.
    unsigned worker_threads = 10;
    /// Calls of `blocking` methods that may wait for a worker; one more is refused.
    std::size_t worker_queue = 10'000;
    /// What is accepted from clients.
    farcall::limits limits{};
    /// Whether the text of an exception that was not declared is sent to the caller. Off: only its type's name is.
    bool expose_exceptions = false;
    /// How long `stop()` and a signal wait for calls under way before their connections are closed.
    std::chrono::milliseconds drain{10'000};
    /// How long `stop()` and a signal go on as before while `/readyz` and `rpc.health` say already that no more calls are
    /// wanted, so that load balancers turn away first. Zero: not at all.
    std::chrono::milliseconds drain_notice{0};
    /// Who may call over HTTP and WebSocket.
    http_options http{};
    /// What the server calls itself in its OpenRPC document and on its page. Empty: the names of its services.
    std::string title{};
    /// The version of its services, in the same places.
    std::string version{"1"};

    /// See every call that comes, single, in a batch or as a notification, by whatever protocol, before its arguments are
    /// decoded; the first is the outermost. Calls of methods that are none, and the library's own such as `rpc.discover`,
    /// are among them, and calls that are refused behind them: arguments that do not fit, a deadline that has passed. Not so
    /// `rpc.health`, side messages and pages, and what the server refuses itself (a message that is no call, a limit that
    /// is met, a server that stops). A method that is called by an alias is seen under its name. See `farcall::intercepting`.
    std::vector<interceptor> interceptors{};
    /// Watch what happens. See `farcall::observing`.
    std::vector<observer> observers{};
    /// Whether calls are counted and timed, for `server::metrics`.
    bool metrics = true;

    /// Keeps the slowest calls and the last that failed, with their arguments; shown at `/debug/calls` and told by
    /// `rpc.debug_calls`. Null: none are kept.
    ///
    /// Arguments are not for everybody: a server that listens on a network's address starts with it only if
    /// `page_options::tokens` are set, `server::listen_pages` was called, or the page is hidden.
    std::shared_ptr<farcall::debug_calls> debug_calls{};

    /// Runs everything on this executor instead of threads of the server's own; handlers, `blocking` ones too, run
    /// there one at a time. For event loops that exist already, and for simulations.
    std::optional<boost::asio::any_io_executor> executor{};
    /// Moves the bytes. Null: the URL's scheme says.
    std::shared_ptr<farcall::transport> transport{};
    /// Remembers the calls that run exactly once. Null: a `memory_store` with its defaults.
    std::shared_ptr<farcall::store> store{};
    /// The clock. Null: the system's.
    std::shared_ptr<time_source> time{};
};

}  // namespace farcall
