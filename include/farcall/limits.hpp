#pragma once

#include <cstddef>

#include <farcall/detail/chrono.hpp>

namespace farcall {

/// Every bound that protects one side from the other. All are finite, all may be changed.
///
/// A number that comes from the peer is checked against these before it allocates, recurses or loops. Whoever
/// breaks one is told which by name.
/// @see DESIGN section 9
struct limits {
    /// Bytes of one message, without its framing. At most `frame_ceiling`.
    std::size_t frame = 4u << 20;
    /// Arrays and objects inside each other, the message itself included.
    std::size_t depth = 64;
    /// Elements of one batch.
    std::size_t batch = 1024;
    /// Bytes of the replies to one batch, together.
    std::size_t batch_reply = 16u << 20;
    /// Bytes of the head of one HTTP request: its first line and its headers.
    std::size_t http_header = 8u << 10;
    /// Headers of one HTTP request.
    std::size_t http_fields = 64;
    /// Connections that one server holds at a time.
    std::size_t connections = 10'000;
    /// The same from one address; Unix and memory connections count as one address.
    std::size_t connections_per_peer = 256;
    /// Calls that one connection may have unanswered.
    std::size_t in_flight = 1024;
    /// Pings (`rpc.ping`) that a server answers on one connection within a minute; one more closes it.
    std::size_t pings = 60;
    /// Unsent bytes of one connection from which on its requests are no longer read.
    std::size_t write_buffer_soft = 1u << 20;
    /// Unsent bytes of one connection at which it is closed.
    std::size_t write_buffer_hard = 8u << 20;
    /// Bytes that a server holds for all its connections, the arguments of calls that wait in interceptors among them;
    /// beyond it, those that hold much are closed.
    std::size_t buffered = 256u << 20;
    /// Time a new connection has to send its first complete message. Zero: none.
    std::chrono::milliseconds handshake{10'000};
    /// Time without a message and without a call in flight after which a server closes a connection. Zero: none.
    std::chrono::milliseconds idle{300'000};
    /// Time that a peer may leave written bytes untaken. Zero: none.
    std::chrono::milliseconds write_stall{30'000};
    /// Longest deadline that is accepted; a longer one is cut to it.
    std::chrono::milliseconds longest_deadline{3'600'000};

    /// Attempts of one call, whatever the retry policy says.
    unsigned attempts = 5;

    /// No frame is ever longer: it keeps the first byte of a native frame apart from text protocols.
    static constexpr std::size_t frame_ceiling = 128u << 20;
};

}  // namespace farcall
