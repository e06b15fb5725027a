#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "top_screen.hpp"

namespace tool {

/// What a terminal sends for a key: a character, or one of the others.
struct key {
    enum class kind { character, enter, escape, backspace, up, down, page_up, page_down, home, end };
    kind what = kind::character;
    std::string text{};  ///< of a character, one in UTF-8

    /// Equal in both.
    friend bool operator==(const key&, const key&) = default;
};

/// Takes keys out of what a terminal sent.
///
/// @param bytes  what was read; what may be the beginning of a key stays
/// @param more   whether more is there at once: a lone ESC is the key of that name only if nothing follows
std::vector<key> read_keys(std::string& bytes, bool more);

/// What a key has done, besides to the view.
enum class key_effect { none, quit, redraw, refresh };

/// Obeys a key.
/// @param rows  how many there are now
/// @param page  how many of them fit
key_effect press(const key& pressed, top_view& view, std::size_t rows, std::size_t page);

}  // namespace tool
