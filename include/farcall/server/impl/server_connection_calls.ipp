#pragma once

/// @file
/// What a connection does with messages and calls; its bytes and its life are in server_connection.ipp.

#include <algorithm>
#include <string>
#include <utility>

#include <farcall/detail/library_calls.hpp>
#include <farcall/protocol/message_writer.hpp>
#include <farcall/protocol/side_message.hpp>
#include <farcall/server/dialect_call.hpp>
#include <farcall/server/incoming_call.hpp>
#include <farcall/server/server_connection.hpp>
#include <farcall/server/server_interception.hpp>

namespace farcall::detail {

inline error draining_error() {
    return error{status::unavailable,
                 "the server takes no more calls on this connection; call again on a new one, or another server"}
        .with_executed(executed::no);
}

FARCALL_DECL void server_connection::look_at_the_clock() {
    turn_is_old_ = false;
    turn_ = timed() ? shared_->time->now() : std::max(turn_, shared_->time->recent());
}

FARCALL_DECL void server_connection::on_message(message_kind kind, std::string_view text) {
    switch (kind) {
        case message_kind::request: return dispatch(text, nullptr, text.size());
        case message_kind::batch: return on_batch(text);
        case message_kind::foreign: return on_foreign(text.size());
        case message_kind::refused: return refuse_message(nullptr);
    }
}

FARCALL_DECL void server_connection::on_foreign(std::size_t bytes) {
    const dialect_request& said = reader_.foreign();
    const auto reply = std::make_shared<reply_batch>();
    reply->outstanding = 2;
    reply->form = said.form;
    reply->id = said.id;
    foreign_ = true;
    dialect_call call{said, shared_->methods};
    if (call.failure && call.request.method.empty()) {
        // Without a name it asks for nothing.
        call_account account{.bytes_in = bytes, .arrived = arrived_, .turn = turn(), .refused = true};
        if (shared_->watched.watch_calls()) account.seen = see(call.request);
        reply_route{this, call.request.id, reply.get(), &account}.fail(*call.failure);
        ended(account);
        replies_.leave(reply);
    } else {
        reader_.take(call.request);
        dispatch({}, reply, bytes, call.failure ? &*call.failure : nullptr);
    }
    replies_.leave(reply);
}

FARCALL_DECL void server_connection::on_batch(std::string_view text) {
    const auto batch = std::make_shared<reply_batch>();
    batch->outstanding = reader_.batch_size() + 1;
    while (reader_.next()) {
        if (reader_.kind() == message_kind::request) {
            dispatch(text, batch, reader_.element().size());
        } else {
            refuse_message(batch.get());
            replies_.leave(batch);
        }
    }
    replies_.leave(batch);
}

FARCALL_DECL void server_connection::dispatch(std::string_view text, const std::shared_ptr<reply_batch>& batch,
                                              std::size_t bytes, const error* unfit) {
    const request_view& request = reader_.request();
    call_account account{.method = shared_->methods.find(request.method, last_method_),
                         .bytes_in = bytes,
                         .arrived = arrived_,
                         .turn = timed() ? turn() : turn_};
    // What nobody watches, in front of all others and with as few questions as there are.
    if (account.method == nullptr || !plain_ || draining_) [[unlikely]]
        return dispatch_seldom(text, batch, account, unfit);
    if (!request.notification()) last_id_now_ = request.id;
    lively_ = true;
    if (run_call(text, batch, account, unfit)) return;
    ended(account);
    if (batch) replies_.leave(batch);
}

FARCALL_DECL void server_connection::dispatch_seldom(std::string_view text, const std::shared_ptr<reply_batch>& batch,
                                                     call_account& account, const error* unfit) {
    const request_view& request = reader_.request();
    if (watched_) account.seen = see(request);
    const bool side_message = account.method == nullptr && request.notification() && reserved_name(request.method);
    if (draining_ && !side_message) {
        reply_route{this, request.id, batch.get(), &account}.fail(refused_ ? *refused_ : draining_error());
        ended(account);
        if (batch) replies_.leave(batch);
        return;
    }
    if (!request.notification()) last_id_now_ = request.id;
    if (account.method == nullptr) {
        if (!no_method(text, batch, account) && batch) replies_.leave(batch);
        return;
    }
    lively_ = true;
    if (shared_->options.interceptors.empty() ? run_call(text, batch, account, unfit)
                                              : intercept(text, batch, account, unfit))
        return;
    ended(account);
    if (batch) replies_.leave(batch);
}

/// @returns whether it is answered later
inline bool server_connection::run_call(std::string_view text, const std::shared_ptr<reply_batch>& batch,
                                        call_account& account, const error* unfit) {
    incoming_call call{*this, text, reader_.request(), batch, account};
    if (call.read_meta() && !call.refuse_if_late()) {
        if (unfit != nullptr)
            call.fail(*unfit);
        else if (call.admit())
            run_handler(call, account);
    }
    return call.deferred();
}

FARCALL_DECL bool server_connection::intercept(std::string_view text, const std::shared_ptr<reply_batch>& batch,
                                               call_account& account, const error* unfit) {
    const bool later = server_interception::take(*this, text, batch, account, unfit);
    turn_is_old_ = true;
    return later;
}

FARCALL_DECL void server_connection::run_handler(incoming_call& call, const call_account& account,
                                                 bool entered) {
    turn_is_old_ = true;
    if (metrics_ != nullptr && !entered) metrics_->running(account);
    account.method->invoke(account.method->handler, call);
    if (metrics_ != nullptr) metrics_->returned();
}

/// @returns whether it is answered later
FARCALL_DECL bool server_connection::no_method(std::string_view text, const std::shared_ptr<reply_batch>& batch,
                                               call_account& account) {
    // No method of the application has such a name, so those that are called do not pay for the question.
    const request_view& request = reader_.request();
    const bool reserved = reserved_name(request.method);
    speaks_farcall_ |= reserved && farcall_name(request.method);
    // Who asks whether the server is there, and waits for what it pushes, is alive.
    lively_ |= reserved && sink_.use_count() > own_sinks;
    if (reserved && request.notification() && reserved_.take(request)) return false;
    lively_ = true;
    // Once, before anything is counted: what it is counted as must not change while it is in flight.
    account.reserved = reserved && !request.notification() && library_call(request.method);
    // Whether the server wants calls is told to whoever asks.
    if (!shared_->options.interceptors.empty() && request.method != health_name) {
        if (intercept(text, batch, account)) return true;
    } else if (account.reserved)
        reserved_.answer(text, batch, account);
    else
        unknown_method(text, batch, account);
    ended(account);
    return false;
}

FARCALL_DECL void server_connection::unknown_method(std::string_view text, const std::shared_ptr<reply_batch>& batch,
                                                    call_account& account) {
    if (!reader_.request().params_checked && reader_.read_checked(text) == message_kind::refused)
        return refuse(batch.get(), account);
    const request_view& request = reader_.request();
    reply_route{this, request.id, batch.get(), &account}.fail(shared_->methods.missing(request.method));
}

FARCALL_DECL void server_connection::refuse_message(reply_batch* batch) {
    if (metrics_ != nullptr) metrics_->refused();
    drop("what is no request", reader_.refused().message);
    refuse(batch);
}

FARCALL_DECL void server_connection::refuse(reply_batch* batch) {
    if (const auto limit = limit_named_in(reader_.refused().message)) limit_hit(*limit);
    replies_.refuse(reader_.refused(), batch);
}

FARCALL_DECL void server_connection::ended(const call_account& account) {
    if (!timed()) return;
    // The end of one is the turn of the next.
    turn_ = shared_->time->now();
    turn_is_old_ = false;
    if (metrics_ != nullptr) metrics_->ended(account, turn_);
    if (account.seen) tell(account, turn_);
}

FARCALL_DECL bool server_connection::may_enter() const noexcept {
    return calls_.size() < shared_->options.limits.in_flight;
}

FARCALL_DECL void server_connection::enter(deferred_call& call) {
    calls_.enter(call);
    if (metrics_ != nullptr) metrics_->deferred(call.account());
}

FARCALL_DECL void server_connection::leave(deferred_call& call, time_point now) {
    calls_.leave(call);
    if (metrics_ != nullptr) {
        metrics_->left(call.account());
        metrics_->ended(call.account(), now);
    }
    if (call.account().seen) tell(call.account(), now);
    if (forgotten_ && calls_.empty() && shared_->forget_last_call) shared_->forget_last_call(*this);
}

FARCALL_DECL void server_connection::answered_later(time_point now) {
    last_message_ = now;
    // Many small replies to a peer that does not read; a single large one may pass.
    if (replies_.unsent_before() > shared_->options.limits.write_buffer_hard) {
        close_because(limit_name::write_buffer_hard);
        return close();
    }
    if (handling_) return;
    wire_.flush();
    if (framing_ && framing_->finished()) wire_.close_when_sent();
    finish_if_drained();
    enforce_buffered();
    if (std::exchange(reply_awaited_, false)) wire_.resume_reading();
}

}  // namespace farcall::detail
