#pragma once

#include <cstring>
#include <vector>

#include <farcall/codec/json_reader.hpp>
#include <farcall/detail/digits.hpp>

namespace farcall {

namespace detail {

/// Which of the open brackets are objects: a stack of bits that takes memory only beyond 64 of them.
class bracket_stack {
public:
    [[nodiscard]] std::size_t size() const noexcept { return full_.size() * 64 + count_; }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] bool top() const noexcept { return (bits_ & 1) != 0; }

    void push(bool object) {
        if (count_ == 64) {
            full_.push_back(bits_);
            count_ = 0;
        }
        bits_ = bits_ << 1 | static_cast<std::uint64_t>(object);
        ++count_;
    }

    void pop() noexcept {
        bits_ >>= 1;
        if (--count_ == 0 && !full_.empty()) {
            bits_ = full_.back();
            full_.pop_back();
            count_ = 64;
        }
    }

private:
    std::uint64_t bits_ = 0;
    std::size_t count_ = 0;
    std::vector<std::uint64_t> full_;
};

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

FARCALL_DECL const codec_error& json_reader::error() const noexcept {
    static const codec_error none{};
    return rare_ == nullptr ? none : rare_->error;
}

FARCALL_DECL bool json_reader::record(const char* at, std::string what, bool is_malformed) {
    if (rare_ == nullptr) rare_ = std::make_unique<rare>();
    if (failed_) return false;
    failed_ = true;
    rare_->error = {{}, std::move(what), static_cast<std::size_t>(at - begin_), is_malformed};
    return false;
}

FARCALL_DECL bool json_reader::fail(std::string what) {
    return record(p_, std::move(what), false);
}

FARCALL_DECL bool json_reader::malformed(const char* at, std::string what) {
    return record(at, std::move(what), true);
}

FARCALL_DECL bool json_reader::at_index(std::size_t index) {
    if (failed_) detail::prepend_index(rare_->error.path, index);
    return false;
}

FARCALL_DECL bool json_reader::at_member(std::string_view name) {
    if (failed_) detail::prepend_member(rare_->error.path, name);
    return false;
}

FARCALL_DECL bool json_reader::too_deep() {
    return malformed(p_, "nested deeper than " + std::to_string(max_depth_));
}

FARCALL_DECL bool json_reader::unexpected(std::string_view expected) {
    std::string what = "expected ";
    what += expected;
    what += ", found ";
    if (p_ == end_) {
        what += "the end of the text";
    } else if (*p_ >= 0x20 && *p_ < 0x7f) {
        what += '\'';
        what += *p_;
        what += '\'';
    } else {
        constexpr char hex[] = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(*p_);
        what += "byte 0x";
        what += hex[byte >> 4];
        what += hex[byte & 15];
    }
    return malformed(p_, std::move(what));
}

FARCALL_DECL bool json_reader::wrong_kind(std::string_view expected) {
    if (failed_) return false;
    const char* const start = p_;
    const json_kind found = peek();
    if (found == json_kind::none) return unexpected(expected);
    // A value that is broken itself is malformed before it is of the wrong kind.
    if (!skip_value()) return false;
    p_ = start;
    return fail("expected " + std::string{expected} + ", found " + std::string{to_string(found)});
}

FARCALL_DECL bool json_reader::literal(std::string_view word) {
    std::size_t i = 0;
    const char* p = p_;
    while (i != word.size() && p != end_ && *p == word[i]) {
        ++i;
        ++p;
    }
    if (i == word.size()) {
        p_ = p;
        return !failed_;
    }
    p_ = p;
    return unexpected(word);
}

FARCALL_DECL bool json_reader::take_number(detail::number_text& number) {
    if (peek() != json_kind::number) return wrong_kind("number");
    start_ = p_;
    const bool good = detail::scan_number(p_, end_, number);
    p_ = number.end;
    return good ? !failed_ : unexpected("digit");
}

FARCALL_DECL bool json_reader::begin_slow(char bracket) {
    skip_space();
    if (p_ == end_ || *p_ != bracket) return wrong_kind(bracket == '[' ? "array" : "object");
    if (depth_ >= max_depth_) return too_deep();
    ++p_;
    ++depth_;
    fresh_ = true;
    return !failed_;
}

FARCALL_DECL bool json_reader::next_slow(char closing) {
    skip_space();
    const bool fresh = fresh_;
    fresh_ = false;
    if (p_ != end_) {
        if (*p_ == closing) {
            ++p_;
            --depth_;
            return false;
        }
        if (fresh) return true;
        if (*p_ == ',') {
            ++p_;
            return true;
        }
    }
    if (fresh) return unexpected(closing == ']' ? "a value or ']'" : "a member or '}'");
    return unexpected(closing == ']' ? "',' or ']'" : "',' or '}'");
}

// What is read in place is certainly a whole integer: no leading zero, no point, no exponent, no further digit. Less
// than eight digits need neither a loop nor a stack.

FARCALL_DECL bool json_reader::integer_within(std::int64_t& value, std::int64_t least, std::int64_t most) {
    const char* p = p_;
    const bool negative = p != end_ && *p == '-';
    if (negative) ++p;
    std::uint64_t magnitude = 0;
    if (!short_integer(p, magnitude)) return long_integer(value, least, most);
    const auto found = negative ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude);
    if (found < least || found > most) return general_integer(value, least, most);
    p_ = p;
    value = found;
    return true;
}

