#pragma once

#include <cstring>

#include <farcall/codec/arriving_text.hpp>
#include <farcall/codec/json_reader.hpp>

namespace farcall {

namespace detail {

/// The value of four hexadecimal digits, or -1.
inline int hex4(const char* p, const char* end) noexcept {
    if (end - p < 4) return -1;
    int value = 0;
    for (int i = 0; i != 4; ++i) {
        const char c = p[i];
        int digit = 0;
        if (c >= '0' && c <= '9') {
            digit = c - '0';
        } else if (c >= 'a' && c <= 'f') {
            digit = c - 'a' + 10;
        } else if (c >= 'A' && c <= 'F') {
            digit = c - 'A' + 10;
        } else {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

inline char* write_utf8(char* out, unsigned code) noexcept {
    const auto put = [&](unsigned byte) { *out++ = static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    }
    return out;
}

}  // namespace detail

FARCALL_DECL bool json_reader::scan_escape(const char*& p) {
    // `p` is at the backslash; the string's closing quote is not reached yet, the end of the text may be.
    if (end_ - p < 2) {
        p_ = end_;
        return unexpected("escape");
    }
    const char kind = p[1];
    if (std::string_view{"\"\\/bfnrt"}.find(kind) != std::string_view::npos) {
        p += 2;
        return true;
    }
    if (kind != 'u') return malformed(p, "unknown escape in a string");
    const int code = detail::hex4(p + 2, end_);
    if (code < 0) return malformed(p, "expected four hexadecimal digits behind \\u");
    if (code >= 0xD800 && code <= 0xDFFF) {
        const bool high = code < 0xDC00 && end_ - p >= 8 && p[6] == '\\' && p[7] == 'u';
        const int low = high ? detail::hex4(p + 8, end_) : -1;
        if (low < 0xDC00 || low > 0xDFFF) return malformed(p, "lone surrogate \\u" + std::string(p + 2, 4));
        p += 6;
    }
    p += 6;
    return true;
}

FARCALL_DECL bool json_reader::scan_string(raw_string& found) {
    const char* const first = p_ + 1;
    const char* p = arrived_ == nullptr ? first : known_end(first);
    for (;;) {
        p = detail::skip_plain(p, end_);
        if (p == end_) {
            p_ = end_;
            return unexpected("'\"'");
        }
        if (*p == '"') {
            found.text = {first, static_cast<std::size_t>(p - first)};
            p_ = p + 1;
            return !failed_;
        }
        if (*p == '\\') {
            found.escaped = true;
            if (!scan_escape(p)) return false;
        } else if (static_cast<unsigned char>(*p) < 0x20) {
            return malformed(p, "unescaped control character in a string");
        } else {
            // Text that is not ASCII mostly goes on so: stay here instead of starting a vector scan a character.
            do {
                const std::size_t length = detail::utf8_sequence(p, end_);
                if (length == 0) return malformed(p, "invalid UTF-8");
                p += length;
            } while (p != end_ && static_cast<unsigned char>(*p) >= 0x80);
        }
    }
}

/// The closing quote of a string that begins here and is read as it stands; otherwise null.
[[gnu::always_inline]] inline const char* json_reader::plain_string_end() const noexcept {
    if (p_ == end_ || *p_ != '"' || failed_) return nullptr;
    const char* const p = detail::skip_plain(p_ + 1, end_);
    return p != end_ && *p == '"' ? p : nullptr;
}

/// The end of what is known to be plain of a string whose content begins at `content`.
FARCALL_DECL const char* json_reader::known_end(const char* content) const noexcept {
    if (!arrived_->begins_at(content) || arrived_->size() > static_cast<std::size_t>(end_ - content)) return content;
    return content + arrived_->size();
}

/// Reads the string that begins here, if it has been read while it arrived.
/// @returns false without an error and without having moved if it has not
FARCALL_DECL bool json_reader::take_arrived(std::string& value) {
    if (p_ == end_ || *p_ != '"' || failed_) return false;
    const char* const quote = known_end(p_ + 1);
    if (quote == p_ + 1 || quote == end_ || *quote != '"') return false;
    arrived_->take(value);
    p_ = quote + 1;
    return true;
}

FARCALL_DECL bool json_reader::string(std::string& value) {
    if (arrived_ != nullptr && take_arrived(value)) return true;
    if (const char* const quote = plain_string_end()) [[likely]] {
        // Faster than to assign it, for it need not lie outside of what is overwritten.
        value.clear();
        value.append(p_ + 1, static_cast<std::size_t>(quote - p_ - 1));
        p_ = quote + 1;
        return true;
    }
    raw_string found;
    if (peek() != json_kind::string) return wrong_kind("string");
    if (!scan_string(found)) return false;
    if (!found.escaped) {
        value.assign(found.text.data(), found.text.size());
    } else {
        unescape(found.text, value);
    }
    return true;
}

FARCALL_DECL void json_reader::unescape(std::string_view raw, std::string& value) {
    // An escape is never shorter than what it stands for, so the raw size is enough.
    value.resize(raw.size());
    char* out = value.data();
    const char* p = raw.data();
    const char* const end = p + raw.size();
    while (p != end) {
        const void* const hit = std::memchr(p, '\\', static_cast<std::size_t>(end - p));
        const char* const stop = hit == nullptr ? end : static_cast<const char*>(hit);
        std::memcpy(out, p, static_cast<std::size_t>(stop - p));
        out += stop - p;
        p = stop;
        if (p == end) break;
        const char kind = p[1];
        p += 2;
        switch (kind) {
            case 'b':
                *out++ = '\b';
                break;
            case 'f':
                *out++ = '\f';
                break;
            case 'n':
                *out++ = '\n';
                break;
            case 'r':
                *out++ = '\r';
                break;
            case 't':
                *out++ = '\t';
                break;
            case 'u': {
                auto code = static_cast<unsigned>(detail::hex4(p, end));
                p += 4;
                if (code >= 0xD800 && code <= 0xDBFF) {
                    const auto low = static_cast<unsigned>(detail::hex4(p + 2, end));
                    p += 6;
                    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                }
                out = detail::write_utf8(out, code);
                break;
            }
            default:
                *out++ = kind;
                break;
        }
    }
    value.resize(static_cast<std::size_t>(out - value.data()));
}

FARCALL_DECL bool json_reader::string_view(std::string_view& value) {
    raw_string found;
    if (!scan_string(found)) return false;
    value = found.text;
    if (found.escaped) {
        if (rare_ == nullptr) rare_ = std::make_unique<rare>();
        unescape(found.text, rare_->name);
        value = rare_->name;
    }
    return true;
}

FARCALL_DECL bool json_reader::member_name(std::string_view& name) {
    if (const char* const quote = plain_string_end(); quote != nullptr && end_ - quote > 1 && quote[1] == ':') [[likely]] {
        name = {p_ + 1, static_cast<std::size_t>(quote - p_ - 1)};
        p_ = quote + 2;
        return true;
    }
    if (peek() != json_kind::string) return unexpected("a member's name in quotes");
    if (!string_view(name)) return false;
    skip_space();
    if (p_ == end_ || *p_ != ':') return unexpected("':'");
    ++p_;
    return true;
}

}  // namespace farcall
