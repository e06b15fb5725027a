#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include <farcall/detail/limit_name.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/protocol/meta.hpp>
#include <farcall/protocol/request.hpp>

namespace farcall::detail {

class framing;

/// What a framing found at the front of the received bytes.
struct framing_step {
    enum class kind : std::uint8_t {
        need_more,  ///< not a whole message yet: at least `missing` bytes more, as far as that is known
        message,    ///< `payload` is the JSON text of one message
        call,       ///< `call` is a request that came without an envelope; its reply is written as any other
        progress,   ///< part of a message was taken; nothing is to be said of it yet
        handled,    ///< no message; what there was to say lies in the output
        wait,       ///< the reply to the message before has to be written first; nothing is consumed
        become,     ///< `successor` goes on behind the consumed bytes
        close,      ///< what there was to say lies in the output; the connection ends when that is sent
    };

    kind what = kind::need_more;
    std::size_t consumed = 0;  ///< bytes to drop when done with it
    std::size_t missing = 0;
    std::string_view payload{};  ///< of a call: what came in place of an envelope, its arguments
    request_view call{};
    std::unique_ptr<framing> successor{};
    std::optional<limit_name> limit{};  ///< that was broken, where the connection ends for it
};

/// How the bytes of one connection are cut into messages, and how the messages that go out are framed.
///
/// One a connection, chosen by its first bytes. Native frames have none: they are cut in place (protocol/frame.hpp).
/// @par Thread safety  Unsafe: lives where its connection lives.
/// @see DESIGN section 2
class framing {
public:
    framing() = default;
    framing(const framing&) = delete;
    framing& operator=(const framing&) = delete;
    virtual ~framing() = default;

    /// Looks at the front of `received`, which is never empty. What its step refers to is valid until the next call.
    ///
    /// @param out  takes what is to be sent for the protocol's own sake: a pong, a page, why the connection ends
    virtual framing_step next(std::string_view received, text_buffer& out) = 0;

    /// The peer has ended its side behind `rest`, in which `next` found no whole message.
    /// @returns a message that needs no end of its own; `handled` or `close` otherwise
    virtual framing_step last(std::string_view rest, text_buffer& out) {
        static_cast<void>(out);
        return {.what = framing_step::kind::handled, .consumed = rest.size()};
    }

    /// The JSON text of a reply, or of a message of this side's own, lies in `out` behind `mark`: makes a frame of it.
    /// @returns false if it is too long for any frame; the caller takes it back
    [[nodiscard]] virtual bool end_message(text_buffer& out, std::size_t mark) = 0;

    /// The same of why this side ends the connection, which answers nothing. Nothing follows it.
    virtual void end_last_message(text_buffer& out, std::size_t mark) { static_cast<void>(end_message(out, mark)); }

    /// The message that `next` found last gets no reply. Nothing happens if it has one already.
    virtual void no_reply(text_buffer& out) { static_cast<void>(out); }

    /// Whether messages may be sent that answer nothing.
    virtual bool pushes() const noexcept { return true; }

    /// Whether a peer that has ended its side still waits for the replies to what it sent before.
    virtual bool answers_after_end() const noexcept { return true; }

    /// No further request will be taken: for protocols that can say so with a reply.
    virtual void drain() {}

    /// This side ends the connection when all is sent: what the protocol has to say last.
    virtual void farewell(text_buffer& out) { static_cast<void>(out); }

    /// Whether the connection ends when all is sent.
    virtual bool finished() const noexcept { return false; }

    /// Whether the peer has begun to send what will be answered, and is told if the rest does not come: for protocols
    /// in which nothing else says whether it was taken.
    virtual bool owes() const noexcept { return false; }

    /// Bytes that it keeps of a message of which it made progress: what `next` consumed and has not handed out.
    virtual std::size_t held() const noexcept { return 0; }

    /// What the protocol says of every call in the message that `next` found last, behind what the message itself says.
    /// Null: nothing.
    virtual const call_meta* around() const noexcept { return nullptr; }
};

}  // namespace farcall::detail
