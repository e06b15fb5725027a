#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <farcall/fixed_string.hpp>
#include <farcall/reflect/aggregate.hpp>
#include <farcall/reflect/type_name.hpp>

namespace farcall {

class json_reader;
class json_writer;

template <class T>
struct codec;

/// Which way a value goes: some types can be written and not be read.
enum class coding : unsigned char { encoding, decoding };

namespace detail {

/// Types of the values that a codec hands to other codecs.
template <class... T>
struct part_list {};

/// Text that is put together at compile time; what does not fit is cut.
struct static_text {
    std::array<char, 320> chars{};
    std::size_t size = 0;

    constexpr static_text() = default;
    constexpr static_text(std::string_view text) { append(text); }

    constexpr static_text& append(std::string_view text) {
        for (char c : text) {
            if (size != chars.size()) chars[size++] = c;
        }
        return *this;
    }
    constexpr static_text& append_number(std::size_t number) {
        if (number >= 10) append_number(number / 10);
        const char digit = static_cast<char>('0' + number % 10);
        return append({&digit, 1});
    }
    [[nodiscard]] constexpr std::string_view view() const { return {chars.data(), size}; }
    [[nodiscard]] constexpr bool empty() const { return size == 0; }
};

struct found_problem {
    /// Of the culprit, without the root: "lines[].owner"; empty if it is the root.
    static_text path;
    /// Empty: there is no problem.
    static_text reason;

    constexpr void enter(std::string_view part) {
        static_text longer{part};
        if (!part.empty() && !path.empty() && path.chars[0] != '[') longer.append(".");
        path = longer.append(path.view());
    }
};

template <class T>
concept complete_type = requires {
    sizeof(T);
};

template <class T>
concept has_codec = complete_type<codec<T>>;

/// Why a type that nobody wrote a codec for has none.
template <class T>
consteval static_text reason_of_no_codec() {
    using bare = std::remove_cv_t<T>;
    if constexpr (std::is_reference_v<T>) {
        return {"a reference has no JSON form; use the value itself"};
    } else if constexpr (std::is_void_v<T>) {
        return {"void has no JSON form"};
    } else if constexpr (std::is_pointer_v<T> && std::is_function_v<std::remove_pointer_t<T>>) {
        return {"a function has no JSON form"};
    } else if constexpr (std::is_function_v<T> || std::is_member_pointer_v<T>) {
        return {"a function or a pointer to a member has no JSON form"};
    } else if constexpr (std::is_same_v<bare, const char*> || std::is_same_v<bare, char*>) {
        return {"a raw pointer has no JSON form; use std::string"};
    } else if constexpr (std::is_pointer_v<T>) {
        return {"a raw pointer has no JSON form; use std::optional, std::unique_ptr or std::shared_ptr"};
    } else if constexpr (std::is_array_v<T>) {
        return {"a C array has no JSON form; use std::array, std::vector or std::string"};
    } else if constexpr (std::is_union_v<T>) {
        return {"a union has no JSON form; use std::variant"};
    } else if constexpr (std::is_same_v<bare, long double>) {
        return {"long double has no portable JSON form; use double"};
    } else if constexpr (std::is_same_v<bare, wchar_t> || std::is_same_v<bare, char8_t> ||
                         std::is_same_v<bare, char16_t> || std::is_same_v<bare, char32_t>) {
        return {"a wide character has no JSON form; use std::string with UTF-8"};
    } else if constexpr (!complete_type<T>) {
        return static_text{type_name<T>()}.append(" is an incomplete type; include its definition");
    } else if constexpr (std::is_class_v<T>) {
        return static_text{type_name<T>()}.append(
            " has no JSON form; describe it with BOOST_DESCRIBE_CLASS or specialise farcall::codec");
    } else {
        return static_text{type_name<T>()}.append(" has no JSON form; specialise farcall::codec");
    }
}

template <coding Way, class T>
concept coded = (Way == coding::encoding &&
                 requires(json_writer & out, const T& value) {
                     { codec<T>::encode(out, value) } -> std::same_as<bool>;
                 }) ||
                (Way == coding::decoding && requires(json_reader & in, T& value) {
                    { codec<T>::decode(in, value) } -> std::same_as<bool>;
                });

template <coding Way, class T, class... Seen>
consteval found_problem find_problem();

template <coding Way, class T, class... Seen, class... Part>
consteval found_problem find_problem_in_parts(part_list<Part...>) {
    found_problem found;
    std::size_t index = 0;
    [[maybe_unused]] const auto visit = [&](const found_problem& inner) {
        if (inner.reason.empty()) {
            ++index;
            return false;
        }
        found = inner;
        if constexpr (requires { codec<T>::part_name(index); }) {
            found.enter(static_text{codec<T>::part_name(index)}.view());
        }
        return true;
    };
    static_cast<void>((visit(find_problem<Way, Part, Seen..., T>()) || ...));
    return found;
}

/// Looks for the first member, element or alternative that has no JSON form. A type inside itself is taken for good:
/// what it consists of is being looked at already.
template <coding Way, class T, class... Seen>
consteval found_problem find_problem() {
    if constexpr ((std::is_same_v<T, Seen> || ...)) {
        return {};
    } else if constexpr (std::is_const_v<T> && Way == coding::encoding) {
        return find_problem<Way, std::remove_const_t<T>, Seen...>();
    } else if constexpr (std::is_const_v<T>) {
        return {{}, {"what is const cannot be decoded into"}};
    } else if constexpr (!complete_type<T> || std::is_reference_v<T> || std::is_function_v<T>) {
        return {{}, reason_of_no_codec<T>()};
    } else if constexpr (!has_codec<T>) {
        return {{}, reason_of_no_codec<T>()};
    } else {
        constexpr std::string_view flaw = [] {
            if constexpr (requires { codec<T>::template flaw<Way>(); }) {
                return codec<T>::template flaw<Way>();
            } else {
                return std::string_view{};
            }
        }();
        if constexpr (!flaw.empty()) {
            return {{}, {flaw}};
        } else if constexpr (requires { codec<T>::parts(); }) {
            return find_problem_in_parts<Way, T, Seen...>(codec<T>::parts());
        } else if constexpr (!coded<Way, T>) {
            return {{},
                    static_text{"farcall::codec<"}
                        .append(type_name<T>())
                        .append(Way == coding::encoding ? "> has no static bool encode(json_writer&, const T&)"
                                                        : "> has no static bool decode(json_reader&, T&)")};
        } else {
            return {};
        }
    }
}

/// Why `T` has no JSON form in the given direction, for messages at compile time.
template <class T, coding Way>
struct json_problem {
    static constexpr found_problem details = find_problem<Way, T>();

