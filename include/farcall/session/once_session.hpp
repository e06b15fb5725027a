#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <farcall/detail/config.hpp>
#include <farcall/detail/linked_list.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// What a client decides about its calls that shall run exactly once: which wait for a session, which number each one
/// gets, which the server need not remember any more.
///
/// A session is opened when the first call needs one, and again when the server has forgotten it. Numbers count from 1.
/// A call keeps its number through all its attempts, until its caller has been told the end; what the server is told as
/// `ack` is the first number without an end, and no number is given out that is `window` or more beyond it. Calls that
/// must wait do so in the order in which they came.
///
/// It sends nothing: the user of this class opens sessions (`wants_opening`) and makes the attempts (`next`).
/// @par Thread safety  Unsafe.
/// @see DESIGN section 6
class once_session {
    struct numbering;

public:
    /// A call: derive from it. Owned by its user; from `enter` to `leave` it must stay where it is.
    class member : public list_link {
    public:
        /// What goes with each attempt; null while it has no number.
        const session_stamp* number() const noexcept { return of_ ? &stamp_ : nullptr; }
        /// Whether it waits in the line.
        bool waits() const noexcept { return linked(); }

    protected:
        ~member() = default;

    private:
        friend class once_session;
        session_stamp stamp_{};
        std::uint64_t turn_ = 0;  ///< which one it was to enter
        std::shared_ptr<numbering> of_;  ///< the session that its number belongs to
        bool unnumbered_ = false;
    };

    /// What a server may say at most of its window; more is cut to it.
    static constexpr std::uint64_t most_window = 1u << 16;

    once_session() = default;
    once_session(const once_session&) = delete;
    once_session& operator=(const once_session&) = delete;

    /// Puts a call at the end of the line, for a number of the next session that has one to give.
    FARCALL_DECL void enter(member& call);
    /// The same for a call that needs no number, but a server that knows sessions.
    FARCALL_DECL void enter_unnumbered(member& call);

    /// Takes the first call of the line whose turn has come; null if there is none. Its attempts may begin.
    ///
    /// To be asked again and again after each of the other functions.
    FARCALL_DECL member* next();

    /// The call has ended: its number, or its place in the line, is not needed any more. Of a call that is neither in
    /// the line nor has a number: does nothing.
    FARCALL_DECL void leave(member& call);

    /// Whether calls wait for a session and nobody opens one yet.
    bool wants_opening() const noexcept { return !line_.empty() && stage_ == stage::closed; }
    /// Whether nobody waits for the session that is being opened.
    bool opening_in_vain() const noexcept { return line_.empty() && stage_ == stage::opening; }
    /// The user has begun to open a session; `opened` or `not_opened` follows.
    void opening() noexcept { stage_ = stage::opening; }
    /// @param window  how far numbers may run ahead of the first call without an end; at least 1
    FARCALL_DECL void opened(std::string id, std::uint64_t window);
    /// There is no session; the line stays.
    void not_opened() noexcept { stage_ = stage::closed; }
    /// The first call that waits; null: none does.
    member* waiting() const noexcept { return line_.front(); }
    /// Which call entered last.
    std::uint64_t last() const noexcept { return entered_; }
    /// Takes a call out of the line, the first first, of those that entered up to `last`; null: there is none.
    FARCALL_DECL member* take_waiting(std::uint64_t last);

    /// Whether the server has ever opened a session for this client.
    bool offered() const noexcept { return offered_; }

    /// The server has forgotten the session that this call has its number from. That session gives no more numbers, and
    /// none of its calls gets an answer by another attempt. The call itself is as if it had not entered.
    FARCALL_DECL void forgotten(member& call);
    /// Whether `forgotten` was called for a call of the same session. Only with a number.
    FARCALL_DECL bool lost(const member& call) const;

private:
    enum class stage : std::uint8_t { closed, opening, open };

    void append(member& call);

    linked_list<member> line_;  ///< of those that wait
    std::shared_ptr<numbering> current_;
    std::uint64_t entered_ = 0;
    stage stage_ = stage::closed;
    bool offered_ = false;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/session/impl/once_session.ipp>
#endif
