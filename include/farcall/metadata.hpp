#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <farcall/detail/ascii.hpp>
#include <farcall/detail/utf8.hpp>

namespace farcall {

/// The key under which the name of a request travels that many calls may be part of.
inline constexpr std::string_view request_id_key = "x-request-id";

/// Key-values that travel with a call, as HTTP's headers do: `farcall::metadata{{"tenant", "a7"}}`.
///
/// For what concerns the call and is no argument of the method: tenant, trace, language. Small by design: at most
/// `max_entries` entries and `max_bytes` bytes. A key is there once; keys are compared without regard to ASCII case
/// and keep the case they were first given in. What came from a peer is untrusted.
///
/// A key is a token of RFC 9110, section 5.6.2 (letters, digits and ``!#$%&'*+-.^_`|~``), a value is UTF-8 without
/// control characters.
/// @par Thread safety  Distinct objects: safe. Shared objects: safe to read.
class metadata {
public:
    /// Keys that travel with one call at most.
    static constexpr std::size_t max_entries = 64;
    /// Of all keys and values together.
    static constexpr std::size_t max_bytes = 8192;

    /// One key with its value.
    struct entry {
        std::string key;    ///< in the case in which it was first given
        std::string value;  ///< UTF-8

        /// Equal in case, too.
        friend bool operator==(const entry&, const entry&) = default;
    };
    /// Over the entries.
    using const_iterator = std::vector<entry>::const_iterator;

    metadata() = default;

    /// As `set` for each pair; a later one replaces an earlier one of the same key.
    metadata(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs) {
        for (const auto& [key, value] : pairs) set(key, value);
    }

    /// Adds an entry or replaces its value.
    ///
    /// @par Errors  `std::invalid_argument` for a key or value that cannot travel, `std::length_error` if there would
    ///              be too much; nothing is changed then
    void set(std::string_view key, std::string_view value) {
        switch (put(key, value)) {
            case problem::none: return;
            case problem::key:
                throw std::invalid_argument{
                    "metadata: a key is one or more letters, digits or !#$%&'*+-.^_`|~ (RFC 9110)"};
            case problem::value: throw std::invalid_argument{"metadata: a value is UTF-8 without control characters"};
            case problem::size:
                throw std::length_error{
                    "metadata: at most 64 entries and 8192 bytes travel with a call; send more as an argument"};
        }
    }

    /// The same without exceptions.
    ///
    /// @returns whether it was done
    [[nodiscard]] bool try_set(std::string_view key, std::string_view value) {
        return put(key, value) == problem::none;
    }

    /// The value of a key, valid until the next change; empty if it is not there.
    std::optional<std::string_view> get(std::string_view key) const noexcept {
        const std::size_t at = find(key);
        if (at == entries_.size()) return std::nullopt;
        return std::string_view{entries_[at].value};
    }

    /// Whether the key is there.
    bool contains(std::string_view key) const noexcept { return find(key) != entries_.size(); }

    /// @returns whether it was there
    bool erase(std::string_view key) {
        const std::size_t at = find(key);
        if (at == entries_.size()) return false;
        bytes_ -= entries_[at].key.size() + entries_[at].value.size();
        entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(at));
        return true;
    }

    /// Removes everything.
    void clear() noexcept {
        entries_.clear();
        bytes_ = 0;
    }

    /// How many entries there are.
    std::size_t size() const noexcept { return entries_.size(); }
    /// Whether there are none.
    bool empty() const noexcept { return entries_.empty(); }
    /// Bytes of all keys and values.
    std::size_t bytes() const noexcept { return bytes_; }

    /// @{ In the order in which they were added.
    const_iterator begin() const noexcept { return entries_.begin(); }
    const_iterator end() const noexcept { return entries_.end(); }
    /// @}

    /// The same keys, in the same case and order, with the same values.
    friend bool operator==(const metadata& a, const metadata& b) { return a.entries_ == b.entries_; }

private:
    enum class problem { none, key, value, size };

    problem put(std::string_view key, std::string_view value) {
        if (!detail::http_token(key)) return problem::key;
        if (!text(value)) return problem::value;
        if (key.size() > max_bytes || value.size() > max_bytes) return problem::size;
        const std::size_t at = find(key);
        if (at != entries_.size()) {
            const std::size_t bytes = bytes_ - entries_[at].value.size() + value.size();
            if (bytes > max_bytes) return problem::size;
            entries_[at].value = value;
            bytes_ = bytes;
            return problem::none;
        }
        const std::size_t bytes = bytes_ + key.size() + value.size();
        if (entries_.size() == max_entries || bytes > max_bytes) return problem::size;
        entries_.push_back({std::string{key}, std::string{value}});
        bytes_ = bytes;
        return problem::none;
    }

    std::size_t find(std::string_view key) const noexcept {
        std::size_t at = 0;
        while (at < entries_.size() && !detail::same_name(entries_[at].key, key)) ++at;
        return at;
    }

    static bool text(std::string_view value) noexcept {
        for (char c : value) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte < 0x20 || byte == 0x7F) return false;
        }
        return detail::utf8_prefix(value) == value.size();
    }

    std::vector<entry> entries_;
    std::size_t bytes_ = 0;
};

}  // namespace farcall
