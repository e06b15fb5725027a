#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include <farcall/clock.hpp>
#include <farcall/codec/arriving_text.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/detail/limit_name.hpp>
#include <farcall/peer.hpp>
#include <farcall/protocol/frame.hpp>
#include <farcall/protocol/framing.hpp>
#include <farcall/protocol/request.hpp>
#include <farcall/server/calls_in_flight.hpp>
#include <farcall/server/connection_protocol.hpp>
#include <farcall/server/push_sink.hpp>
#include <farcall/server/reply_writer.hpp>
#include <farcall/server/reserved_calls.hpp>
#include <farcall/server/server_shared.hpp>
#include <farcall/server/write_watch.hpp>
#include <farcall/transport/duplex.hpp>

namespace farcall::detail {

class deadline_watch;
class deferred_call;
class incoming_call;
enum class stop_reason : std::uint8_t;

/// One client's connection: reads its messages, has the dispatcher answer them, writes the replies.
///
/// What it speaks is decided by its first bytes, once. All complete messages of a read are handled one after another,
/// and the replies leave together.
/// @par Thread safety  Unsafe: lives on its executor. `incoming_call` brings answers of other threads there.
class server_connection final : public duplex::owner,
                                public push_target,
                                public std::enable_shared_from_this<server_connection> {
public:
    /// @param room  where the connections of its thread read into; null: each for itself
    FARCALL_DECL server_connection(std::shared_ptr<server_shared> shared, std::unique_ptr<byte_stream> stream,
                                   boost::asio::any_io_executor executor, std::shared_ptr<deadline_watch> deadlines,
                                   worker_metrics* metrics, read_room* room, std::shared_ptr<farcall::peer> peer,
                                   std::shared_ptr<const error> refused, bool offers_pages);

    server_connection(const server_connection&) = delete;
    server_connection& operator=(const server_connection&) = delete;
    ~server_connection() { sink_->close(); }

    FARCALL_DECL void start();
    /// Tells the peer that no more calls are taken, refuses those that come all the same, answers those that were taken,
    /// then closes.
    FARCALL_DECL void drain();
    /// Closes at once: the peer asks for it, or breaks a limit. Handlers that still run are stopped.
    FARCALL_DECL void close();
    /// The same when the server stops at once: then all handlers are stopped.
    FARCALL_DECL void shut_down();
    /// Ends if one of the time limits has passed.
    FARCALL_DECL void check_time(time_point now);

    const boost::asio::any_io_executor& executor() const noexcept { return wire_.executor(); }
    /// @{ As they were when it was accepted, whatever the application makes of `peer()`.
    std::uint64_t id() const noexcept { return id_; }
    const std::string& accepted_from() const noexcept { return accepted_from_; }
    /// @}
    const std::shared_ptr<farcall::peer>& peer() const noexcept { return peer_; }
    server_shared& shared() const noexcept { return *shared_; }
    FARCALL_DECL std::stop_token stop();
    /// When the bytes came that are being handled.
    time_point arrived() const noexcept { return arrived_; }
    /// The time when the message that is being handled had its turn; some milliseconds early if others came before it and
    /// calls are not timed.
    time_point turn() {
        if (turn_is_old_) look_at_the_clock();
        return turn_;
    }
    /// The time when the bytes that are being handled were looked at.
    time_point read_at() const noexcept { return turn_; }
    /// What the protocol says of every call in the message that is being handled; null: nothing.
    const call_meta* around() const noexcept { return framing_ ? framing_->around() : nullptr; }
    /// Reads messages; a call that has to look at its own again uses it, too.
    request_reader& reader() noexcept { return reader_; }

    /// What is known already of a string in the message that is being handled; null: nothing.
    arriving_text* arriving() const noexcept { return arriving_.get(); }

    reply_writer& replies() noexcept { return replies_; }
    /// Whether messages may be sent that answer nothing.
    bool pushes() const noexcept { return native_ || (framing_ && framing_->pushes()); }
    /// Sends a message of the server's own, if the protocol can carry it.
    FARCALL_DECL void push(std::string_view message) override;
    /// Answers the message or element that `reader` has refused.
    FARCALL_DECL void refuse(reply_batch* batch);
    /// The same of one that was taken for a call first.
    void refuse(reply_batch* batch, call_account& account) {
        account.refused = true;
        refuse(batch);
    }
    /// Says why, and handles nothing more.
    /// @param limit  which one the peer has broken; empty: none
    FARCALL_DECL void close_with(const refusal& why, std::optional<limit_name> limit = {});

    /// @{ For metrics and observers: what the connection is called, a limit that refused a call on it or ends it,
    /// something that nobody gets.
    FARCALL_DECL connection_tag tag() const noexcept;
    FARCALL_DECL void limit_hit(limit_name limit) const;
    FARCALL_DECL void drop(std::string_view what, std::string_view which) const;
    /// @}

    /// The caller does not want the answer to the call of that id any more.
    void cancel(std::string_view id) { calls_.cancel(id); }

    /// @{ Calls whose answers come later: whether one more may, its beginning and its end.
    FARCALL_DECL bool may_enter() const noexcept;
    FARCALL_DECL void enter(deferred_call& call);
    FARCALL_DECL void leave(deferred_call& call, time_point now);
    /// @}

    /// An interceptor has given a call that has entered less time.
    void hasten(deferred_call& call, time_point deadline) noexcept { calls_.hasten(call, deadline); }
    /// Runs the handler of a call, which answers or defers it.
    /// @param entered  the call is one of those in flight already
    FARCALL_DECL void run_handler(incoming_call& call, const call_account& account, bool entered = false);
    reserved_calls& reserved() noexcept { return reserved_; }

    /// @{ Bytes that a call holds while it waits, which count against `limits::buffered`.
    void hold(std::size_t bytes) noexcept { held_by_calls_ += bytes; }
    FARCALL_DECL void release(std::size_t bytes) noexcept;
    /// @}

    /// After an answer that came later: sends it, unless a read is being handled and will.
    FARCALL_DECL void answered_later(time_point now);

    /// Whether pages are shown at the address that it came to.
    bool offers_pages() const noexcept { return offers_pages_; }
    /// Whether there is no room for it, so that it is told why and closed.
    bool turned_away() const noexcept { return refused_ != nullptr; }
    bool closed() const noexcept { return closed_; }
    /// Whether calls go on that do not end with the connection.
    bool busy() const noexcept { return !calls_.empty(); }

private:
    friend class duplex;
    FARCALL_DECL std::size_t on_bytes(std::string_view bytes) override;
    std::size_t bytes_wanted() const override { return bytes_wanted_; }
    bool may_keep_memory() override { return !short_of_memory(); }
    FARCALL_DECL void on_drained() override;
    FARCALL_DECL bool on_end(std::string_view rest) override;
    FARCALL_DECL void on_closed(boost::system::error_code failure) override;

    bool undecided() const noexcept { return !native_ && !framing_; }
    bool choose_protocol(std::string_view bytes);
    std::size_t handle_native(std::string_view bytes);
    void look_ahead(std::string_view front, std::size_t length);
    std::size_t handle_framed(std::string_view bytes);
    void take_step(framing_step& step);
    void attach_sink();
    void speak(connection_protocol now);
    void flush_early();
    void close_if_silent(time_point now);
    void on_message(message_kind kind, std::string_view text);
    void on_batch(std::string_view text);
    void on_foreign(std::size_t bytes);
    /// @param unfit  why the call cannot be run, which is told once it may be made; null: nothing is known against it
    FARCALL_DECL void look_at_the_clock();
    void dispatch(std::string_view text, const std::shared_ptr<reply_batch>& batch, std::size_t bytes,
                  const error* unfit = nullptr);
    void dispatch_seldom(std::string_view text, const std::shared_ptr<reply_batch>& batch, call_account& account,
                         const error* unfit);
    /// In line, for every call comes by: there is one place for those that nobody watches, and one for the others.
    [[gnu::always_inline]] bool run_call(std::string_view text, const std::shared_ptr<reply_batch>& batch,
                                         call_account& account, const error* unfit);
    bool intercept(std::string_view text, const std::shared_ptr<reply_batch>& batch, call_account& account,
                   const error* unfit = nullptr);
    bool no_method(std::string_view text, const std::shared_ptr<reply_batch>& batch, call_account& account);
    void unknown_method(std::string_view text, const std::shared_ptr<reply_batch>& batch, call_account& account);
    void refuse_message(reply_batch* batch);
    void ended(const call_account& account);
    /// Whether the turns and ends of calls are looked at the clock for.
    bool timed() const noexcept { return metrics_ != nullptr || watched_; }
    std::shared_ptr<call_details> see(const request_view& request) const;
    void tell(const call_account& account, time_point now) const;
    void tell_up() const;
    void tell_down(boost::system::error_code failure) const;
    void close_because(limit_name limit);
    void finish_if_drained();
    void close_when_sent();
    /// @param done_with  received bytes that are counted still, but have been handled
    void publish_buffered(std::size_t done_with = 0);
    void enforce_buffered(std::size_t done_with = 0);
    /// Whether memory that only saves time is better left to others.
    FARCALL_DECL bool short_of_memory() const noexcept;

    /// Replies are sent as soon as this many bytes are pending, so that client and server work at the same time.
    static constexpr std::size_t early_flush = 4096;
    /// How long the end of a peer is awaited to which everything has been said.
    static constexpr std::chrono::seconds last_words{2};
    /// How long a new connection that says nothing is waited for when the server stops.
    static constexpr std::chrono::milliseconds first_words{250};
    /// After which a connection that is silent gives back memory that it does not need for that.
    static constexpr std::chrono::seconds rest_after{1};
    /// Connections that hold less are not to blame when all together hold too much.
    static constexpr std::size_t blameless = 64u << 10;

    std::shared_ptr<server_shared> shared_;
    worker_metrics* metrics_;  ///< null: nothing is counted
    std::shared_ptr<farcall::peer> peer_;
    std::shared_ptr<const error> refused_;  ///< why there is no room for it; null: there is
    std::uint64_t id_;
    std::string accepted_from_;
    duplex wire_;
    write_watch writes_;
    std::unique_ptr<framing> framing_;  ///< null: native frames, or not decided yet
    frame_reader frames_;
    request_reader reader_;
    calls_in_flight calls_;
    reply_writer replies_;
    reserved_calls reserved_{*this};
    std::shared_ptr<push_sink> sink_;
    static constexpr long own_sinks = 2;  ///< this one and the peer's; the others are the application's
    std::stop_source stop_{std::nostopstate};  ///< without a state until somebody looks at it
    std::size_t bytes_wanted_ = 0;
    std::unique_ptr<arriving_text> arriving_;  ///< of a long message that is not there yet; null: there was none
    std::string why_closed_;          ///< for observers; empty: nothing was wrong
    std::string last_id_;             ///< of the last call that was taken in an earlier read
    std::string_view last_id_now_{};  ///< the same of this read
    std::size_t held_by_calls_ = 0;  ///< that wait
    std::size_t published_ = 0;  ///< this connection's part of `server_shared::buffered`
    time_point arrived_;
    time_point turn_;
    time_point last_message_;
    dispatcher::memo last_method_;  ///< that was called
    const bool offers_pages_;
    const bool watched_;  ///< observers see calls
    const bool plain_;    ///< nobody but the handler sees calls: no interceptor, no observer
    connection_protocol protocol_ = connection_protocol::undecided;
    bool native_ = false;
    bool handling_ = false;
    bool turn_is_old_ = false;  ///< a handler ran since the clock was looked at
    bool held_over_ = false;   ///< reading was paused before all that had arrived was handled
    bool reply_awaited_ = false;  ///< reading was paused because the framing has one message at a time
    bool foreign_ = false;         ///< it speaks a dialect, so it does not know the names of the server
    bool speaks_farcall_ = false;  ///< it has sent what only our clients send
    bool ended_ = false;           ///< the peer has ended its side, and waits for its answers
    bool draining_ = false;
    bool shut_down_ = false;
    bool stopped_ = false;  ///< whether `stop_` was told, or would have been
    bool forgotten_ = false;
    std::atomic<bool> closed_{false};  ///< a call that is given up looks at it on any thread
    bool any_message_ = false;
    bool lively_ = false;  ///< whether the read that is handled brought more than side messages
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/server_connection.ipp>
#include <farcall/server/impl/server_connection_calls.ipp>
#include <farcall/server/impl/server_connection_watch.ipp>
// Here, because they need the connection.
#include <farcall/server/impl/calls_in_flight.ipp>
#include <farcall/server/impl/reserved_calls.ipp>
#endif
