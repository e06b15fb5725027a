#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <farcall/call_side.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/error.hpp>
#include <farcall/method.hpp>

namespace farcall {

/// @file
/// What an observer can be told. Texts are views that live as long as the hook runs. What came from a peer is untrusted:
/// names of methods, ids, errors, headers; escape and cut it before it is printed.

/// A connection, as all its events name it.
struct connection_tag {
    call_side side{};           ///< whose end of it
    std::uint64_t id = 0;       ///< counts the connections of a server, or those of a client, from 1
    std::string_view peer{};    ///< a server: the address that it comes from; a client: the URL
    std::string_view protocol{};  ///< "native", "lines", "content_length", "http", "websocket"; empty: nothing was said yet
};

/// A connection is there (a client: calls can be sent on it), or it has ended.
struct connection_event {
    connection_tag connection{};  ///< which
    std::string_view reason{};  ///< why it has ended; empty: in order, or it has just begun
};

/// A client's attempt to get a connection has failed.
struct connect_failure_event {
    std::string_view server{};  ///< the URL
    std::string_view reason{};  ///< a sentence
    std::chrono::milliseconds pause{};  ///< before the next attempt may be made
};

/// A server has come to another part of its life.
struct lifecycle_event {
    std::string_view phase{};   ///< "listening", "draining" or "stopped"
    std::string_view where{};   ///< the URL that it listens on, one event each; empty in other phases
    std::size_t connections = 0;  ///< that are there when it drains
};

/// A call has ended: on a server one that was taken from a connection; on a client one that the application made, with
/// all its attempts.
struct call_event {
    connection_tag connection{};     ///< on a client with several attempts, the one of the last; `id` 0: none
    std::string_view method{};       ///< the name on the wire; of a server's calls at most 1 KiB of it
    const method_info* info = nullptr;  ///< null: not declared here; on a server: there is no such method
    std::string_view id{};           ///< the request's id as JSON text, cut likewise; empty: a notification, or not known
    std::string_view request_id{};   ///< the header x-request-id; empty: none
    std::string_view traceparent{};  ///< empty: none
    /// JSON text of the arguments, or its beginning: as much of it as an observer has asked for. May hold secrets; on a
    /// server that has refused the call it may be no valid JSON.
    std::string_view params{};
    std::size_t params_size = 0;     ///< bytes of all of them
    /// Of the message that came: a server's request, a client's answer; in a batch, of the element; of a server's call
    /// without an envelope, of its arguments.
    std::size_t bytes_in = 0;
    std::size_t bytes_out = 0;       ///< of the one that went, with its envelope
    std::chrono::nanoseconds time{};  ///< a server: from its turn to its answer, without `queue`; a client: from the call to its end
    std::chrono::nanoseconds queue{};  ///< a server: from its arrival to its turn, and for a worker thread; a client: zero
    /// On a client: from the arrival of the last attempt at the server to its answer, as the server says, if an observer
    /// `wants_server_time`; empty: it does not say.
    std::optional<std::chrono::microseconds> server_time{};
    unsigned attempts = 1;           ///< a server: which attempt this is; a client: how many there were
    farcall::status status = status::ok;  ///< what it ended with
    const error* failure = nullptr;  ///< null: it succeeded, or it was a notification whose error nobody gets
};

/// A client makes a further attempt after a failure.
struct retry_event {
    std::string_view method{};      ///< the name on the wire
    unsigned attempt = 0;           ///< the one that failed, from 1
    const error* failure = nullptr;  ///< of that one; never null
    std::chrono::milliseconds pause{};  ///< before the next one
};

/// A client makes a further attempt beside one that is slow.
struct hedge_event {
    std::string_view method{};  ///< the name on the wire
    unsigned attempt = 0;  ///< the further one, from 2
};

/// A server says that it takes no more calls on a connection; on both sides.
struct goaway_event {
    connection_tag connection{};  ///< that one
};

/// Something came or was to be sent that nobody gets.
struct drop_event {
    connection_tag connection{};  ///< on which it came or was to go
    std::string_view what{};   ///< "late answer", "notification", ...; a constant
    std::string_view which{};  ///< the id or the method; may be empty
};

/// A limit was hit: a call was refused, a connection closed or not taken.
struct limit_event {
    connection_tag connection{};  ///< whose doing it is; `id` 0: it is none yet
    std::string_view limit{};  ///< the member of `farcall::limits` or the option, such as "in_flight"; a constant
};

}  // namespace farcall
