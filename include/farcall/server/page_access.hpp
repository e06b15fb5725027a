#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/detail/config.hpp>
#include <farcall/page_options.hpp>

namespace farcall::detail {

/// Decides who may see what a server tells of itself: a page, or the call that says the same.
///
/// @par Thread safety  Safe: it does not change.
/// @see page_options; RFC 9110, section 11; RFC 7617 and RFC 6750
class page_access {
public:
    enum class verdict : std::uint8_t {
        shown,
        absent,  ///< as if there were no such page
        locked   ///< a token is missing, or wrong
    };

    /// @par Errors  `farcall::error`, `invalid_argument`: the options cannot be meant so
    FARCALL_DECL explicit page_access(const page_options& chosen);

    /// @param path           of the page, such as "/openrpc.json"
    /// @param offered        whether pages are shown at the address that was asked
    /// @param authorization  value of the header of that name; empty: there is none
    FARCALL_DECL verdict look(std::string_view path, bool offered, std::string_view authorization) const;

    /// Whether the page is there for nobody.
    FARCALL_DECL bool hidden(std::string_view path) const noexcept;
    /// Paths that are hidden one by one.
    const std::vector<std::string>& hidden_paths() const noexcept { return hidden_; }

private:
    bool knows(std::string_view token) const noexcept;

    std::vector<std::string> hidden_;
    std::vector<std::string> tokens_;
    bool hides_all_ = false;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/page_access.ipp>
#endif
