#pragma once

#include <optional>
#include <string_view>

#include <farcall/detail/config.hpp>
#include <farcall/error.hpp>
#include <farcall/session/once_session.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// Where the exactly-once calls of a client get their numbers: tells `once_session` what happens, and the calls what it
/// decides. One hello is made for all that wait, again and again as long as somebody does.
///
/// @par Thread safety  Unsafe: used on the I/O thread only.
class once_line {
public:
    /// A call that may have to wait: derive from it.
    class waiter : public once_session::member {
    public:
        /// It has its number, or knows that the server has sessions if it entered without. Maybe from inside of `enter`.
        virtual void turn() = 0;
        /// No session can be had, and it has been taken out of the line.
        virtual void refused(const error& why) = 0;
        /// It is the one to make the hello: `hello` follows, and one of `opened` and `not_opened`.
        virtual void open_session() = 0;

    protected:
        ~waiter() = default;
    };

    once_line() = default;
    once_line(const once_line&) = delete;
    once_line& operator=(const once_line&) = delete;

    /// @{ See `once_session`.
    FARCALL_DECL void enter(waiter& call);
    FARCALL_DECL void enter_unnumbered(waiter& call);
    FARCALL_DECL void leave(waiter& call);
    /// Instead of `leave` where nothing may run any more.
    void abandoned(waiter& call) { session_.leave(call); }
    void forgotten(waiter& call) { session_.forgotten(call); }
    bool lost(const waiter& call) const { return session_.lost(call); }
    bool offered() const noexcept { return session_.offered(); }
    /// @}

    /// @{ A hello is under way, has failed and is repeated, has ended.
    void hello(outgoing_call& call) noexcept { hello_ = &call; }
    void hello_failed(const error& why) { problem_ = why; }
    FARCALL_DECL void opened(std::string_view answer);
    FARCALL_DECL void not_opened(const error& why);
    /// @}

    /// Why there is no session yet, if the last hello failed.
    const std::optional<error>& problem() const noexcept { return problem_; }

private:
    void advance(waiter& by);
    void take_turns();

    once_session session_;
    outgoing_call* hello_ = nullptr;  ///< null: none is under way
    std::optional<error> problem_;
    bool in_vain_ = false;  ///< the hello under way was given up, as nobody waited for it
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/once_line.ipp>
#endif
