#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// An IPv4 or IPv6 address; IPv4 in its IPv6 form, so that the two spellings of one are equal.
struct ip_address {
    std::array<std::uint8_t, 16> bytes{};

    constexpr bool four() const noexcept {
        for (std::size_t i = 0; i < 10; ++i)
            if (bytes[i] != 0) return false;
        return bytes[10] == 0xFF && bytes[11] == 0xFF;
    }
    /// 127.0.0.0/8 or ::1.
    constexpr bool loopback() const noexcept {
        return four() ? bytes[12] == 127 : *this == ip_address{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
    }
    /// 0.0.0.0 or ::, on which a server takes what comes to any address.
    constexpr bool any() const noexcept {
        for (std::size_t i = four() ? 12 : 0; i < 16; ++i)
            if (bytes[i] != 0) return false;
        return true;
    }

    friend constexpr bool operator==(const ip_address&, const ip_address&) = default;
};

/// Reads an address in the usual spelling: four decimal numbers, or IPv6 without brackets and zone.
///
/// Short or octal forms of IPv4, such as 127.1, are none: whoever takes them for names errs on the safe side.
/// @see RFC 3986, section 3.2.2; RFC 4291, section 2.2
[[nodiscard]] FARCALL_DECL std::optional<ip_address> read_ip(std::string_view text) noexcept;

/// Host and port of a URL or of the field `Host`.
struct authority {
    std::string_view host{};         ///< without brackets and without a dot at its end
    std::optional<ip_address> ip{};  ///< if the host is one
    std::optional<std::uint16_t> port{};
};

/// Takes `name`, `name:port`, `1.2.3.4:port` or `[::1]:port` apart. Names are letters, digits, dots, hyphens and
/// underscores.
/// @see RFC 9110, section 7.2; RFC 3986, section 3.2
[[nodiscard]] FARCALL_DECL std::optional<authority> read_authority(std::string_view text) noexcept;

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/http/impl/authority.ipp>
#endif
