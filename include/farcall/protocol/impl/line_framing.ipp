#pragma once

#include <cstddef>
#include <cstring>
#include <string>

#include <farcall/codec/string_scan.hpp>
#include <farcall/detail/error_code.hpp>
#include <farcall/protocol/line_framing.hpp>
#include <farcall/protocol/message_writer.hpp>

namespace farcall::detail {

/// Finds where the brackets of a JSON text close, without judging what is between them.
class bracket_scan {
public:
    /// @param text  begins with a bracket; the same as the last time, with more behind it
    /// @returns the size of the text up to the closing bracket; 0: it is not there yet
    std::size_t next(std::string_view text) noexcept {
        const char* const begin = text.data();
        const char* const end = begin + text.size();
        const char* at = begin + scanned_;
        while (at != end) {
            if (in_string_) {
                at = escaped_ ? at : skip_plain(at, end);
                if (at == end) break;
                const char byte = *at++;
                if (!escaped_ && byte == '"') in_string_ = false;
                escaped_ = !escaped_ && byte == '\\';
                continue;
            }
            const char byte = *at++;
            if (byte == '"') in_string_ = true;
            if (byte == '{' || byte == '[') ++depth_;
            if ((byte == '}' || byte == ']') && --depth_ == 0) return static_cast<std::size_t>(at - begin);
        }
        scanned_ = text.size();
        return 0;
    }

private:
    std::size_t scanned_ = 0;
    std::size_t depth_ = 0;
    bool in_string_ = false;
    bool escaped_ = false;
};

class line_framing final : public framing {
public:
    explicit line_framing(const limits& bounds) noexcept : limit_(bounds.frame) {}

    framing_step next(std::string_view received, text_buffer& out) override {
        if (const std::size_t blanks = blank_prefix(received); blanks != 0)
            return take({.what = framing_step::kind::handled, .consumed = blanks});
        // What was searched before is not searched again, whatever the cuts.
        const std::size_t feed = received.find('\n', searched_);
        if (feed != std::string_view::npos) return message(received.substr(0, feed), feed + 1, out);
        searched_ = received.size();
        if (received.front() == '{' || received.front() == '[') {
            const std::size_t size = brackets_.next(received);
            if (size != 0) return message(received.substr(0, size), size, out);
        }
        if (received.size() > limit_) return refuse(out);
        return {};
    }

    framing_step last(std::string_view rest, text_buffer& out) override { return message(rest, rest.size(), out); }

    bool end_message(text_buffer& out, std::size_t mark) override {
        // JSON that an application made may have line ends between its tokens; inside of strings there are none.
        for (const char line_end : {'\n', '\r'}) {
            char* at = out.data() + mark;
            char* const end = out.data() + out.size();
            while ((at = static_cast<char*>(std::memchr(at, line_end, static_cast<std::size_t>(end - at)))) != nullptr)
                *at = ' ';
        }
        out.push_back('\n');
        return true;
    }

private:
    static std::size_t blank_prefix(std::string_view text) noexcept {
        const std::size_t blanks = text.find_first_not_of(" \t\r\n");
        return blanks == std::string_view::npos ? text.size() : blanks;
    }

    framing_step message(std::string_view text, std::size_t consumed, text_buffer& out) {
        if (text.size() > limit_) return refuse(out);
        return take({.what = framing_step::kind::message, .consumed = consumed, .payload = text});
    }

    framing_step take(framing_step step) noexcept {
        searched_ -= step.consumed < searched_ ? step.consumed : searched_;
        brackets_ = {};
        return step;
    }

    framing_step refuse(text_buffer& out) {
        const std::size_t mark = out.size();
        append_error(out, "null", code_invalid_request,
                     "a line is longer than the " + std::to_string(limit_) +
                         " bytes allowed (limits.frame): send less at a time or raise the limit");
        end_message(out, mark);
        return {.what = framing_step::kind::close, .limit = limit_name::frame};
    }

    std::size_t limit_;
    std::size_t searched_ = 0;  ///< bytes of what is received that hold no line feed
    bracket_scan brackets_;
};

FARCALL_DECL std::unique_ptr<framing> make_line_framing(const limits& bounds) {
    return std::make_unique<line_framing>(bounds);
}

}  // namespace farcall::detail
