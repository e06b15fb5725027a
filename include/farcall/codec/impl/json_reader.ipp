#pragma once

#include <vector>

#include <farcall/codec/json_reader.hpp>

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
