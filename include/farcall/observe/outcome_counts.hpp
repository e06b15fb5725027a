#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <farcall/status.hpp>

namespace farcall {

namespace detail {

/// How many statuses there are.
inline constexpr std::size_t status_count = static_cast<std::size_t>(status::unauthenticated) + 1;

/// Where a status is counted; a number outside the list as `unknown`.
constexpr std::size_t outcome_of(status value) noexcept {
    const auto number = static_cast<std::size_t>(value);
    return number < status_count ? number : static_cast<std::size_t>(status::unknown);
}

}  // namespace detail

/// How often calls ended with each status.
struct outcome_counts {
    std::array<std::uint64_t, detail::status_count> counts{};  ///< by the status' number

    /// @{ Those of one status.
    std::uint64_t& operator[](status value) noexcept { return counts[detail::outcome_of(value)]; }
    std::uint64_t operator[](status value) const noexcept { return counts[detail::outcome_of(value)]; }
    /// @}

    /// All, however they ended.
    std::uint64_t total() const noexcept { return counts[0] + failures(); }
    /// All that did not end with `ok`.
    std::uint64_t failures() const noexcept {
        std::uint64_t sum = 0;
        for (std::size_t at = 1; at != counts.size(); ++at) sum += counts[at];
        return sum;
    }
};

}  // namespace farcall
