#pragma once

#include <concepts>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace farcall {

/// Numbers that travel as one base64 text of their bytes instead of as decimals: for many of them, when speed counts.
///
/// `packed<std::vector<double>>` in a signature instead of `std::vector<double>`; both sides convert by themselves. The
/// text is an ordinary JSON string on every transport: the elements one after another, each in its bytes, the least
/// significant first (floating-point numbers as in IEEE 754), in base64 with padding (RFC 4648, section 4). A
/// `float`, `std::int32_t` and so on takes 4 bytes, `bool` one that is 0 or 1. Every value survives exactly, NaN and
/// infinity included, which decimals cannot tell. People and `jq` read decimals more easily, and short ones are
/// shorter.
///
/// @tparam Sequence  `std::vector` or `std::array` of `bool`, an integer type, `float` or `double`, or anything else with
///                   contiguous elements that can be resized; for parameters also `std::span` of const elements, which
///                   refers to the caller's own numbers, and which a server holds as a vector. (`std::vector<bool>` has
///                   no contiguous elements, so neither it nor a span of `bool` will do.)
/// @par Thread safety  Distinct objects: safe. Shared objects: as the sequence.
/// @par Example        examples/18_packed.cpp
template <class Sequence>
struct packed {
    Sequence values{};  ///< the numbers

    packed() = default;

    /// @{ From the sequence itself, or what converts to it, packed too or not: `packed<V> numbers{{1, 2, 3}}`.
    template <class From = Sequence>
    requires(!std::same_as<std::remove_cvref_t<From>, packed> && std::convertible_to<From, Sequence>)
    packed(From&& from) : values(std::forward<From>(from)) {}

    template <class Other>
    requires(!std::same_as<Other, Sequence> && std::convertible_to<const Other&, Sequence>)
    packed(const packed<Other>& other) : values(other.values) {}
    /// @}

    /// @{ To the sequence, or a span of it: a handler may take those as well. `std::vector<double> v = f();` moves the
    /// numbers of what `f` returns; into a sequence that is there already, `v = *f();` does.
    operator const Sequence&() const& noexcept { return values; }
    operator Sequence() && { return std::move(values); }
    template <class Element>
    requires(!std::same_as<Sequence, std::span<const Element>> && std::convertible_to<const Sequence&, std::span<const Element>>)
    operator std::span<const Element>() const noexcept { return values; }
    /// @}

    /// @{ The sequence's own members: `numbers->size()`, `for (double each : *numbers)`.
    [[nodiscard]] Sequence* operator->() noexcept { return &values; }
    [[nodiscard]] const Sequence* operator->() const noexcept { return &values; }
    [[nodiscard]] Sequence& operator*() & noexcept { return values; }
    [[nodiscard]] const Sequence& operator*() const& noexcept { return values; }
    [[nodiscard]] Sequence&& operator*() && noexcept { return std::move(values); }
    /// @}

    /// The same numbers.
    friend bool operator==(const packed& a, const packed& b)
    requires std::equality_comparable<Sequence>
    {
        return a.values == b.values;
    }
};

template <class Sequence>
packed(Sequence) -> packed<Sequence>;

namespace detail {

/// In which type a server holds an argument, where that is not the parameter's own.
template <class Parameter>
struct stored_type;
template <class Element>
struct stored_type<packed<std::span<const Element>>> {
    using type = packed<std::vector<Element>>;
};

}  // namespace detail
}  // namespace farcall
