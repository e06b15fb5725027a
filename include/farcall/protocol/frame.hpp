#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <farcall/detail/text_buffer.hpp>
#include <farcall/limits.hpp>

namespace farcall::detail {

/// Bytes in front of a native frame's payload: its length, big-endian.
inline constexpr std::size_t frame_header = 4;

/// What stands at the front of the received bytes.
enum class frame_state : std::uint8_t {
    need_more,  ///< Not a whole frame yet: read at least `missing` bytes more, keep what is there.
    frame,      ///< A whole frame: `payload`; drop `consumed` bytes when done with it.
    refused,    ///< A length that is not allowed: say why, then close; where the next frame begins cannot be trusted.
};

/// One step of `frame_reader`.
struct frame_step {
    frame_state state = frame_state::need_more;
    std::size_t missing = 0;
    std::string_view payload{};
    std::size_t consumed = 0;
    std::size_t length = 0;  ///< What the header says, once it is there; also when refused.
};

/// What the header of a frame says.
constexpr std::size_t frame_length(const char* header) noexcept {
    const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(header[at])); };
    return byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
}

/// Cuts the received bytes into native frames, however they were cut when they were read.
///
/// An empty frame is a frame: its payload is no JSON and is answered as such.
/// @par Thread safety  Safe: it does not change.
/// @see DESIGN section 2, "native frames"
class frame_reader {
public:
    /// @param limit  longest payload in bytes; cut to `limits::frame_ceiling`
    explicit constexpr frame_reader(std::size_t limit = limits{}.frame) noexcept
        : limit_(limit < limits::frame_ceiling ? limit : limits::frame_ceiling) {}

    /// Looks at the front of `received`; a length is refused from its four bytes, before there is any payload.
    constexpr frame_step next(std::string_view received) const noexcept {
        if (received.size() < frame_header) return {.missing = frame_header - received.size()};
        const std::size_t length = frame_length(received.data());
        if (length > limit_) return {.state = frame_state::refused, .length = length};
        const std::size_t there = received.size() - frame_header;
        if (there < length) return {.missing = length - there, .length = length};
        return {.state = frame_state::frame,
                .payload = {received.data() + frame_header, length},
                .consumed = frame_header + length,
                .length = length};
    }

    constexpr std::size_t limit() const noexcept { return limit_; }

    /// Why a step was refused, for the last answer before the connection is closed.
    std::string refusal(const frame_step& step) const {
        std::string text = "a frame of " + std::to_string(step.length) + " bytes is longer than the " +
                           std::to_string(limit_) + " allowed (limits.frame): send less at a time or raise the limit";
        if (step.length > limits::frame_ceiling)
            text += "; no frame is ever that long, so the peer probably does not send native frames";
        return text;
    }

private:
    std::size_t limit_;
};

/// Begins a frame at the end of `out`; the payload is appended next, then `end_frame`.
///
/// @returns the mark that `end_frame` wants; `out.truncate(mark)` takes the frame back
inline std::size_t begin_frame(text_buffer& out) {
    const std::size_t mark = out.size();
    out.prepare(frame_header);
    out.commit(frame_header);
    return mark;
}

/// Bytes of payload since `begin_frame`.
inline std::size_t frame_size(const text_buffer& out, std::size_t mark) noexcept {
    return out.size() - mark - frame_header;
}

/// Writes a frame's header.
inline void put_frame_length(char* header, std::size_t length) noexcept {
    header[0] = static_cast<char>(static_cast<unsigned char>(length >> 24));
    header[1] = static_cast<char>(static_cast<unsigned char>(length >> 16));
    header[2] = static_cast<char>(static_cast<unsigned char>(length >> 8));
    header[3] = static_cast<char>(static_cast<unsigned char>(length));
}

/// Writes the length of everything since `begin_frame` in front of it.
///
/// @param apart  bytes of it that are not in `out`
/// @returns false if it is above `limit` or the ceiling: the frame is still there, but has no length yet
[[nodiscard]] inline bool end_frame(text_buffer& out, std::size_t mark, std::size_t limit = limits::frame_ceiling,
                                    std::size_t apart = 0) noexcept {
    const std::size_t length = frame_size(out, mark) + apart;
    if (length > limit || length > limits::frame_ceiling) return false;
    put_frame_length(out.data() + mark, length);
    return true;
}

}  // namespace farcall::detail
