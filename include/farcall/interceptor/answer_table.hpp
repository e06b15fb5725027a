#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <farcall/clock.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/interceptor/intercepted_call.hpp>

namespace farcall::detail {

/// Results of calls by what was called, as many as its bytes allow; those that were not asked for longest go first.
///
/// Time is an argument. @par Thread safety  Unsafe.
class answer_table {
public:
    /// One result.
    struct answer {
        std::string result{};  ///< JSON text
        time_point made{};     ///< when it was put here
        time_point good_until = never;
        bool alone = false;  ///< no result, but the mark that results of these calls are not shared
    };

    /// @param most  bytes of all entries, what they cost besides their texts included
    explicit answer_table(std::size_t most) noexcept : most_(most) {}

    /// What makes two calls the same.
    struct sameness {
        const std::vector<std::string>& headers;     ///< their values
        const std::function<std::string()>& caller;  ///< who calls; empty: the headers say that

        /// All that, with server, method and arguments as they are encoded.
        FARCALL_DECL std::string key_of(const intercepted_call& call) const;
        /// Whether the key says who has called. Behind the call: attempts may have sent other values of these headers.
        FARCALL_DECL bool holds_behind(const intercepted_call& call) const;
    };

    /// The answer under a key; null: there is none. Valid until the next change.
    FARCALL_DECL const answer* find(std::string_view key);
    /// Replaces the answer under a key. One that is larger than the table is not kept, and neither is what it replaces.
    FARCALL_DECL void put(std::string key, answer kept);
    FARCALL_DECL void erase(std::string_view key);

    /// Of all entries.
    std::size_t bytes() const noexcept { return bytes_; }
    std::size_t size() const noexcept { return by_key_.size(); }

private:
    struct entry {
        std::string key;
        answer kept;
    };
    using place = std::list<entry>::iterator;

    static std::size_t bytes_of(const entry& one) noexcept;
    void remove(place which);

    /// What an entry costs apart from its texts, about.
    static constexpr std::size_t overhead = 200;

    std::size_t most_;
    std::size_t bytes_ = 0;
    std::list<entry> by_use_;  ///< the last one asked for first
    std::unordered_map<std::string_view, place> by_key_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/interceptor/impl/answer_table.ipp>
#endif
