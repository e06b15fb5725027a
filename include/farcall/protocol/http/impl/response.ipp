#pragma once

#include <farcall/codec/codec_error.hpp>
#include <farcall/protocol/http/problem.hpp>
#include <farcall/protocol/http/response.hpp>

namespace farcall::detail {

FARCALL_DECL http_response_reader::state http_response_reader::next(std::string_view received) {
    constexpr std::string_view front = "HTTP/1.";
    if (received.substr(0, front.size()) != front.substr(0, received.size()))
        return refuse("what came is no HTTP/1.1; is the URL's scheme the one that the server speaks?");
    const std::size_t end = received.find("\r\n\r\n", searched_ < 3 ? 0 : searched_ - 3);
    if (end == std::string_view::npos) {
        searched_ = received.size();
        return searched_ >= longest ? refuse("the head of its answer is longer than 64 KiB") : state::need_more;
    }
    size_ = end + 4;
    std::string_view lines = received.substr(0, end + 2);
    for (bool first = true; !lines.empty(); first = false) {
        const std::size_t length = lines.find("\r\n");
        const std::string_view line = lines.substr(0, length);
        const state taken = first ? take_first_line(line) : take_field(line);
        if (taken == state::refused) return taken;
        lines.remove_prefix(length + 2);
    }
    return judge();
}

FARCALL_DECL http_response_reader::state http_response_reader::take_first_line(std::string_view line) {
    // "HTTP/1.1 200 OK"; the reason may be missing.
    const auto at = [line](std::size_t i) { return i < line.size() ? line[i] : '\0'; };
    if ((at(7) != '1' && at(7) != '0') || at(8) != ' ' || !ascii_digit(at(9)) || !ascii_digit(at(10)) || !ascii_digit(at(11)) ||
        at(9) == '0' || (line.size() > 12 && at(12) != ' '))
        return refuse("the first line of its answer is not that of HTTP/1.1");
    head_.minor = at(7) == '1' ? 1 : 0;
    head_.status = static_cast<unsigned>((at(9) - '0') * 100 + (at(10) - '0') * 10 + (at(11) - '0'));
    head_.reason = line.size() > 13 ? line.substr(13) : std::string_view{};
    return state::complete;
}

FARCALL_DECL http_response_reader::state http_response_reader::take_field(std::string_view line) {
    if (line.empty() || check_field_line(line)) return refuse("a header line of its answer is malformed");
    const std::size_t colon = line.find(':');
    head_.fields.push_back({line.substr(0, colon), without_space(line.substr(colon + 1))});
    return state::complete;
}

FARCALL_DECL http_response_reader::state http_response_reader::judge() {
    head_.keep_alive = !head_.list_has("connection", "close") &&
                       (head_.minor == 1 || head_.list_has("connection", "keep-alive"));
    std::optional<std::string_view> length;
    bool coded = false;
    for (const http_field& each : head_.fields) {
        if (same_name(each.name, "transfer-encoding")) {
            if (coded || !same_name(each.value, "chunked"))
                return refuse("its answer has a Transfer-Encoding other than chunked");
            coded = true;
        } else if (same_name(each.name, "content-length")) {
            if (length) return refuse("its answer has two lengths");
            length = each.value;
        }
    }
    using ends = http_response_head::body_end;
    if (head_.status < 200 || head_.status == 204 || head_.status == 304) {
        head_.body = ends::none;
    } else if (coded) {
        if (length) return refuse("its answer has two lengths");
        head_.body = ends::chunks;
    } else if (length) {
        if (length->empty() || length->size() > 18) return refuse("the length of its answer is no number");
        for (const char c : *length) {
            if (!ascii_digit(c)) return refuse("the length of its answer is no number");
            head_.length = head_.length * 10 + static_cast<std::uint64_t>(c - '0');
        }
        head_.body = head_.length == 0 ? ends::none : ends::length;
    } else {
        head_.body = ends::close;
        head_.keep_alive = false;
    }
    return state::complete;
}

FARCALL_DECL std::string http_status_text(const http_response_head& head) {
    std::string text = "HTTP " + std::to_string(head.status) + ' ';
    text += head.reason.empty() ? std::string{http_reason(head.status)} : excerpt(head.reason, 80);
    const auto elsewhere = head.find("location");
    if (head.status / 100 == 3 && elsewhere) text += ", to " + excerpt(*elsewhere, 200);
    return text;
}

}  // namespace farcall::detail
