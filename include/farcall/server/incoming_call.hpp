#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <farcall/codec/json_writer.hpp>
#include <farcall/context.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/detail/linked_list.hpp>
#include <farcall/interceptor/intercepted_call.hpp>
#include <farcall/protocol/message_writer.hpp>
#include <farcall/protocol/meta.hpp>
#include <farcall/protocol/request.hpp>
#include <farcall/server/call_account.hpp>
#include <farcall/server/recorded_call.hpp>
#include <farcall/server/recorded_run.hpp>
#include <farcall/server/recorder.hpp>
#include <farcall/server/reply_batch.hpp>
#include <farcall/server/served_call.hpp>
#include <farcall/service/read_arguments.hpp>
#include <farcall/session/deadline_queue.hpp>

namespace farcall::detail {

class arriving_text;
class server_connection;
class server_interception;

/// What the caller wants to know beside the answer.
struct asked_notes {
    time_point arrived{};                ///< when the call came
    const metadata* trailers = nullptr;  ///< of the handler's context; null: it has none, or not yet
};

/// Where the answer to one call goes, and in which form. The connection is used on its executor only.
struct reply_route {
    server_connection* connection = nullptr;
    std::string_view id{};  ///< raw text; empty: a notification, whose answer goes nowhere
    reply_batch* batch = nullptr;
    call_account* account = nullptr;  ///< of the call; never null
    recorded_run* run = nullptr;  ///< of an exactly-once call: the answer is recorded there before it is sent
    const asked_notes* asked = nullptr;  ///< null: the caller did not ask for anything beside the answer
    server_interception* chain = nullptr;  ///< null: no interceptor sees the answer first

    /// Answers with what `encode(json_writer&)` writes; if that fails, with an error that says why. If it throws, there
    /// is no answer.
    /// @tparam Stays  what it writes by `string_that_stays` stays until this returns
    template <bool Stays = false, class Encode>
    void succeed(Encode&& encode) const {
        if (id.empty() && run == nullptr && chain == nullptr) return;
        const auto [out, start] = begin_result();
        json_writer writer{*out};
        [[maybe_unused]] text_apart large;
        if constexpr (Stays) {
            if (leaves_out()) writer.leave_out(large);
        }
        bool good = false;
        try {
            good = std::forward<Encode>(encode)(writer);
        } catch (...) {
            // A codec of the user's threw: half a reply would spoil those behind it.
            take_back();
            throw;
        }
        if (!good || !writer.ok()) return cannot_encode(writer.error());
        if constexpr (Stays) {
            if (!large.text.empty()) return end_large_result(start, large);
        }
        end_result(start);
    }

