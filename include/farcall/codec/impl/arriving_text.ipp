#pragma once

#include <algorithm>
#include <new>
#include <utility>

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
    // Where it has ended, it ends again.
    const auto size = static_cast<std::size_t>(skip_plain(front.data() + looked_, front.data() + front.size()) - first);
    if (copies_) {
        try {
            // Memory follows what has come, with few moves.
            if (size > text_.capacity()) text_.reserve(std::min(2 * size, std::max(length, size)));
            text_.append(first + size_, size - size_);
        } catch (const std::bad_alloc&) {
            keep_no_copy();
        }
    }
    size_ = size;
    looked_ = start_ + size;
    // Before all is there, where it lies will be memory of others.
    at_ = front.size() < length ? nullptr : first;
}

FARCALL_DECL void arriving_text::take(std::string& into) {
    if (copies_)
        into = std::move(text_);
    else
        into.assign(at_, size_);
    wanted_ = true;
    at_ = nullptr;
}

FARCALL_DECL void arriving_text::keep_no_copy() noexcept {
    copies_ = false;
    std::string{}.swap(text_);  // an assignment would keep the memory
}

FARCALL_DECL void arriving_text::clear() noexcept {
    if (found_) copies_ = wanted_;
    std::string{}.swap(text_);
    at_ = nullptr;
    size_ = start_ = looked_ = 0;
    tries_ = 0;
    in_string_ = found_ = wanted_ = false;
}

}  // namespace farcall::detail
