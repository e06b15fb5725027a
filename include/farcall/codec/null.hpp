#pragma once

#include <cstddef>
#include <variant>

#include <farcall/codec/codec.hpp>

namespace farcall {

namespace detail {

template <class T>
struct null_codec {
    static constexpr json_kinds kinds = json_kind::null;
    static bool encode(json_writer& out, const T&) { return out.null(); }
    static bool decode(json_reader& in, T&) { return in.null(); }
    static void schema(schema_writer& out) { out.null(); }
};

}  // namespace detail

/// `null`.
template <>
struct codec<std::monostate> : detail::null_codec<std::monostate> {};

/// `null`.
template <>
struct codec<std::nullptr_t> : detail::null_codec<std::nullptr_t> {};

}  // namespace farcall