    /// Answers with an error.
    FARCALL_DECL void fail(const error& why) const;
    /// Answers with a reply that was recorded, the text of a response from its member `result` or `error` on; not if the
    /// connection has been lost meanwhile.
    FARCALL_DECL void replay(std::string_view reply) const;

private:
    bool direct() const noexcept;
    text_buffer& apart() const noexcept;
    /// Where a response is written, and where it begins there.
    struct opened {
        text_buffer* out;
        std::size_t start;
    };
    FARCALL_DECL opened begin_result() const;
    FARCALL_DECL void end_result(std::size_t start) const;
    /// @{ Whether the answer goes nowhere but out, so that a large text need not be copied; and its end, which sends it.
    FARCALL_DECL bool leaves_out() const noexcept;
    FARCALL_DECL void end_large_result(std::size_t start, const text_apart& large) const;
    /// @}
    void end(std::size_t start) const;
    void end_in_connection(std::size_t start) const;
    void too_long(const char* limit) const;
    FARCALL_DECL void add_notes(text_buffer& out) const;
    FARCALL_DECL void take_back() const;
    FARCALL_DECL void cannot_encode(const codec_error& why) const;
};

/// What the caller is told of a result that has no JSON form.
FARCALL_DECL error unencodable(const codec_error& why);

/// The failure that a reply tells of which was recorded, the text of a response from its member `error` on.
FARCALL_DECL error failure_of_reply(std::string_view reply);

/// What the caller is told of a call that is not begun because its deadline has passed.
FARCALL_DECL error late_error();

/// What the caller is told of a call that is one too many on its connection.
FARCALL_DECL error too_many_error(const server_connection& connection);

/// Why a call's answer is not wanted any more.
enum class stop_reason : std::uint8_t {
    none,       ///< it is wanted
    cancelled,  ///< the caller said so
    expired,    ///< the deadline has passed
    lost,       ///< the caller's connection has ended
    shut_down   ///< the server stops at once
};

/// A call whose answer comes after the read loop has gone on: a coroutine's or a worker thread's.
///
/// Holds what must outlive the message: the connection, the id, the context. Whoever holds it answers once; without
/// an answer its end makes one, so that no caller waits for ever. Until then it is one of its connection's calls in
/// flight and counts against `limits::in_flight`, whether or not anybody still wants the answer.
/// @par Thread safety  Unsafe: lives on the connection's executor, but for what says otherwise.
class deferred_call final : public list_link, public deadline_entry, public recorded_attempt {
public:
    /// Enters the connection's calls in flight.
    /// @param stop  what the context's token belongs to; without a state if the handler does not look at it
    FARCALL_DECL deferred_call(std::shared_ptr<server_connection> connection, std::string_view id,
                               std::shared_ptr<reply_batch> batch, const call_account& account, farcall::context call,
                               std::stop_source stop);
    /// The same of what answers a call that is on its way through interceptors, which is in flight as a whole: this is not.
    FARCALL_DECL deferred_call(std::shared_ptr<server_interception> chain, std::shared_ptr<server_connection> connection,
                               std::string_view id, const call_account& account, farcall::context call,
                               std::stop_source stop);
    deferred_call(const deferred_call&) = delete;
    deferred_call& operator=(const deferred_call&) = delete;
    FARCALL_DECL ~deferred_call();

    /// Belongs to the handler while that runs, on whatever thread.
    farcall::context& context() noexcept { return context_; }
    FARCALL_DECL const boost::asio::any_io_executor& executor() const noexcept;
    /// The id's own text; empty: a notification.
    std::string_view id() const noexcept { return id_; }
    const call_account& account() const noexcept { return account_; }
    call_account& account() noexcept { return account_; }
    /// @{ It waits for a thread; and has one, on which the handler begins now.
    FARCALL_DECL void await_thread();
    FARCALL_DECL void begin() noexcept;
    /// @}
    /// How long it has waited for a thread.
    FARCALL_DECL time_point::duration waited() const;
    /// The caller wants to know what there is beside the answer to a call that came then.
    void asked(time_point arrived) noexcept { asked_ = {arrived, &context_.trailers()}; }

    /// @{ Cancellation.
    /// Where the handler's coroutine listens.
    boost::asio::cancellation_slot slot() noexcept { return signal_.slot(); }
    /// Tells the handler that nobody waits any more: by the context's stop token and by `slot`. The first reason counts.
    FARCALL_DECL void stop(stop_reason why);
    /// Whether and why it was stopped. On any thread.
    stop_reason stopped() const noexcept { return stopped_.load(std::memory_order_acquire); }
    /// A lost connection does not stop this call: another attempt may come for its answer.
    FARCALL_DECL void keep_running() noexcept;
    bool keeps_running() const noexcept { return keeps_running_; }
    /// @}

    /// @{ Of an exactly-once call: its handler answers this one, or this one waits for the reply to another attempt. A
    /// lost connection stops neither.
    FARCALL_DECL void carry(run_owner run);
    FARCALL_DECL void join(std::shared_ptr<recorded_run> run, bool superseding);
    FARCALL_DECL void run_ended(std::shared_ptr<recorded_run> run) override;
    FARCALL_DECL void stop_later(stop_reason why) override;
    /// @}

    /// Why a handler that has not begun should not begin; nothing if it should. On any thread.
    FARCALL_DECL std::optional<error> refusal() const;
    /// What a handler's failure is to the caller: `told`, or that the handler was stopped if that is what `thrown` says.
    /// On any thread.
    FARCALL_DECL error failure_of(const std::exception_ptr& thrown, error told) const;

    /// @{ The answer.
    template <bool Stays = false, class Encode>
    void succeed(Encode&& encode) {
        if (answered_) return;
        if (wanted() || own_run_ || chain_) route().template succeed<Stays>(std::forward<Encode>(encode));
        answered_ = true;
        done();
    }
    FARCALL_DECL void fail(const error& why);
    /// @}

