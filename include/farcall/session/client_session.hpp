#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <farcall/clock.hpp>
#include <farcall/codec/arriving_text.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/detail/text_apart.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/error.hpp>
#include <farcall/limits.hpp>
#include <farcall/observe/observer.hpp>
#include <farcall/protocol/client_framing.hpp>
#include <farcall/protocol/frame.hpp>
#include <farcall/protocol/meta.hpp>
#include <farcall/protocol/plain_request.hpp>
#include <farcall/protocol/response.hpp>
#include <farcall/session/call_table.hpp>
#include <farcall/session/deadline_queue.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall {
class json;
}

namespace farcall::detail {

/// What the client's side of one connection decides: which calls wait, what an arriving message means for them, which
/// have waited too long. It does no I/O; time and bytes come from outside.
///
/// A completed call may start others from inside `complete`: every function allows that.
/// @par Thread safety  Unsafe.
class client_session {
public:
    /// @param framing  what is spoken on the connection; null: native frames
    explicit client_session(const limits& bounds, std::unique_ptr<client_framing> framing = nullptr)
        : limits_(bounds), frames_(bounds.frame), reader_(bounds), framing_(std::move(framing)) {}

    /// Asks the server to speak the connection's protocol, where that has to be asked. Once, before anything else.
    /// @returns whether calls may be sent at once; otherwise when `on_bytes` says `opened`
    FARCALL_DECL bool open(text_buffer& out);

    /// Appends the call's frame to `out` and waits for its answer; a one-way call is completed at once, unless it
    /// `keeps_one_way`, and so is one whose frame is longer than any peer takes. Not after `going_away`.
    ///
    /// @param out    here as everywhere: what the connection sends, from a frame's beginning to the last byte that was
    ///               appended by this session, without what is on its way already
    /// @param apart  gets a large text that is not appended, but belongs into `out`, from where it goes out before anything
    ///               else happens; null: everything is appended
    void start(outgoing_call& call, text_buffer& out, time_point now, text_apart* apart = nullptr) {
        const bool short_one = call.params.size() < text_apart::least && call.lent == nullptr;
        if (call.plain && !framing_ && short_one && now < call.deadline && start_plain(call, out, now)) return;
        start_any(call, out, now, apart);
    }

    /// Gives up a call that waits: completes it with `why`, and a later answer is dropped.
    ///
    /// A call whose frame still lies in `out` is never sent, and `executed: no`. Of others the peer is told by
    /// `rpc.cancel`, unless `call.keep_running`.
    FARCALL_DECL void cancel(outgoing_call& call, const error& why, text_buffer& out);

    /// What `on_bytes` did.
    struct progress {
        std::size_t consumed = 0;  ///< bytes that are done with
        std::size_t wanted = 0;    ///< bytes that make the rest a whole message, if known
        /// Set if the peer broke the protocol: the connection must be closed with this error.
        const error* broken = nullptr;
        bool last_words = false;  ///< what lies in the output is to be sent before the connection is closed
        bool opened = false;  ///< the server has agreed to what `open` asked
    };

    /// Takes what has arrived and completes the calls that are answered in it.
    ///
    /// A ping is answered in `out`. A goaway completes the calls that the peer will not take, with `executed: no`.
    FARCALL_DECL progress on_bytes(std::string_view bytes, text_buffer& out);

    /// The peer has ended its side behind `rest`, which was no whole message so far: in some protocols it is one now.
    FARCALL_DECL progress on_end(std::string_view rest, text_buffer& out);

    /// Whether the peer takes no more calls: what was taken is answered, and the connection has no use then.
    bool going_away() const noexcept { return going_away_; }
    /// Whether the connection is to be closed at once, because a call has ended whose answer the others would have to
    /// wait for: those that are `take_unsent` may be started on another one.
    bool spoilt() const noexcept { return spoilt_; }

    /// The earliest deadline of the calls that wait; `never` if none has one.
    time_point next_deadline() const { return deadlines_.next(); }
    /// Gives up the calls whose deadline is not after `now`, as `cancel` does.
    FARCALL_DECL void expire(time_point now, text_buffer& out);

    /// Asks the peer whether it is there: whatever comes from it afterwards says yes. Only if it `can_ping`.
    FARCALL_DECL void ping(text_buffer& out);
    /// Whether the protocol has such a question.
    bool can_ping() const noexcept { return side_messages(); }

    /// Takes out a call that was started and will never be sent here, because the server takes no more on this
    /// connection: it may be started on another one.
    /// @returns null: there is none
    FARCALL_DECL outgoing_call* take_unsent();

