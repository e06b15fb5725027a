#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <string_view>

namespace farcall::detail {

/// Memory for RapidJSON's one stack: on the caller's stack until a kilobyte is not enough.
///
/// RapidJSON does not look whether an allocation failed, so this throws.
class scan_arena {
public:
    static constexpr bool kNeedFree = false;

    scan_arena() noexcept = default;
    scan_arena(const scan_arena&) = delete;
    scan_arena& operator=(const scan_arena&) = delete;
    ~scan_arena() { std::free(heap_); }

    void* Malloc(std::size_t size) { return Realloc(nullptr, 0, size); }

    void* Realloc(void* old, std::size_t old_size, std::size_t size) {
        if (size <= sizeof first_ && (old == nullptr || old == first_)) return first_;
        void* const moved = std::realloc(heap_, size);
        if (moved == nullptr) throw std::bad_alloc{};
        if (old == first_) std::memcpy(moved, first_, old_size);
        heap_ = moved;
        return moved;
    }

    static void Free(void*) noexcept {}

private:
    alignas(16) char first_[1024];
    void* heap_ = nullptr;
};

/// The text as RapidJSON reads it: of a known size, with NUL behind its end.
class scan_stream {
public:
    using Ch = char;

    explicit scan_stream(std::string_view text) noexcept
        : begin_(text.data()), at_(text.data()), end_(text.data() + text.size()) {}

    char Peek() const noexcept { return at_ == end_ ? '\0' : *at_; }
    char Take() noexcept { return at_ == end_ ? '\0' : *at_++; }
    std::size_t Tell() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

    /// @{ The part of the concept that writes in place; it is compiled, but not reached without the in-situ flag.
    char* PutBegin() noexcept { return nullptr; }
    void Put(char) noexcept {}
    std::size_t PutEnd(char*) noexcept { return 0; }
    /// @}

private:
    const char* begin_;
    const char* at_;
    const char* end_;
};

constexpr bool scan_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
constexpr bool scan_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool scan_number_part(char c) noexcept {
    return scan_digit(c) || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
}

inline std::size_t scan_skip_space(std::string_view text, std::size_t at) noexcept {
    while (at < text.size() && scan_space(text[at])) ++at;
    return at;
}

/// Length of the number (RFC 8259, section 6) that begins at `at`; 0 if none does.
inline std::size_t scan_number(std::string_view text, std::size_t at) noexcept {
    const std::size_t start = at;
    const auto digits = [&] {
        const std::size_t first = at;
        while (at < text.size() && scan_digit(text[at])) ++at;
        return at != first;
    };
    if (at < text.size() && text[at] == '-') ++at;
    if (at < text.size() && text[at] == '0') {
        ++at;
    } else if (!digits()) {
        return 0;
    }
    if (at < text.size() && text[at] == '.') {
        ++at;
        if (!digits()) return 0;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
        if (!digits()) return 0;
    }
    return at - start;
}

/// The text with each well-formed number replaced by 0 and blanks, every other byte where it was.
///
/// A reader in step with this one, as each is up to the text's first error, sees the same tokens in both texts.
inline std::string scan_without_numbers(std::string_view text) {
    std::string copy{text};
    std::size_t at = 0;
    while (at < text.size()) {
        if (text[at] == '"') {
            for (++at; at < text.size() && text[at] != '"'; ++at)
                if (text[at] == '\\') ++at;
            ++at;
        } else if (scan_number_part(text[at])) {
            const std::size_t length = scan_number(text, at);
            std::size_t end = at;
            while (end < text.size() && scan_number_part(text[end])) ++end;
            if (length != 0 && at + length == end) {
                copy[at] = '0';
                std::memset(copy.data() + at + 1, ' ', length - 1);
            }
            at = end;
        } else {
            ++at;
        }
    }
    return copy;
}

}  // namespace farcall::detail
