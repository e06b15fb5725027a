#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace farcall::detail {

/// Fewest insertions, deletions and replacements from `a` to `b`, where another case of an ASCII letter is none;
/// anything above `most` counts as `most + 1`.
inline std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most) {
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > most) return most + 1;
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
    std::vector<std::size_t> row(a.size() + 1);
    for (std::size_t i = 0; i <= a.size(); ++i) row[i] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
        std::size_t diagonal = std::exchange(row[0], j);
        for (std::size_t i = 1; i <= a.size(); ++i) {
            const std::size_t replaced = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
            diagonal = row[i];
            row[i] = std::min({row[i] + 1, row[i - 1] + 1, replaced});
        }
    }
    return std::min(row[a.size()], most + 1);
}

/// Finds the names that a mistyped one may have been meant to be.
///
/// A name without its service is near, too: "add" of "Calculator.add".
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
class nearest_names {
public:
    /// @param wanted  must outlive this, as the candidates must
    explicit nearest_names(std::string_view wanted) noexcept
        : wanted_(wanted), bare_(wanted.find('.') == std::string_view::npos) {}

    /// Whether any name can be near: work for a text that no name is like is not begun.
    bool possible() const noexcept { return !wanted_.empty() && wanted_.size() <= longest; }

    void look_at(std::string_view candidate) {
        if (!possible() || candidate.size() > longest) return;
        const std::string_view without_service = candidate.substr(candidate.find('.') + 1);
        std::size_t edits = edit_distance(wanted_, candidate, most_edits);
        if (bare_ && without_service.size() != candidate.size())
            edits = std::min(edits, edit_distance(wanted_, without_service, most_edits - 1) +
                                        (without_service == wanted_ ? 0 : 1));
        if (edits <= most_edits && 2 * edits < wanted_.size() + 2) near_.emplace_back(edits, candidate);
    }

    /// The nearest: none, or up to three that are equally near, sorted.
    std::vector<std::string_view> found() {
        std::sort(near_.begin(), near_.end());
        std::vector<std::string_view> names;
        for (const auto& [edits, name] : near_)
            if (names.size() < 3 && edits == near_.front().first) names.push_back(name);
        return names;
    }

private:
    static constexpr std::size_t longest = 64;
    static constexpr std::size_t most_edits = 3;

    std::string_view wanted_;
    bool bare_;
    std::vector<std::pair<std::size_t, std::string_view>> near_;
};

}  // namespace farcall::detail
