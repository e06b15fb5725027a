#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <farcall/detail/json_text.hpp>
#include <farcall/detail/same_text.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/protocol/frame.hpp>
#include <farcall/protocol/plain_name.hpp>

namespace farcall::detail {

/// Numbers that count upwards, as decimal text: most are the last one with another last digit.
class counted_text {
public:
    /// The text of `number`, at the front of `room` bytes that may all be read.
    const char* of(std::uint64_t number) noexcept {
        if (number - number_ > 8) return anew(number);
        for (; number_ != number; ++number_) {
            char* digit = digits_ + most - 1;
            while (*digit == '9') *digit-- = '0';
            if (digit < first_) {
                first_ = digit;
                *digit = '0';
            }
            ++*digit;
        }
        return first_;
    }
    std::size_t size() const noexcept { return static_cast<std::size_t>(digits_ + most - first_); }

    static constexpr std::size_t room = 24;

private:
    static constexpr std::size_t most = 20;

    [[gnu::noinline]] const char* anew(std::uint64_t number) noexcept {
        char text[most];
        const auto length = static_cast<std::size_t>(std::to_chars(text, text + most, number).ptr - text);
        first_ = digits_ + most - length;
        std::memcpy(first_, text, length);
        number_ = number;
        return first_;
    }

    char digits_[most + room] = {};
    char* first_ = digits_ + most;
    std::uint64_t number_ = static_cast<std::uint64_t>(0) - 9;  // no number follows it
};

/// Writes the requests that most calls are: a declared method, arguments, maybe a timeout, and nothing else.
///
/// The bytes are those of `append_request` in a native frame. What the calls of one method with the same timeout have in
/// common is kept as one text.
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
class plain_requests {
public:
    static constexpr std::int64_t no_timeout = -1;

    plain_requests() = default;
    plain_requests(const plain_requests&) = delete;
    plain_requests& operator=(const plain_requests&) = delete;

    /// Appends one frame.
    /// @param method   a `plain_name`; where it lies tells most of them apart
    /// @param timeout  milliseconds, or `no_timeout`
    /// @param params   JSON text of an array or an object, not empty
    /// @returns how long the frame is; 0: nothing was appended, for no frame is that long
    std::size_t append(text_buffer& out, std::uint64_t id, std::string_view method, std::int64_t timeout,
                       std::string_view params) {
        static constexpr char opening[] = "{\"jsonrpc\":\"2.0\",\"id\":";
        constexpr std::size_t opening_size = sizeof opening - 1;
        const std::string_view middle = middle_of(method, timeout);
        const char* const digits = ids_.of(id);
        const std::size_t length = opening_size + ids_.size() + middle.size() + params.size() + 1;
        if (length > limits::frame_ceiling) return 0;
        char* at = out.prepare(frame_header + length + counted_text::room);
        put_frame_length(at, length);
        at += frame_header;
        std::memcpy(at, opening, opening_size);
        at += opening_size;
        std::memcpy(at, digits, counted_text::room);
        at += ids_.size();
        std::memcpy(at, middle.data(), middle.size());
        at += middle.size();
        std::memcpy(at, params.data(), params.size());
        at[params.size()] = '}';
        out.commit(frame_header + length);
        return frame_header + length;
    }

private:
    static constexpr char name_front[] = ",\"method\":\"";
    static constexpr std::size_t before_name = sizeof name_front - 1;

    struct entry {
        const char* name = nullptr;
        std::size_t size = 0;
        std::int64_t timeout = no_timeout;
        text_buffer text{};
    };

    std::string_view middle_of(std::string_view method, std::int64_t timeout) {
        entry& kept = entries_[(reinterpret_cast<std::uintptr_t>(method.data()) >> 4) % entries];
        if (kept.name != method.data() || kept.size != method.size() || kept.timeout != timeout ||
            !same_bytes(kept.text.data() + before_name, method.data(), kept.size))
            fill(kept, method, timeout);
        return kept.text.view();
    }

    [[gnu::noinline]] static void fill(entry& kept, std::string_view method, std::int64_t timeout) {
        text_buffer& text = kept.text;
        kept.name = nullptr;
        text.clear();
        append_literal(text, name_front);
        text.append(method);
        append_literal(text, "\",");
        if (timeout != no_timeout) {
            append_literal(text, "\"meta\":{\"timeout_ms\":");
            append_integer(text, timeout);
            append_literal(text, "},");
        }
        append_literal(text, "\"params\":");
        kept.name = method.data();
        kept.size = method.size();
        kept.timeout = timeout;
    }

    static constexpr std::size_t entries = 8;

    std::array<entry, entries> entries_{};
    counted_text ids_;
};

}  // namespace farcall::detail
