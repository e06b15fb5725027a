#pragma once

#include <cstddef>
#include <string>

#include <farcall/detail/error_code.hpp>
#include <farcall/protocol/content_length_framing.hpp>
#include <farcall/protocol/http/media_type.hpp>
#include <farcall/protocol/http/token.hpp>
#include <farcall/protocol/message_writer.hpp>

namespace farcall::detail {

/// Reads the header in front of one message.
class content_length_header {
public:
    explicit content_length_header(const limits& bounds) noexcept
        : longest_(bounds.frame), fields_left_(bounds.http_fields) {}

    /// @param text  the header's lines, each with its CRLF, without the empty one
    /// @returns what is wrong with it; empty: nothing
    std::string read(std::string_view text) {
        while (!text.empty()) {
            const std::size_t end = text.find("\r\n");
            std::string wrong = read_field(text.substr(0, end));
            if (!wrong.empty()) return wrong;
            text.remove_prefix(end + 2);
        }
        return length_known_ ? "" : "a message without a Content-Length";
    }

    std::size_t length() const noexcept { return length_; }

private:
    std::string read_field(std::string_view line) {
        if (fields_left_-- == 0) return "a header of more fields than limits.http_fields allows";
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || !http_token(line.substr(0, colon)))
            return "a line of a header that is not a name, a colon and a value";
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = without_space(line.substr(colon + 1));
        for (const char c : value)
            if (!field_char(c)) return "a control character in a header";
        if (same_name(name, "Content-Length")) return read_length(value);
        if (!same_name(name, "Content-Type")) return {};
        std::string_view left = value, type;
        next_part(left, type, ';');
        return allows_utf8(left) ? "" : "a Content-Type that is not in UTF-8";
    }

    std::string read_length(std::string_view value) {
        if (length_known_) return "a second Content-Length";
        length_known_ = true;
        for (const char c : value) {
            if (!ascii_digit(c)) return "a Content-Length that is not a number";
            length_ = length_ * 10 + static_cast<std::size_t>(c - '0');
            if (length_ > longest_) {
                return "a Content-Length above the " + std::to_string(longest_) +
                       " bytes allowed (limits.frame): send less at a time or raise the limit";
            }
        }
        return value.empty() ? "a Content-Length without a number" : "";
    }

    std::size_t longest_;
    std::size_t fields_left_;
    std::size_t length_ = 0;
    bool length_known_ = false;
};

class content_length_framing final : public framing {
public:
    explicit content_length_framing(const limits& bounds) noexcept : bounds_(bounds) {}

    framing_step next(std::string_view received, text_buffer& out) override {
        using kind = framing_step::kind;
        if (header_ == 0) {
            // The end may have been cut in the middle of its four bytes.
            const std::size_t end = received.find("\r\n\r\n", searched_ < 3 ? 0 : searched_ - 3);
            if ((end == std::string_view::npos ? received.size() : end + 4) > bounds_.http_header)
                return refuse("a header longer than limits.http_header allows", out);
            if (end == std::string_view::npos) {
                searched_ = received.size();
                return {};
            }
            content_length_header found{bounds_};
            const std::string wrong = found.read(received.substr(0, end + 2));
            if (!wrong.empty()) return refuse(wrong, out);
            header_ = end + 4;
            length_ = found.length();
        }
        const std::size_t there = received.size() - header_;
        if (there < length_) return {.what = kind::need_more, .missing = length_ - there};
        framing_step step{
            .what = kind::message, .consumed = header_ + length_, .payload = received.substr(header_, length_)};
        header_ = searched_ = 0;
        return step;
    }

    bool end_message(text_buffer& out, std::size_t mark) override {
        put_header(out, mark);
        return true;
    }

private:
    static void put_header(text_buffer& out, std::size_t mark) {
        text_buffer header;
        append_literal(header, "Content-Length: ");
        append_integer(header, out.size() - mark);
        append_literal(header, "\r\n\r\n");
        out.insert(mark, header.view());
    }

    static framing_step refuse(const std::string& wrong, text_buffer& out) {
        const std::size_t mark = out.size();
        append_error(out, "null", code_invalid_request, wrong);
        put_header(out, mark);
        return {.what = framing_step::kind::close, .limit = limit_named_in(wrong)};
    }

    limits bounds_;
    std::size_t searched_ = 0;  ///< bytes of the header that hold no empty line
    std::size_t header_ = 0;    ///< size of the header of the message under way, once it is read
    std::size_t length_ = 0;    ///< then: size of its text
};

FARCALL_DECL std::unique_ptr<framing> make_content_length_framing(const limits& bounds) {
    return std::make_unique<content_length_framing>(bounds);
}

}  // namespace farcall::detail
