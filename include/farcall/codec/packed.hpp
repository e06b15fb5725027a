#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <limits>
#include <ranges>
#include <string_view>
#include <type_traits>

#include <farcall/codec/arithmetic.hpp>
#include <farcall/codec/codec.hpp>
#include <farcall/codec/sequence.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/packed.hpp>

namespace farcall {

namespace detail {

template <class T>
concept packed_element = json_integer<T> || std::same_as<T, bool> ||
                         (json_floating<T> && std::numeric_limits<T>::is_iec559);

/// What its codec needs to know of an element's type.
struct packed_form {
    std::string_view name;  ///< such as "float64"
    std::size_t size;       ///< in bytes
    bool boolean;           ///< every byte is 0 or 1
};

template <packed_element T>
constexpr packed_form packed_form_of() {
    constexpr std::size_t size = sizeof(T);
    if constexpr (std::same_as<T, bool>) {
        static_assert(size == 1);
        return {"bool", size, true};
    } else if constexpr (std::floating_point<T>) {
        return {size == 4 ? "float32" : "float64", size, false};
    } else if constexpr (std::is_signed_v<T>) {
        return {size == 1 ? "int8" : size == 2 ? "int16" : size == 4 ? "int32" : "int64", size, false};
    } else {
        return {size == 1 ? "uint8" : size == 2 ? "uint16" : size == 4 ? "uint32" : "uint64", size, false};
    }
}

/// Reverses the bytes of each element of `size` bytes.
FARCALL_DECL void swap_bytes(std::byte* bytes, std::size_t count, std::size_t size) noexcept;

/// Writes `count` elements as they lie in memory.
FARCALL_DECL bool write_packed(json_writer& out, const void* from, std::size_t count, packed_form form);

/// How many elements a text has; `in` fails if it has not a whole number of them.
FARCALL_DECL bool count_packed(json_reader& in, std::string_view text, packed_form form, std::size_t& count);

/// Reads as many elements as `count_packed` said, or says in `in` what is wrong.
FARCALL_DECL bool read_packed(json_reader& in, std::string_view text, void* to, std::size_t count, packed_form form);

/// @param count  how many elements there must be; -1: any number
FARCALL_DECL void write_packed_schema(schema_writer& out, packed_form form, std::ptrdiff_t count);

}  // namespace detail

/// One string in base64, see `farcall::packed`.
template <class Sequence>
struct codec<packed<Sequence>> {
    static constexpr json_kinds kinds = json_kind::string;

    template <coding Way>
    static consteval std::string_view flaw() {
        if constexpr (!std::ranges::contiguous_range<Sequence> || !std::ranges::sized_range<Sequence>) {
            return "packed needs numbers that lie one behind another in memory; use std::vector or std::array (for "
                   "booleans std::vector<std::uint8_t>)";
        } else if constexpr (!detail::packed_element<element<>>) {
            return "packed holds bool, integers, float or double only; send other elements as they are";
        } else if constexpr (Way == coding::decoding && !writable) {
            return "packed needs a place for what it reads: use std::vector or std::array, for a std::span owns nothing";
        } else {
            return {};
        }
    }

    static bool encode(json_writer& out, const packed<Sequence>& value) {
        return detail::write_packed(out, std::ranges::data(value.values), std::ranges::size(value.values), form());
    }

    static bool decode(json_reader& in, packed<Sequence>& value)
    requires(flaw<coding::decoding>().empty())
    {
        std::string_view text;
        std::size_t count = 0;
        if (!in.string(text) || !detail::count_packed(in, text, form(), count)) return false;
        if constexpr (resizable) {
            value.values.resize(count);
        } else if (count != std::ranges::size(value.values)) {
            return detail::fail_with_count(in, std::ranges::size(value.values), count);
        }
        return detail::read_packed(in, text, std::ranges::data(value.values), count, form());
    }

    static void schema(schema_writer& out) {
        if constexpr (resizable || !writable) {
            detail::write_packed_schema(out, form(), -1);
        } else {
            detail::write_packed_schema(out, form(), static_cast<std::ptrdiff_t>(std::ranges::size(Sequence{})));
        }
    }

private:
    template <class S = Sequence>
    using element = std::ranges::range_value_t<S>;

    static constexpr bool resizable = requires(Sequence& s) { s.resize(std::size_t{}); };
    static constexpr bool writable =
        resizable || (!std::ranges::borrowed_range<Sequence> && std::ranges::contiguous_range<Sequence>);

    static constexpr detail::packed_form form() { return detail::packed_form_of<element<>>(); }
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/codec/impl/packed.ipp>
#endif