    /// @{ The answer on any other thread: the value is encoded there, the text is sent by the connection.
    template <class Encode>
    static void succeed_from_thread(deferred_pointer call, Encode&& encode) {
        text_buffer text;
        json_writer writer{text};
        if (std::forward<Encode>(encode)(writer) && writer.ok())
            post_result(std::move(call), std::move(text));
        else
            post_failure(std::move(call), unencodable(writer.error()));
    }
    FARCALL_DECL static void post_result(deferred_pointer call, text_buffer text);
    FARCALL_DECL static void post_failure(deferred_pointer call, error why);
    /// @}

    /// @{ For `deferred_pointer`.
    void add_holder() noexcept { holders_.fetch_add(1, std::memory_order_relaxed); }
    void remove_holder() noexcept {
        if (holders_.fetch_sub(1, std::memory_order_acq_rel) == 1) give_up(this);
    }
    /// @}

    /// Null if nobody holds it any more, and its end is on the way. On any thread.
    FARCALL_DECL deferred_pointer lock() noexcept;
    /// Counts against no limit any more, and as ended. Once is enough.
    FARCALL_DECL void leave_flight(time_point now);

private:
    FARCALL_DECL static void give_up(deferred_call* call) noexcept;

    static constexpr time_point::rep not_begun = never.time_since_epoch().count();

    reply_route route() {
        account_.waited = waited();
        return {connection_.get(), id_,  batch_.get(), &account_, own_run_.get(), asked_ ? &*asked_ : nullptr,
                chain_.get()};
    }
    /// Whether there is still somebody to answer: what a lost connection is given, it keeps to its end.
    FARCALL_DECL bool wanted() const noexcept;
    FARCALL_DECL void done();

    std::shared_ptr<server_connection> connection_;
    std::string id_;
    std::shared_ptr<reply_batch> batch_;
    call_account account_;
    farcall::context context_;
    std::optional<asked_notes> asked_;
    std::shared_ptr<server_interception> chain_;  ///< that waits for this answer; null: the caller does
    std::stop_source stop_;
    run_owner own_run_;                         ///< of the exactly-once call that the handler runs
    std::shared_ptr<recorded_run> joined_run_;  ///< of which another attempt has the handler
    deferred_pointer self_;                     ///< while the joined run knows it
    boost::asio::cancellation_signal signal_;
    std::atomic<std::uint32_t> holders_{0};
    std::atomic<stop_reason> stopped_{stop_reason::none};
    time_point queued_at_ = never;  ///< when it began to wait for a thread; never: it does not
    /// When that was over. Its thread writes it, while the call's connection may be lost and count it as ended.
    std::atomic<time_point::rep> begun_at_{not_begun};
    /// Changed by who holds the call: so the last holder may look at it, on whatever thread.
    bool in_flight_ = true;
    bool keeps_running_ = false;
    bool answered_ = false;
};

/// One call, while its message is being handled: what a skeleton reads and answers.
///
/// Lives on the stack of the connection's read loop. Is answered once, or deferred.
class incoming_call {
public:
    /// @param text     the whole message, in which the request lies
    /// @param account  whose method it calls; says afterwards what it ended with, unless it is deferred
    /// @param request  the connection's reader's, or stays as long as this
    incoming_call(server_connection& connection, std::string_view text, const request_view& request,
                  const std::shared_ptr<reply_batch>& batch, call_account& account) noexcept
        : connection_(connection), text_(text), request_(&request), batch_(batch), account_(account) {}

    /// A call that interceptors have let pass, and which they answer. Its arguments are JSON, and its meta was read.
    FARCALL_DECL incoming_call(server_connection& connection, const request_view& request,
                               const std::shared_ptr<reply_batch>& batch, call_account& account,
                               server_interception& chain);

    FARCALL_DECL const method_info& method() const noexcept;
    /// JSON text of the arguments; empty if there are none. Not yet known to be valid unless `params_checked`.
    std::string_view params() const noexcept { return request_->params; }
    bool params_checked() const noexcept { return request_->params_checked; }
    /// What is known already of a string in the message; null: nothing.
    FARCALL_DECL arriving_text* arriving() const noexcept;
    bool notification() const noexcept { return request_->id.empty(); }
    FARCALL_DECL std::size_t params_depth() const noexcept;

