#pragma once

#include <cstddef>
#include <string_view>

#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// The last characters are those whose bits behind the last byte are zero.
inline constexpr std::string_view base64_schema =
    R"({"type":"string","contentEncoding":"base64","pattern":)"
    R"("^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$"})";

/// Length of the base64 text of `size` bytes, padding included.
[[nodiscard]] constexpr std::size_t base64_size(std::size_t size) noexcept {
    return (size + 2) / 3 * 4;
}

/// Writes `base64_size(size)` characters.
/// @see RFC 4648, section 4
FARCALL_DECL void base64_encode(const std::byte* from, std::size_t size, char* to) noexcept;

/// How many bytes a text stands for, by its length and padding alone.
/// @returns false if it can be no base64 text
[[nodiscard]] FARCALL_DECL bool base64_decoded_size(std::string_view text, std::size_t& size) noexcept;

/// Writes as many bytes as `base64_decoded_size` said.
/// @returns false if there is a character that does not belong, or bits behind the last byte that are not zero
[[nodiscard]] FARCALL_DECL bool base64_decode(std::string_view text, std::byte* to) noexcept;

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/codec/impl/base64.ipp>
#endif
