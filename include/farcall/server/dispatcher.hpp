#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/detail/config.hpp>
#include <farcall/detail/same_text.hpp>
#include <farcall/detail/sip_hash.hpp>
#include <farcall/error.hpp>
#include <farcall/method.hpp>
#include <farcall/server/method_entry.hpp>

namespace farcall {

namespace detail {

/// The run-time table from a method's name to what runs it.
///
/// Filled before the server starts, only read afterwards. A look-up hashes the name in place and makes no string.
/// @par Thread safety  Safe to read.
class dispatcher {
public:
    /// Adds methods under their wire names and aliases: all of them or, if it throws, none.
    /// @par Errors  `already_exists` if a name is taken, `invalid_argument` if it begins with the reserved "rpc."
    FARCALL_DECL void add(std::vector<method_entry> entries);

    /// @returns null if there is no such method
    FARCALL_DECL const method_entry* find(std::string_view name) const noexcept;

    /// What was looked up last; of no use to another dispatcher.
    struct memo {
        std::string_view name{};
        const method_entry* entry = nullptr;
    };
    /// The same for one who asks for the same name again and again: once the server runs, when names stay.
    const method_entry* find(std::string_view name, memo& last) const noexcept {
        if (last.entry != nullptr && same_text(name, last.name)) return last.entry;
        return find_new(name, last);
    }

    /// The only method of that name among all services, `add` for `Calculator.add`.
    /// @returns null if there is none, or more than one
    FARCALL_DECL const method_entry* find_bare(std::string_view name) const noexcept;

    /// Up to three names that `name` may have been meant to be, for an error text; empty if none is near.
    FARCALL_DECL std::vector<std::string_view> nearest(std::string_view name) const;

    /// What the caller of a name that is not there is told.
    FARCALL_DECL error missing(std::string_view name) const;

    /// In the order of their names, aliases left out.
    FARCALL_DECL std::vector<const method_entry*> sorted() const;

    std::size_t size() const noexcept { return entries_.size(); }

private:
    struct slot {
        std::string name;
        std::uint64_t hash = 0;
        const method_entry* entry = nullptr;
    };

    FARCALL_DECL const method_entry* find_new(std::string_view name, memo& last) const noexcept;
    const slot* look_up(std::string_view name) const noexcept;
    void add_name(std::string_view name, const method_entry& entry);
    void check_names(const std::vector<method_entry>& entries) const;
    void place(slot added);

    std::deque<method_entry> entries_;
    std::vector<slot> slots_;  ///< open addressing, a power of two, at most half full
    std::size_t names_ = 0;
};

}  // namespace detail
}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/dispatcher.ipp>
#endif
