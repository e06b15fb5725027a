#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/clock.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// Lets so many lines of each kind pass within any second, and counts the others: what decides that a peer cannot fill
/// a disk by what it does wrong. Time is an argument.
///
/// @par Thread safety  Unsafe.
class line_limit {
public:
    /// @param most  lines of a kind within a second; 0: all pass
    explicit line_limit(std::size_t most) : most_(most) {}

    /// @returns whether a line of this kind may be written now; if not, it is counted
    FARCALL_DECL bool admit(std::string_view kind, time_point now);

    /// Lines of one kind that were not written.
    struct withheld {
        std::string kind{};
        std::uint64_t count = 0;
        time_point::duration within{};  ///< since the first of them
    };
    /// What was counted long enough, and is to be told now; the next call gives the next kind.
    FARCALL_DECL std::optional<withheld> due(time_point now);
    /// The same of all that was counted, at once: at the end.
    FARCALL_DECL std::optional<withheld> remaining(time_point now);
    /// When `due` has something to say; `never`: nothing was counted.
    FARCALL_DECL time_point next_due() const noexcept;

    /// Lines are counted so long before that is told.
    static constexpr std::chrono::seconds told_after{5};
    /// Kinds that are told apart; all others are one.
    static constexpr std::size_t most_kinds = 64;

private:
    struct kind_state {
        std::string name;
        std::vector<time_point> passed;  ///< the last ones, a ring
        std::size_t oldest = 0;
        std::uint64_t count = 0;         ///< not written
        time_point first{};              ///< of those
    };

    kind_state& state_of(std::string_view kind);
    std::optional<withheld> take(time_point now, time_point::duration age);

    std::size_t most_;
    std::vector<kind_state> kinds_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/observe/impl/line_limit.ipp>
#endif