    static constexpr bool found = !details.reason.empty();
    /// Of the culprit below `T`: "lines[].owner"; empty if it is `T` itself.
    static constexpr std::string_view path = details.path.view();
    /// What is wrong with it and what to use instead.
    static constexpr std::string_view reason = details.reason.view();
    /// Root, path and reason: "account.owner: a raw pointer has no JSON form; use ...".
    static constexpr static_text text = [] {
        found_problem whole = details;
        whole.enter(unqualified_type_name<T>());
        return static_text{whole.path}.append(": ").append(details.reason.view());
    }();
    static constexpr std::string_view message = text.view();
};

/// Never defined: its name in the compiler's output is the message.
template <fixed_string... Problem>
struct no_json_form;

/// Clang cuts long texts in template arguments, so there a message comes in several.
#if defined(__clang__)
inline constexpr std::size_t widest_line = 30;
#else
inline constexpr std::size_t widest_line = 1000;
#endif

/// Part `index` of a text that is broken at spaces; empty behind the last part.
consteval std::string_view broken_line(std::string_view text, std::size_t index) {
    for (;; --index) {
        std::size_t size = text.size();
        if (size > widest_line) {
            const std::size_t space = text.rfind(' ', widest_line);
            size = space == std::string_view::npos ? widest_line : space + 1;
        }
        if (index == 0) return text.substr(0, size);
        text.remove_prefix(size);
    }
}

template <const std::string_view& Text, std::size_t... Index>
constexpr void stop_with(std::index_sequence<Index...>) {
    static_cast<void>(
        sizeof(no_json_form<fixed_string<broken_line(Text, Index).size() + 1>{broken_line(Text, Index)}...>));
}

consteval std::size_t count_broken_lines(std::string_view text) {
    std::size_t count = 0;
    while (!broken_line(text, count).empty()) ++count;
    return count;
}

/// Stops the compilation with the path to the culprit and the reason if `T` has no JSON form.
template <class T, coding Way>
constexpr void require_json_form() {
    if constexpr (json_problem<T, Way>::found) {
        stop_with<json_problem<T, Way>::message>(
            std::make_index_sequence<count_broken_lines(json_problem<T, Way>::message)>{});
    }
}

/// Why a codec cannot make new values of a type; empty if it can.
template <class T>
consteval std::string_view flaw_of_new() {
    if constexpr (!std::is_default_constructible_v<T>) {
        return "its elements cannot be decoded, for their type has no default constructor";
    } else {
        return {};
    }
}

}  // namespace detail

/// A type whose values can be written as JSON, with all that is in them.
template <class T>
concept json_encodable = !detail::json_problem<T, coding::encoding>::found;

/// A type whose values can be read from JSON, with all that is in them.
template <class T>
concept json_decodable = !detail::json_problem<T, coding::decoding>::found;

}  // namespace farcall