    /// What is said before the connection is ended in order; nothing may be appended behind it.
    /// @returns false if the protocol has no such words
    FARCALL_DECL bool farewell(text_buffer& out);
    /// Whether one-way calls wait as the others do, until the server has said that it has them: they may be held back,
    /// and `take_unsent` then. One without a deadline waits for a minute.
    bool keeps_one_way() const noexcept { return framing_ && framing_->answers_all(); }

    /// What is called for notifications that have no meaning here; must live as long as the session.
    void on_notification(const std::function<void(std::string_view, const json&)>& function) noexcept {
        told_ = &function;
    }

    /// Who is told of goaways, limits and what nobody gets, and what they call this connection; both must live as long
    /// as the session.
    void watch(const observers& all, const connection_tag& tag) noexcept {
        watched_ = &all;
        tag_ = tag;
    }

    /// The connection is lost: completes every call, with `executed: no` if no byte of it was sent.
    /// @param written  bytes that were handed to the system since the session began
    FARCALL_DECL void lose(const error& why, std::uint64_t written);

    /// Abandons every call, see `outgoing_call::abandon`.
    FARCALL_DECL void abandon();

    std::size_t waiting() const { return calls_.size(); }
    /// Bytes of calls that are not in the output yet, because their turn has not come.
    std::size_t held() const noexcept { return framing_ ? framing_->held() : 0; }

private:
    void start_any(outgoing_call& call, text_buffer& out, time_point now, text_apart* apart);
    bool start_plain(outgoing_call& call, text_buffer& out, time_point now);
    progress read_native(std::string_view bytes);
    void look_ahead(std::string_view front, std::size_t length);
    progress read_framed(std::string_view bytes, text_buffer& out);
    void take_step(const client_step& step, progress& made);
    std::size_t begin_message(text_buffer& out);
    [[nodiscard]] bool end_message(text_buffer& out, std::size_t mark, std::uint64_t id, const outer_fields& fields,
                                   std::size_t apart = 0);
    bool side_messages() const noexcept { return !framing_ || framing_->side_messages(); }
    void on_message(std::string_view text);
    void on_any_message(std::string_view text);
    void on_response(std::string_view text, bool in_batch);
    void complete(outgoing_call& call, std::string_view text, bool in_batch);
    void end_with_meta(outgoing_call& call, std::string_view text, bool in_batch);
    error malformed_answer() const;
    void on_other(reply_kind kind);
    void on_goaway(std::string_view params);
    /// Of a call that has been taken out: sees to it that it is not run in vain. What can be said of it then.
    executed take_back(const outgoing_call& call, text_buffer& out);
    /// Appends the frame of a message of our own, which `write(out)` writes.
    template <class Write>
    void append_message(text_buffer& out, Write write);
    static void end(outgoing_call& call, const reply& how);
    static void fail(outgoing_call& call, const error& why) { end(call, {.failure = &why}); }
    void break_off(std::string message);
    /// Something came that nobody gets.
    [[gnu::noinline]] void drop_late(std::uint64_t id) const { drop("late answer", std::to_string(id)); }
    void drop(std::string_view what, std::string_view which) const {
        if (watched_ != nullptr) watched_->tell(drop_event{tag_, what, which});
    }

    /// A peer that sends pings and reads nothing gets no more answers than this many bytes hold.
    static constexpr std::size_t room_for_pongs = 4096;
    /// Nobody gives up a one-way call, and those behind it would wait for ever.
    static constexpr std::chrono::seconds longest_one_way{60};

    limits limits_;
    frame_reader frames_;
    response_reader reader_;
    std::unique_ptr<client_framing> framing_;  ///< null: native frames
    call_table calls_;
    std::unique_ptr<arriving_text> arriving_;  ///< of a long message that is not there yet; null: there was none
    deadline_queue deadlines_;
    timeout_meta timeout_;  ///< of the last call
    plain_requests plain_;
    std::uint64_t appended_ = 0;  ///< bytes so far, with those that are held back
    std::uint64_t pings_ = 0;     ///< that were sent
    std::optional<std::uint64_t> pong_;  ///< the number of a ping that is not answered yet
    std::optional<error> broken_;
    const std::function<void(std::string_view, const json&)>* told_ = nullptr;
    const observers* watched_ = nullptr;
    connection_tag tag_;
    bool going_away_ = false;
    bool spoilt_ = false;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/session/impl/client_session.ipp>
#include <farcall/session/impl/client_session_requests.ipp>
#endif
