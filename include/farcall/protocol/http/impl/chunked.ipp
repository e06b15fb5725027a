#pragma once

#include <algorithm>

#include <farcall/protocol/http/chunked.hpp>
#include <farcall/protocol/http/head.hpp>

namespace farcall::detail {

FARCALL_DECL chunked_reader::step chunked_reader::next(std::string_view received, text_buffer& body) {
    std::size_t used = 0;
    const auto left = [&] { return received.substr(used); };
    for (;;) {
        std::string_view found;
        switch (part_) {
            case part::size:
                if (!find_line(left(), longest_size_line, found) || !take_size(found))
                    return {problem_ ? state::refused : state::need_more, used};
                used += found.size() + 2;
                part_ = left_ == 0 ? part::trailer : part::content;
                break;
            case part::content: {
                const std::string_view content = left().substr(0, left_);
                body.append(content);
                used += content.size();
                left_ -= content.size();
                if (left_ != 0) return {state::need_more, used};
                part_ = part::content_end;
                break;
            }
            case part::content_end:
                if (!std::string_view{"\r\n"}.starts_with(left().substr(0, 2))) {
                    refuse(400, "a chunk is longer or shorter than its size says");
                    return {state::refused, used};
                }
                if (left().size() < 2) return {state::need_more, used};
                used += 2;
                part_ = part::size;
                break;
            case part::trailer:
                if (!find_line(left(), most_overhead_, found) || !take_trailer(found))
                    return {problem_ ? state::refused : state::need_more, used};
                used += found.size() + 2;
                if (found.empty()) return {state::complete, used};
                break;
        }
    }
}

FARCALL_DECL bool chunked_reader::find_line(std::string_view left, std::size_t longest,
                                            std::string_view& found) noexcept {
    const std::string_view looked_at = left.substr(0, longest + 2);
    const std::size_t end = looked_at.find_first_of("\r\n");
    if (end == std::string_view::npos)
        return looked_at.size() < longest + 2 ? false
                                              : refuse(400, "a line of a body in chunks is longer than allowed");
    if (looked_at[end] == '\n') return refuse(400, "an LF without its CR in a body in chunks");
    if (end + 1 == left.size()) return false;
    if (left[end + 1] != '\n') return refuse(400, "a CR without its LF in a body in chunks");
    if (end > longest) return refuse(400, "a line of a body in chunks is longer than allowed");
    found = left.substr(0, end);
    return true;
}

FARCALL_DECL bool chunked_reader::take_size(std::string_view line) noexcept {
    const std::size_t digits = std::min(line.find(';'), line.size());
    if (digits == 0 || digits > 16) return refuse(400, "a chunk's size is not one to sixteen hexadecimal digits");
    std::uint64_t size = 0;
    for (const char c : line.substr(0, digits)) {
        const int value = hex_value(c);
        if (value < 0) return refuse(400, "a chunk's size is not one to sixteen hexadecimal digits");
        size = size * 16 + static_cast<std::uint64_t>(value);
    }
    for (const char c : line.substr(digits))
        if (!field_char(c)) return refuse(400, "a chunk's extension has a control character");
    overhead_ += line.size() - digits;
    if (overhead_ > most_overhead_)
        return refuse(400, "limits.http_header: the chunks' extensions are longer than allowed");
    if (size > most_ - taken_) return refuse(413, "limits.frame: the body is longer than allowed; send less at a time");
    left_ = static_cast<std::size_t>(size);
    taken_ += left_;
    return true;
}

FARCALL_DECL bool chunked_reader::take_trailer(std::string_view line) noexcept {
    if (line.empty()) return true;
    overhead_ += line.size() + 2;
    if (overhead_ > most_overhead_ || ++trailers_ > most_trailers_)
        return refuse(431, "limits.http_header: the body's trailer is longer than allowed");
    problem_ = check_field_line(line);
    return !problem_;
}

}  // namespace farcall::detail