FARCALL_DECL bool json_reader::integer_within(std::uint64_t& value, std::uint64_t least, std::uint64_t most) {
    const char* p = p_;
    std::uint64_t found = 0;
    if (!short_integer(p, found)) return long_integer(value, least, most);
    if (found > most) return general_integer(value, least, most);
    p_ = p;
    value = found;
    return true;
}

[[gnu::always_inline]] inline bool json_reader::short_integer(const char*& p, std::uint64_t& magnitude) const noexcept {
    const char* const first = p;
    if (detail::digits_by_eight && end_ - p >= 8) {
        const std::uint64_t eight = detail::eight_digits(p);
        const unsigned count = detail::leading_digits(eight);
        if (count == 0 || count == 8) return false;
        p += count;
        magnitude = detail::value_of_first(eight, count);
    } else {
        const char* const enough = end_ - p > 7 ? p + 7 : end_;
        std::uint32_t value = 0;
        for (; p != enough && detail::decimal_digit(*p); ++p) value = value * 10 + static_cast<unsigned char>(*p - '0');
        magnitude = value;
    }
    return p != first && (p == end_ || *p == ',' || *p == ']' || *p == '}') && (*first != '0' || p - first == 1) && !failed_;
}

template <class Wide>
bool json_reader::long_integer(Wide& value, Wide least, Wide most) {
    const char* p = p_;
    const bool negative = std::is_signed_v<Wide> && p != end_ && *p == '-';
    if (negative) ++p;
    const char* const first = p;
    const std::uint64_t magnitude = detail::take_digits(p, end_ - p > 18 ? p + 18 : end_);
    const bool complete = p != first && (p == end_ || *p == ',' || *p == ']' || *p == '}');
    const auto found = static_cast<Wide>(negative ? std::uint64_t{0} - magnitude : magnitude);
    if (!complete || *first == '0' || failed_ || found < least || found > most) return general_integer(value, least, most);
    p_ = p;
    value = found;
    return true;
}

template <class Wide>
bool json_reader::general_integer(Wide& value, Wide least, Wide most) {
    detail::number_text number;
    if (peek() != json_kind::number) return wrong_kind("integer");
    if (!take_number(number)) return false;
    std::uint64_t magnitude = 0;
    const detail::number_outcome outcome = detail::to_integer(number, magnitude);
    if (outcome == detail::number_outcome::not_integral) {
        const std::string_view text{start_, static_cast<std::size_t>(p_ - start_)};
        p_ = start_;
        return fail("expected integer, found " + detail::excerpt(text));
    }
    const auto limit = number.negative ? std::uint64_t{0} - static_cast<std::uint64_t>(least) : static_cast<std::uint64_t>(most);
    if (outcome == detail::number_outcome::out_of_range || magnitude > limit) {
        return out_of_range(std::to_string(least), std::to_string(most));
    }
    value = static_cast<Wide>(number.negative ? std::uint64_t{0} - magnitude : magnitude);
    return true;
}

FARCALL_DECL bool json_reader::out_of_range(const std::string& least, const std::string& most) {
    const std::string_view text{start_, static_cast<std::size_t>(p_ - start_)};
    p_ = start_;
    std::string what = detail::excerpt(text) + " is out of range";
    if (!most.empty()) what += " (" + least + " to " + most + ")";
    return fail(std::move(what));
}

template <class Floating>
bool json_reader::floating(Floating& value) {
    detail::number_text number;
    if (!take_number(number)) return false;
    if (detail::to_floating(number, value) == detail::number_outcome::exact) return true;
    return out_of_range({}, {});
}

FARCALL_DECL bool json_reader::number(double& value) {
    return floating(value);
}
FARCALL_DECL bool json_reader::number(float& value) {
    return floating(value);
}

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
    const char* p = first;
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
    if (peek() != json_kind::string) return unexpected("a member's name in quotes");
    if (!string_view(name)) return false;
    skip_space();
    if (p_ == end_ || *p_ != ':') return unexpected("':'");
    ++p_;
    return true;
}

FARCALL_DECL bool json_reader::skip_scalar() {
    raw_string text;
    detail::number_text number;
    switch (peek()) {
        case json_kind::null:
            return literal("null");
        case json_kind::boolean:
            return literal(*p_ == 't' ? std::string_view{"true"} : std::string_view{"false"});
        case json_kind::string:
            return scan_string(text);
        case json_kind::number:
            return take_number(number);
        default:
            return unexpected("a value");
    }
}

FARCALL_DECL bool json_reader::skip_value() {
    detail::bracket_stack open;
    raw_string name;
    for (;;) {
        const json_kind kind = peek();
        bool more = false;
        if (kind == json_kind::array || kind == json_kind::object) {
            const bool object = kind == json_kind::object;
            if (!begin(object ? '{' : '[')) return false;
            open.push(object);
        } else if (!skip_scalar()) {
            return false;
        }
        // Behind a value or an opening bracket: close what ends here, until a value must follow.
        while (!more && !open.empty()) {
            more = next(open.top() ? '}' : ']');
            if (more) {
                if (!open.top()) break;
                if (peek() != json_kind::string) return unexpected("a member's name in quotes");
                name.escaped = false;
                if (!scan_string(name)) return false;
                skip_space();
                if (p_ == end_ || *p_ != ':') return unexpected("':'");
                ++p_;
            } else {
                if (failed_) return false;
                open.pop();
            }
        }
        if (!more) return !failed_;
    }
}

}  // namespace farcall
