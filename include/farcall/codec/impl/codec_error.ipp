#pragma once

#include <farcall/codec/codec_error.hpp>
#include <farcall/codec/string_scan.hpp>

namespace farcall::detail {

FARCALL_DECL void prepend_index(std::string& path, std::size_t index) {
    std::string segment = "[" + std::to_string(index) + "]";
    if (!path.empty() && path.front() != '[') segment += '.';
    path.insert(0, segment);
}

FARCALL_DECL void prepend_member(std::string& path, std::string_view name) {
    const auto plain = [](char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    bool identifier = !name.empty() && name.size() <= 64 && !(name.front() >= '0' && name.front() <= '9');
    for (char c : name.substr(0, 64)) identifier = identifier && plain(c);
    std::string segment = identifier ? std::string{name} : "[\"" + excerpt(name, 64) + "\"]";
    if (!path.empty() && path.front() != '[') segment += '.';
    path.insert(0, segment);
}

FARCALL_DECL std::string excerpt(std::string_view text, std::size_t limit) {
    constexpr char hex[] = "0123456789abcdef";
    std::string out;
    const char* p = text.data();
    const char* const end = p + text.size();
    while (p != end) {
        if (static_cast<std::size_t>(p - text.data()) >= limit) {
            out += "...";
            break;
        }
        const unsigned char c = static_cast<unsigned char>(*p);
        if (c >= 0x80) {
            const std::size_t length = utf8_sequence(p, end);
            if (length == 0) {
                out += "\\x";
                out += hex[c >> 4];
                out += hex[c & 15];
                ++p;
            } else {
                out.append(p, length);
                p += length;
            }
            continue;
        }
        if (c == '"' || c == '\\') {
            out += '\\';
            out += *p;
        } else if (c < 0x20 || c == 0x7f) {
            out += "\\u00";
            out += hex[c >> 4];
            out += hex[c & 15];
        } else {
            out += *p;
        }
        ++p;
    }
    return out;
}

}  // namespace farcall::detail
