#pragma once

#include <cstddef>
#include <string_view>

namespace farcall {

/// A text that can be a template argument: `doc<"adds two numbers">`.
///
/// @tparam Capacity  number of bytes with the terminating zero, deduced from the literal
template <std::size_t Capacity>
struct fixed_string {
    char text[Capacity]{};  ///< with the terminating zero

    /// From a literal.
    constexpr fixed_string(const char (&literal)[Capacity]) noexcept {
        for (std::size_t i = 0; i != Capacity; ++i) text[i] = literal[i];
    }
    /// The first `Capacity` − 1 bytes of a text that is known at compile time.
    constexpr explicit fixed_string(std::string_view source) noexcept {
        for (std::size_t i = 0; i + 1 != Capacity && i != source.size(); ++i) text[i] = source[i];
    }

    /// Bytes of the text.
    constexpr std::size_t size() const noexcept { return Capacity - 1; }
    /// The text.
    constexpr std::string_view view() const noexcept { return {text, Capacity - 1}; }

    /// The same text.
    template <std::size_t Other>
    constexpr bool operator==(const fixed_string<Other>& other) const noexcept {
        return view() == other.view();
    }
};

template <std::size_t Capacity>
fixed_string(const char (&)[Capacity]) -> fixed_string<Capacity>;

}  // namespace farcall
