#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// The first long string of a message, read while the rest of the message arrives: when all is there, it need be neither
/// looked at nor copied any more.
///
/// It takes the time in which its thread would wait for more. Only what stands in the message as it is counts as
/// the string: up to its first escape, or the first character beyond ASCII. What a reader gets with it is what it gets without.
/// Strings are copied as long as they are wanted as such, and only looked at after one that was read otherwise.
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
class arriving_text {
public:
    /// A message shorter than this is there before it is worth anything.
    static constexpr std::size_t least = 64u << 10;

    /// Looks at what has come of a message since the last time.
    ///
    /// @param front   the message as far as it is there: what it was the last time, maybe elsewhere, and more behind that
    /// @param length  bytes that it will have; no memory is taken for those that have not come
    FARCALL_DECL void look(std::string_view front, std::size_t length);
    /// Whether it has looked at anything of a message that is not done with.
    bool begun() const noexcept { return looked_ != 0; }

    /// Whether its content begins at `at`: in the whole message, which `look` saw last and nobody has changed since.
    bool begins_at(const char* at) const noexcept { return at == at_; }
    /// Bytes that are known of it. What follows in the message is its end, or something that needs another look.
    std::size_t size() const noexcept { return size_; }
    /// Gives these bytes to whoever wants them as a string; they are gone then. Only where it begins somewhere.
    FARCALL_DECL void take(std::string& into);

    /// The message is done with.
    FARCALL_DECL void clear() noexcept;

    /// From here on it only looks at this message: there is no memory for a copy.
    FARCALL_DECL void keep_no_copy() noexcept;
    /// Bytes that it holds a copy of; it has up to twice as much memory.
    std::size_t held() const noexcept { return text_.size(); }

private:
    /// Shorter strings are not worth a copy ahead of time.
    static constexpr std::size_t long_enough = 1024;
    /// Bytes that are looked at one by one, such as quotes: whoever sends more of them before the first long string is not
    /// worth the trouble.
    static constexpr unsigned most_tries = 128;

    bool find(std::string_view front) noexcept;

    std::string text_;
    const char* at_ = nullptr;  ///< null: there is none
    std::size_t size_ = 0;
    std::size_t start_ = 0;     ///< where it begins, or might begin
    std::size_t looked_ = 0;    ///< all before was looked at
    unsigned tries_ = 0;
    bool in_string_ = false;  ///< a string may begin at `start_`
    bool found_ = false;
    bool copies_ = true;  ///< what is known lies in `text_`
    bool wanted_ = false;  ///< it was taken
};

/// While it lives, a message is handled; then what was known of it is forgotten, whatever came of it.
class arriving_text_scope {
public:
    /// @param text  null: nothing arrives
    explicit arriving_text_scope(const std::unique_ptr<arriving_text>& text) noexcept : text_(text) {}
    arriving_text_scope(const arriving_text_scope&) = delete;
    arriving_text_scope& operator=(const arriving_text_scope&) = delete;
    ~arriving_text_scope() {
        if (text_ != nullptr && text_->begun()) text_->clear();
    }

private:
    const std::unique_ptr<arriving_text>& text_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/codec/impl/arriving_text.ipp>
#endif
