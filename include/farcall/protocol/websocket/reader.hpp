#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <farcall/detail/config.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/protocol/websocket/frame.hpp>

namespace farcall::detail {

/// What stands at the front of the received bytes.
struct websocket_step {
    enum class kind : std::uint8_t {
        need_more,  ///< Nothing yet: at least `missing` bytes more.
        progress,   ///< Some of a message: it was taken, and there is nothing to do.
        message,    ///< A whole text message: `payload`.
        ping,       ///< To be answered with a pong of the same `payload`.
        pong,
        close,   ///< The peer wants to end the connection: `code`, and its reason in `payload`.
        failed,  ///< The peer broke the protocol: close with `code` and `reason`.
    };

    kind what = kind::need_more;
    std::size_t consumed = 0;
    std::size_t missing = 0;
    std::string_view payload{};  ///< Valid until the next call, and not longer than what was received.
    websocket_close code = websocket_close::nothing_said;
    std::string reason{};
};

/// Cuts the received bytes into the messages of a WebSocket connection, however they were cut when they were read.
///
/// Takes the parts of a message as they come, so that what it refuses is refused early: a length beyond the limit from
/// the frame's header, text that is not UTF-8 from the first wrong byte. After `close` and `failed` it is done with.
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
/// @see RFC 6455, sections 5 and 8.1
class websocket_reader {
public:
    /// @param own    the side that reads: a server wants masked frames, a client none
    /// @param limit  longest message in bytes, all its fragments together
    websocket_reader(websocket_role own, std::size_t limit) noexcept : own_(own), limit_(limit) {}

    /// Looks at the front of `received`: everything behind what was `consumed` before.
    FARCALL_DECL websocket_step next(std::string_view received);

    /// Bytes of a message that is not whole yet.
    std::size_t held() const noexcept { return handed_out_ ? 0 : message_.size(); }

private:
    using opcode = websocket_opcode;

    static websocket_step fail(websocket_close code, std::string reason);
    const char* fault(const websocket_header& header) const noexcept;
    websocket_step take_control(const websocket_header& header, std::string_view received, std::size_t used);
    websocket_step read_close(std::string_view payload) const;
    bool text_is_good(bool whole) noexcept;

    static constexpr std::size_t kept_room = 64u << 10;  ///< A larger buffer is given back after its message.

    websocket_role own_;
    std::size_t limit_;
    text_buffer message_;
    std::size_t checked_ = 0;  ///< Bytes of it that are good UTF-8.
    std::uint64_t left_ = 0;   ///< Bytes that the frame under way still lacks.
    std::uint64_t taken_ = 0;  ///< Those that it had.
    std::uint32_t mask_ = 0;
    bool in_message_ = false;
    bool in_frame_ = false;  ///< A frame of text is under way.
    bool final_ = false;     ///< It is its message's last.
    bool handed_out_ = false;
    std::array<char, longest_websocket_control> control_{};
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/websocket/impl/reader.ipp>
#endif
