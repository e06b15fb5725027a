#pragma once

#include <algorithm>

#include <farcall/codec/arriving_text.hpp>
#include <farcall/codec/string_scan.hpp>

namespace farcall::detail {

/// @returns whether a long string begins at `start_`, and is plain up to `looked_`
inline bool arriving_text::find(std::string_view front) noexcept {
    const char* const data = front.data();
    while (!found_ && tries_ != most_tries) {
        looked_ = static_cast<std::size_t>(skip_plain(data + looked_, data + front.size()) - data);
        // Behind the quote that ends a string there is no string, but numbers may follow that are as plain.
        constexpr std::string_view behind_strings = ",:]}";
        found_ = in_string_ && looked_ - start_ >= long_enough && behind_strings.find(data[start_]) == std::string_view::npos;
        if (found_ || looked_ == front.size()) break;
        in_string_ = data[looked_] == '"';
        start_ = ++looked_;
        ++tries_;
    }
    return found_;
}

FARCALL_DECL void arriving_text::look(std::string_view front, std::size_t length) {
    if (!find(front)) return;
    const char* const first = front.data() + start_;
    const char* const known = first + text_.size();
    // Where it has ended, it ends again.
    const auto more = static_cast<std::size_t>(skip_plain(front.data() + looked_, front.data() + front.size()) - known);
    // Memory follows what has come, with few moves.
    if (const std::size_t size = text_.size() + more; size > text_.capacity())
        text_.reserve(std::min(4 * size, std::max(length, size)));
    text_.append(known, more);
    looked_ = start_ + text_.size();
    // Before all is there, where it lies will be memory of others.
    at_ = front.size() < length ? nullptr : first;
}

}  // namespace farcall::detail
