#pragma once

#include <farcall/protocol/http/authority.hpp>
#include <farcall/protocol/http/head.hpp>

namespace farcall::detail {

FARCALL_DECL http_problem check_field_line(std::string_view line) noexcept {
    if (line.front() == ' ' || line.front() == '\t')
        return {400, "a header line begins with white space: folded lines are not taken (RFC 9112, section 5.2)"};
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return {400, "a header line has no colon"};
    if (!http_token(line.substr(0, colon)))
        return {
            400,
            "a header's name is empty or has characters that do not belong there, such as a space before the colon"};
    for (const char c : line.substr(colon + 1))
        if (!field_char(c)) return {400, "a header's value has a control character"};
    return {};
}

FARCALL_DECL http_head_reader::state http_head_reader::next(std::string_view received) {
    const std::string_view looked_at = received.substr(0, most_bytes_);
    for (;;) {
        const std::size_t end = looked_at.find('\n', searched_);
        if (end == std::string_view::npos) {
            // What can be judged of an unfinished line: nobody has to wait for its end to learn that it is wrong.
            const std::size_t known = looked_at.size();
            const std::size_t bare = looked_at.find('\r', searched_ == line_ ? line_ : searched_ - 1);
            if (bare != std::string_view::npos && bare + 1 < known)
                return refuse(400, "a CR without its LF: header lines end with CR LF");
            searched_ = known;
            return known == most_bytes_ ? too_large() : state::need_more;
        }
        if (end == line_ || received[end - 1] != '\r')
            return refuse(400, "an LF without its CR: header lines end with CR LF");
        const std::string_view line = received.substr(line_, end - 1 - line_);
        const bool first = line_ == 0;
        if (line.empty() && !first) {
            line_ = searched_ = end + 1;
            return judge(received);
        }
        if (first ? !take_first_line(line) : !take_field(line)) return state::refused;
        line_ = searched_ = end + 1;
    }
}

FARCALL_DECL http_head_reader::state http_head_reader::too_large() noexcept {
    if (line_ == 0) return refuse(414, "limits.http_header: the request's first line is longer than allowed");
    return refuse(431, "limits.http_header: the request's head is longer than allowed; send less in headers");
}

FARCALL_DECL bool http_head_reader::take_first_line(std::string_view line) {
    const auto wrong = [&](unsigned status, std::string_view text) {
        refuse(status, text);
        return false;
    };
    const std::size_t first = line.find(' ');
    const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    if (second == std::string_view::npos)
        return wrong(400, "the first line is not METHOD SP TARGET SP VERSION, such as POST / HTTP/1.1");
    const std::string_view method = line.substr(0, first);
    const std::string_view target = line.substr(first + 1, second - first - 1);
    const std::string_view version = line.substr(second + 1);
    if (!http_token(method)) return wrong(400, "the method in the first line is no token");
    if (version.size() != 8 || !version.starts_with("HTTP/") || !ascii_digit(version[5]) || version[6] != '.' ||
        !ascii_digit(version[7]))
        return wrong(400, "the first line does not end with a version, such as HTTP/1.1");
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return wrong(505, "this version of HTTP is not spoken here; use HTTP/1.1");
    minor_ = version[7] == '1' ? 1 : 0;
    method_ = {0, first};
    return take_target(target, first + 1);
}

FARCALL_DECL bool http_head_reader::take_target(std::string_view target, std::size_t at) {
    const auto wrong = [&] {
        refuse(400, "the target in the first line is neither a path such as / nor a whole http:// URL");
        return false;
    };
    for (const char c : target)
        if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F || c == '#') return wrong();
    authority_ = {};
    if (target.size() > 7 && same_name(target.substr(0, 7), "http://")) {
        const std::size_t slash = target.find('/', 7);
        // A URL without a path means the root; its slash is one of the two in front.
        if (slash == std::string_view::npos) {
            if (target.find('?') != std::string_view::npos) return wrong();
            authority_ = {at + 7, target.size() - 7};
            target_ = {at + 6, 1};
            return true;
        }
        authority_ = {at + 7, slash - 7};
        target_ = {at + slash, target.size() - slash};
        return authority_.size != 0 || wrong();
    }
    if (!target.starts_with('/') && target != "*") return wrong();
    target_ = {at, target.size()};
    return true;
}