    /// Answers with what `encode(json_writer&)` writes.
    template <bool Stays = false, class Encode>
    void succeed(Encode&& encode) {
        route().template succeed<Stays>(std::forward<Encode>(encode));
    }
    FARCALL_DECL void fail(const error& why);
    /// Answers that the arguments do not fit. Only when `params_checked`.
    FARCALL_DECL void fail_arguments(const argument_failure& why);
    /// Reads the message in full: `params`, and what else it says, may be different afterwards. False: it is no request,
    /// and is answered.
    FARCALL_DECL bool check_params();

    /// Reads what the caller sent along. False: it is wrong, and the call is answered.
    bool read_meta();
    /// @{ For interceptors: what they see of the call, and what else it says. Only if it could be `read_in_full`.
    bool read_in_full() { return request_->params_checked ? read_meta() : check_params(); }
    FARCALL_DECL intercepted_call show();
    /// Without the headers, once they were shown.
    FARCALL_DECL call_meta take_meta();
    /// Whether the caller wants to know what there is beside the answer.
    bool asks_for_notes() const noexcept { return asked_.has_value(); }
    reply_route route() const noexcept {
        return {&connection_, request_->id, batch_.get(), &account_, run_.get(), asked_ ? &*asked_ : nullptr, chain_};
    }
    /// @}
    /// Whether this attempt runs the method; only after `read_meta`. False: it is answered, or will be. Every attempt
    /// does whose caller does not ask that the call run once.
    bool admit() { return (!said_ && !batch_) || admit_recorded(); }
    /// Only after `read_meta`. Its stop token is the connection's: a handler that ends before the next message is read
    /// needs none of its own.
    FARCALL_DECL farcall::context make_context();
    /// Sends along with the answer what the handler leaves in its context, if the caller wants it.
    /// @param context  must outlive the answer
    void take_trailers(farcall::context& context) noexcept {
        if (asked_) asked_->trailers = &context.trailers();
    }
    /// When the caller stops waiting: counted from the arrival of the bytes. Only after `read_meta`.
    time_point deadline() const;
    /// Whether that has passed already, for example behind a slow handler: it is answered then. Only after `read_meta`.
    bool refuse_if_late();

    /// For an answer that comes later; only after `read_meta`. Null: too many are under way, and it is answered.
    /// @param stoppable  whether the handler looks at `context::stop()`
    FARCALL_DECL deferred_pointer defer(bool stoppable);
    bool deferred() const noexcept { return deferred_; }

    FARCALL_DECL const boost::asio::any_io_executor& executor() const noexcept;
    FARCALL_DECL bool expose_exceptions() const noexcept;

    /// Runs `job`, which begins `call`, on the worker pool. False: it is full or stopped; the job is dropped.
    FARCALL_DECL bool run_on_worker(const deferred_pointer& call, std::function<void()> job);

private:
    FARCALL_DECL farcall::context make_context(std::stop_token stop);
    FARCALL_DECL bool read_other_meta();
    void refuse_late();
    bool understand_meta();
    FARCALL_DECL const std::string& principal() const noexcept;
    FARCALL_DECL bool admit_recorded();
    bool admit_enveloped();
    bool follow(recorder::admitted made, const meta_view& name);
    FARCALL_DECL void refuse_run();
    void see_meta();

    server_connection& connection_;
    std::string_view text_;
    const request_view* request_;
    const std::shared_ptr<reply_batch>& batch_;
    call_account& account_;
    std::optional<call_meta> meta_;   ///< if it had to be read in full
    std::optional<meta_view> said_;   ///< in the message or in `meta_`; not if it is the timeout alone
    std::optional<std::chrono::milliseconds> timeout_;
    std::optional<asked_notes> asked_;
    run_owner run_;  ///< of an exactly-once call
    server_interception* chain_ = nullptr;  ///< null: no interceptor is concerned
    bool deferred_ = false;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/deferred_call.ipp>
#include <farcall/server/impl/incoming_call.ipp>
#endif
