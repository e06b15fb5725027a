#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include <farcall/detail/config.hpp>
#include <farcall/detail/text_buffer.hpp>

namespace farcall::detail {

/// Whether a server, and each of its services, wants calls: what load balancers ask for.
///
/// The server as a whole does while it runs and neither drains nor was told otherwise. What is said of one service does
/// not change what is said of the server.
/// @par Thread safety  Services are added before the server starts; everything else is safe.
class health {
public:
    /// Where the server is in its life.
    enum class phase : std::uint8_t { starting, running, draining };

    void add_service(std::string_view name) { services_.emplace_back(name); }
    void enter(phase now) noexcept { phase_.store(now, std::memory_order_relaxed); }

    /// @param service  one that was added; empty: the server as a whole
    /// @returns false if there is no such service
    FARCALL_DECL bool set(std::string_view service, bool serving) noexcept;

    /// @param service  as for `set`
    /// @returns nothing if there is no such service
    FARCALL_DECL std::optional<bool> serving(std::string_view service) const noexcept;

    /// Appends `{"status":"serving"}`, of the server with all its services.
    /// @param service  as for `set`; there must be one of that name
    FARCALL_DECL void append(text_buffer& out, std::string_view service) const;

private:
    struct entry {
        explicit entry(std::string_view text) : name(text) {}
        std::string name;
        std::atomic<bool> serving{true};
    };

    bool calls_are_wanted() const noexcept { return phase_.load(std::memory_order_relaxed) == phase::running; }

    std::atomic<phase> phase_{phase::starting};
    std::atomic<bool> serving_{true};
    std::deque<entry> services_;  ///< entries do not move
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/health.ipp>
#endif