FARCALL_DECL bool http_head_reader::take_field(std::string_view line) {
    if (slots_.size() >= most_fields_) {
        refuse(431, "limits.http_fields: the request has more headers than allowed; send fewer");
        return false;
    }
    if (const http_problem found = check_field_line(line)) {
        problem_ = found;
        return false;
    }
    const std::size_t colon = line.find(':');
    const std::string_view value = without_space(line.substr(colon + 1));
    // An empty value lies nowhere that matters.
    const std::size_t value_at = value.empty() ? 0 : static_cast<std::size_t>(value.data() - line.data());
    slots_.push_back({{line_, colon}, {line_ + value_at, value.size()}});
    return true;
}

FARCALL_DECL http_head_reader::state http_head_reader::judge(std::string_view received) {
    const auto text = [received](place where) { return received.substr(where.at, where.size); };
    head_.fields.clear();
    for (const slot& each : slots_) head_.fields.push_back({text(each.name), text(each.value)});
    head_.method = text(method_);
    const std::string_view target = text(target_);
    const std::size_t mark = target.find('?');
    head_.path = target.substr(0, mark);
    head_.query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    head_.minor = minor_;
    head_.keep_alive = minor_ == 1
                           ? !head_.list_has("connection", "close")
                           : head_.list_has("connection", "keep-alive") && !head_.list_has("connection", "close");
    if (!judge_host() || !judge_body()) return state::refused;
    if (authority_.size != 0 && !same_name(text(authority_), head_.host))
        return refuse(400, "the URL in the first line and the header Host name different hosts");
    if (head_.path == "*" && head_.method != "OPTIONS") return refuse(400, "the target * is for OPTIONS only");
    return state::complete;
}

FARCALL_DECL bool http_head_reader::judge_host() {
    const auto host = head_.find("host");
    head_.host = host.value_or(std::string_view{});
    if (head_.count("host") > 1)
        refuse(400, "the header Host is there twice");
    else if (!host && minor_ == 1)
        refuse(400, "the header Host is missing");
    else if (host && !read_authority(*host))
        refuse(400, "the header Host is no host name or address with a port, such as localhost:5000");
    return !problem_;
}

FARCALL_DECL bool http_head_reader::judge_body() {
    head_.chunked = false;
    head_.length = 0;
    const std::size_t codings = head_.count("transfer-encoding");
    const std::size_t lengths = head_.count("content-length");
    const auto wrong = [&](unsigned status, std::string_view text) {
        refuse(status, text);
        return false;
    };
    if (codings != 0 && lengths != 0)
        return wrong(400, "Content-Length and Transfer-Encoding contradict each other: send one of them");
    if (codings != 0) {
        if (minor_ == 0) return wrong(400, "HTTP/1.0 has no Transfer-Encoding");
        if (codings > 1 || !same_name(*head_.find("transfer-encoding"), "chunked"))
            return wrong(400, "the only Transfer-Encoding that is taken is chunked, once");
        head_.chunked = true;
        return true;
    }
    if (lengths == 0) return true;
    if (lengths > 1) return wrong(400, "the header Content-Length is there twice");
    const std::string_view digits = *head_.find("content-length");
    for (const char c : digits)
        if (!ascii_digit(c)) return wrong(400, "Content-Length is not a plain decimal number");
    if (digits.empty() || (digits.size() > 1 && digits.front() == '0'))
        return wrong(400, "Content-Length is not a plain decimal number");
    if (digits.size() > 18) return wrong(413, "limits.frame: the body is longer than allowed; send less at a time");
    for (const char c : digits) head_.length = head_.length * 10 + static_cast<std::uint64_t>(c - '0');
    return true;
}

}  // namespace farcall::detail
