#pragma once

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace farcall::testing {

/// The seeds that a randomised test runs with, first and last included: `for (auto seed : seeds(300))`.
struct seed_range {
    std::uint64_t first = 1;  ///< the first seed
    std::uint64_t last = 1;   ///< the last one, not before the first

    /// Counts through the seeds.
    class iterator {
    public:
        /// @{ What a range-based `for` asks for.
        constexpr explicit iterator(std::uint64_t at) : at_(at) {}
        constexpr std::uint64_t operator*() const noexcept { return at_; }
        constexpr iterator& operator++() noexcept {
            ++at_;
            return *this;
        }
        friend constexpr bool operator==(iterator, iterator) = default;
        /// @}

    private:
        std::uint64_t at_;
    };

    /// @{ From the first to behind the last.
    constexpr iterator begin() const noexcept { return iterator{first}; }
    constexpr iterator end() const noexcept { return iterator{last + 1}; }
    /// @}
};

/// Reads "A..B" or "A".
/// @returns nothing if the text has another form, or if B is before A
inline std::optional<seed_range> parse_seeds(std::string_view text) {
    const auto number = [](std::string_view digits, std::uint64_t& into) {
        const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), into);
        return problem == std::errc{} && end == digits.data() + digits.size();
    };
    const std::size_t dots = text.find("..");
    seed_range made;
    if (!number(text.substr(0, dots), made.first)) return {};
    made.last = made.first;
    if (dots != std::string_view::npos && !number(text.substr(dots + 2), made.last)) return {};
    if (made.last < made.first) return {};
    return made;
}

/// The seeds 1 to `count`, unless the environment variable FARCALL_SEEDS names others ("17..17", "1..100000").
///
/// A variable that cannot be read counts as none, for a test should not pass because it ran nothing.
inline seed_range seeds(std::uint64_t count) {
    if (const char* asked = std::getenv("FARCALL_SEEDS"))
        if (const auto range = parse_seeds(asked)) return *range;
    return {1, count};
}

}  // namespace farcall::testing
