#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <farcall/client/channel.hpp>
#include <farcall/client/client_target.hpp>
#include <farcall/client/make_client_framing.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/session/client_session.hpp>
#include <farcall/session/waiting_calls.hpp>
#include <farcall/transport/alarm.hpp>
#include <farcall/transport/duplex.hpp>
#include <farcall/transport/time_source.hpp>
#include <farcall/transport/transport.hpp>

namespace farcall::detail {

/// One connection of a client, with the calls that are on it.
///
/// What is under way on the transport owns the link, so that it ends when the executor's context does; then its calls
/// are abandoned.
/// @par Thread safety  Unsafe: lives on its executor.
class client_link final : public call_holder,
                          public duplex::owner,
                          public std::enable_shared_from_this<client_link> {
public:
    /// Who makes links: gets calls back that will not be sent here.
    class maker : public channel {
    public:
        /// Ends what was made, as the link's `finish` does.
        virtual void finish(const error& why) = 0;
        /// The link is being destroyed.
        virtual void forget(const client_link& link) noexcept = 0;
    };

    FARCALL_DECL client_link(std::shared_ptr<client_target> target, std::unique_ptr<byte_stream> stream);
    FARCALL_DECL ~client_link();

    /// Gets why the server has not agreed to the protocol; empty: it has.
    using opened_handler = std::function<void(const std::string& problem)>;

    /// Asks the server to speak the URL's protocol, where that has to be asked: then `done` is called, never from inside.
    /// @returns whether calls can be sent at once; `done` is dropped then
    FARCALL_DECL bool open(opened_handler done);
    /// Begins to read, and sends the calls that have waited for the connection. Once, after it was opened.
    FARCALL_DECL void begin(waiting_calls& waiting);
    /// Who gets calls back that were started here and will not be sent.
    void return_to(std::weak_ptr<maker> calls) { calls_ = std::move(calls); }
    /// Only while it `takes_calls`.
    FARCALL_DECL void start(outgoing_call& call);
    FARCALL_DECL void cancel(outgoing_call& call, const error& why) override;
    /// Ends it when what was started is sent. Only without calls that wait, but for one-way calls.
    FARCALL_DECL void finish(const error& why);
    /// Ends it; the calls on it are completed with `why`.
    FARCALL_DECL void close(const error& why);
    /// Whether a call can be sent on it and will be taken, as far as it is known here.
    bool takes_calls() const noexcept { return !ended_ && !session_.going_away() && wire_.writable(); }

private:
    friend class duplex;
    FARCALL_DECL std::size_t on_bytes(std::string_view bytes) override;
    std::size_t bytes_wanted() const override { return bytes_wanted_; }
    FARCALL_DECL bool may_keep_memory() override;
    void on_drained() override {}
    FARCALL_DECL bool on_end(std::string_view rest) override;
    FARCALL_DECL void on_closed(boost::system::error_code failure) override;

    void hand_back();
    void look_at(const client_session::progress& made);
    void refuse(outgoing_call& call);
    void send(outgoing_call& call);
    void put(outgoing_call& call);
    void flush(const text_apart& large = {});
    void close_if_useless();
    void close_if_spoilt();
    void watch(time_point when);
    void on_alarm();
    time_point keep_alive(time_point now);
    void ask(time_point now);
    void count_as_failed(const std::string& reason);
    void tell_up();
    void tell_down();
    std::string lost() const { return "the connection to " + target_->server.url() + " was lost: "; }
    const client_options& options() const noexcept { return target_->options; }

    /// Requests are sent as soon as this many bytes are pending, so that client and server work at the same time.
    static constexpr std::size_t early_flush = 4096;
    /// An alarm that comes later than this was not watched for: nobody drove the loop, or the machine stood still.
    static constexpr std::chrono::seconds unwatched{1};
    /// How long large memory is kept for the next message.
    static constexpr std::chrono::seconds rest_after{1};

    std::shared_ptr<client_target> target_;
    client_session session_;
    duplex wire_;
    alarm alarm_;
    std::optional<error> why_ended_;
    std::optional<error> finishing_;  ///< to be finished when the server has answered what was sent
    std::weak_ptr<maker> calls_;
    std::shared_ptr<maker> kept_;  ///< `calls_`, while it is to be finished: nobody else keeps it
    opened_handler opening_;  ///< null: the protocol is spoken
    std::uint64_t id_ = 0;    ///< of the client's connections; 0: it is none yet
    std::size_t bytes_wanted_ = 0;
    time_point rest_at_ = never;  ///< when memory is given back; `never`: there is none that is kept
    bool started_ = false;
    bool handling_ = false;
    bool ended_ = false;
    bool in_order_ = false;  ///< it is ended because nobody needs it any more

    // Whether the server is there:
    const time_point opened_at_;
    time_point heard_at_ = opened_at_;
    time_point answer_until_ = never;  ///< `never`: it was not asked
    bool heard_ = false;               ///< anything at all
    bool asked_again_ = false;
    bool looked_again_ = false;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/client_link.ipp>
#endif
