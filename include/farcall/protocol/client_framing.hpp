#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <farcall/detail/text_buffer.hpp>
#include <farcall/error.hpp>
#include <farcall/metadata.hpp>
#include <farcall/trace_context.hpp>

namespace farcall::detail {

/// What a client's framing found at the front of the received bytes.
struct client_step {
    enum class kind : std::uint8_t {
        need_more,  ///< not a whole message yet: at least `missing` bytes more, as far as that is known
        message,    ///< `payload` is the JSON text of one message
        handled,    ///< no message; what there was to say lies in the output
        opened,     ///< the server has agreed: messages may be sent from now on
        unanswered, ///< the call `id` has ended without a JSON-RPC answer: `failure` says why
        broken,     ///< the connection is of no use any more: `failure` says why
    };

    kind what = kind::need_more;
    std::size_t consumed = 0;  ///< bytes to drop when done with it
    std::size_t missing = 0;
    std::string_view payload{};
    std::uint64_t id = 0;
    error failure{};
};

/// What of a call travels in a protocol's own way, and not in the message.
struct outer_fields {
    const metadata* headers = nullptr;     ///< null: none
    const trace_context* trace = nullptr;  ///< null: none
};

/// The client's side of a protocol other than native frames: how messages are sent over one connection, and found in
/// what comes.
///
/// A call's bytes may be held back until its turn has come; `held` counts them. Whoever uses it counts all bytes in
/// the order in which they are sent: those that lie in the output, then those that are held.
/// @par Thread safety  Unsafe: lives where its connection lives.
/// @see framing, the server's side
class client_framing {
public:
    client_framing() = default;
    client_framing(const client_framing&) = delete;
    client_framing& operator=(const client_framing&) = delete;
    virtual ~client_framing() = default;

    /// Asks the server to speak this protocol.
    /// @returns false if it need not be asked: messages may be sent at once, and `opened` never comes
    virtual bool open(text_buffer& out) = 0;

    /// Looks at the front of `received`. What its step refers to is valid until the next call.
    /// @param out  takes what is to be sent next: what was held back, a pong
    virtual client_step next(std::string_view received, text_buffer& out) = 0;

    /// The server has ended its side behind `rest`, in which `next` found nothing whole.
    virtual client_step last(std::string_view rest, text_buffer& out) = 0;

    /// The JSON text of a message lies in `out` behind `mark`: frames it, or takes it out and holds it back.
    ///
    /// @param id       of the call; 0: the message gets no answer. Where it `answers_all`, of one-way calls too
    /// @param fields  what `takes_headers` and `takes_trace` have taken
    /// @returns false if it is too long for this protocol; the caller takes it back
    [[nodiscard]] virtual bool end_message(text_buffer& out, std::size_t mark, std::uint64_t id,
                                           const outer_fields& fields) = 0;

    /// Bytes of messages that are held back.
    virtual std::size_t held() const noexcept { return 0; }

    /// Takes out a call, maybe a one-way call, that is held back and will not be sent: the connection is `finished`.
    /// @returns its id; 0: there is none
    virtual std::uint64_t take_held() { return 0; }

    /// Whether the server says of each message that it has it, of those without an answer too.
    virtual bool answers_all() const noexcept { return false; }

    /// Makes a message that has not been sent mean nothing, without changing its length.
    /// @param at  where its first byte is, counted from the front of `out` through to what is held
    virtual void cancel(text_buffer& out, std::size_t at) = 0;

    /// Nobody waits for the answer of a call any more that was sent, at least in part. A protocol in which the others
    /// would have to wait for it is `finished`: nothing more is to be read, and the connection is closed.
    virtual void give_up(std::uint64_t id) { static_cast<void>(id); }

    /// Whether metadata travels in this protocol's own way, and not in the message.
    virtual bool takes_headers(const metadata& headers) const noexcept {
        static_cast<void>(headers);
        return false;
    }

    /// The same of where a call stands in a trace.
    virtual bool takes_trace() const noexcept { return false; }

    /// Whether messages may be sent that answer to nothing, `rpc.cancel` and `rpc.pong`, and whether there is a `ping`.
    virtual bool side_messages() const noexcept = 0;

    /// Asks whether the server is there, in this protocol's own way; only where there are side messages.
    virtual void ping(text_buffer& out) { static_cast<void>(out); }

    /// What is said before this side ends the connection; nothing if nothing has to be said.
    virtual void farewell(text_buffer& out) { static_cast<void>(out); }

    /// Whether the server takes nothing more on this connection.
    virtual bool finished() const noexcept = 0;
};

}  // namespace farcall::detail
