#pragma once

#include <cstddef>
#include <string_view>

/// @file
/// Words, literals and operators of C++ text, as far as a stringised declaration needs them. All at compile time.

namespace farcall::detail {

enum class token_kind : unsigned char { end, word, number, literal, punctuation };

struct token {
    token_kind kind = token_kind::end;
    std::string_view text{};

    constexpr bool is(std::string_view expected) const noexcept { return text == expected; }
    constexpr bool is(char expected) const noexcept { return text.size() == 1 && text[0] == expected; }
};

constexpr bool digit(char c) noexcept { return c >= '0' && c <= '9'; }
/// Letters, digits, `_`, and whatever else an identifier may have: bytes above ASCII, universal character names.
constexpr bool word_char(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || digit(c) || c == '_' || c == '$' || c == '\\' ||
           static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool white_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Position after a string or character literal whose opening quote is at `at`.
constexpr std::size_t skip_quoted(std::string_view text, std::size_t at) noexcept {
    const char quote = text[at++];
    while (at < text.size() && text[at] != quote) at += text[at] == '\\' ? 2u : 1u;
    return at < text.size() ? at + 1 : text.size();
}

/// Position after a raw string literal whose opening quote is at `at`.
constexpr std::size_t skip_raw_string(std::string_view text, std::size_t at) noexcept {
    const std::size_t open = text.find('(', at);
    if (open == std::string_view::npos) return text.size();
    const std::string_view delimiter = text.substr(at + 1, open - at - 1);
    for (std::size_t close = open; (close = text.find(')', close)) != std::string_view::npos; ++close) {
        const std::string_view rest = text.substr(close + 1);
        if (rest.substr(0, delimiter.size()) == delimiter && rest.size() > delimiter.size() &&
            rest[delimiter.size()] == '"') {
            return close + 1 + delimiter.size() + 1;
        }
    }
    return text.size();
}

/// Length of the operator at the front of a text. `<<` and `>>` are two: both close or open template arguments.
constexpr std::size_t operator_length(std::string_view text) noexcept {
    if (text.size() < 2) return text.size();
    const char a = text[0];
    const char b = text[1];
    if (a == '.' && b == '.' && text.size() > 2 && text[2] == '.') return 3;
    if (a == '<' && b == '=' && text.size() > 2 && text[2] == '>') return 3;
    const bool doubled = a == b && (a == ':' || a == '=' || a == '&' || a == '|');
    const bool with_equals = b == '=' && (a == '!' || a == '<' || a == '>');
    return doubled || with_equals || (a == '-' && b == '>') ? 2 : 1;
}

/// The token that begins at or after `at`; moves `at` behind it.
constexpr token next_token(std::string_view text, std::size_t& at) noexcept {
    while (at < text.size() && white_space(text[at])) ++at;
    if (at >= text.size()) return {};
    const std::size_t begin = at;
    token_kind kind = token_kind::punctuation;
    if (digit(text[at]) || (text[at] == '.' && at + 1 < text.size() && digit(text[at + 1]))) {
        kind = token_kind::number;
        while (at < text.size() && (word_char(text[at]) || text[at] == '.' ||
                                    (text[at] == '\'' && at + 1 < text.size() && word_char(text[at + 1])))) {
            ++at;
        }
    } else if (word_char(text[at])) {
        kind = token_kind::word;
        while (at < text.size() && word_char(text[at])) ++at;
        const std::string_view word = text.substr(begin, at - begin);
        if (at < text.size() && (text[at] == '"' || text[at] == '\'') && word.size() <= 3) {
            const std::string_view encoding = word.back() == 'R' ? word.substr(0, word.size() - 1) : word;
            if (encoding.empty() || encoding == "u8" || encoding == "u" || encoding == "U" || encoding == "L") {
                kind = token_kind::literal;
                at = word.back() == 'R' ? skip_raw_string(text, at) : skip_quoted(text, at);
            }
        }
    } else if (text[at] == '"' || text[at] == '\'') {
        kind = token_kind::literal;
        at = skip_quoted(text, at);
    } else {
        at += operator_length(text.substr(at));
    }
    return {kind, text.substr(begin, at - begin)};
}

constexpr char closing_bracket(char open) noexcept {
    return open == '(' ? ')' : open == '[' ? ']' : open == '{' ? '}' : open == '<' ? '>' : '\0';
}

/// Position of the bracket that closes the one before `at`, or `npos`.
///
/// `<` opens template arguments only after a name, and every other closing bracket ends those that are open in it;
/// so comparisons inside parentheses, as in `foo<(1 > 2)>`, do no harm.
constexpr std::size_t find_close(std::string_view text, std::size_t at, char open) noexcept {
    constexpr std::size_t capacity = 64;
    char expected[capacity] = {closing_bracket(open)};
    std::size_t depth = 1;
    token previous{};
    while (depth != 0) {
        const token current = next_token(text, at);
        if (current.kind == token_kind::end) break;
        if (current.kind == token_kind::punctuation && current.text.size() == 1) {
            const char c = current.text[0];
            if (c == '(' || c == '[' || c == '{' || (c == '<' && previous.kind == token_kind::word)) {
                if (depth == capacity) break;
                expected[depth++] = closing_bracket(c);
            } else if (c == '>') {
                if (expected[depth - 1] == '>') --depth;
            } else if (c == ')' || c == ']' || c == '}') {
                while (depth != 0 && expected[depth - 1] == '>') --depth;
                if (depth == 0 || expected[depth - 1] != c) break;
                --depth;
            }
            if (depth == 0) return at - 1;
        }
        previous = current;
    }
    return std::string_view::npos;
}

/// A token, or a whole bracketed group in place of its opening bracket.
struct item {
    token front{};             ///< the token; of a group its opening bracket
    bool group = false;
    std::string_view inner{};  ///< what is between the brackets of a group
    std::size_t begin = 0;     ///< position of the first byte
    std::size_t end = 0;       ///< position after the last byte

    constexpr bool opens(char bracket) const noexcept { return group && front.text[0] == bracket; }
    /// A word, operator or the like, and not the bracket of a group.
    constexpr bool is(std::string_view expected) const noexcept { return !group && front.is(expected); }
    constexpr bool ended() const noexcept { return front.kind == token_kind::end; }
};

/// Walks over a text on its top level.
class item_reader {
public:
    constexpr explicit item_reader(std::string_view text) noexcept : text_(text) {}

    constexpr item next() noexcept {
        item found{.front = next_token(text_, at_)};
        found.begin = at_ - found.front.text.size();
        if (found.front.kind == token_kind::punctuation && found.front.text.size() == 1) {
            const char open = found.front.text[0];
            if (closing_bracket(open) != '\0' && (open != '<' || after_word_)) {
                const std::size_t close = find_close(text_, at_, open);
                if (close != std::string_view::npos) {
                    found.group = true;
                    found.inner = text_.substr(at_, close - at_);
                    at_ = close + 1;
                }
            }
        }
        found.end = at_;
        after_word_ = found.front.kind == token_kind::word;
        return found;
    }

private:
    std::string_view text_;
    std::size_t at_ = 0;
    bool after_word_ = false;
};

}  // namespace farcall::detail
