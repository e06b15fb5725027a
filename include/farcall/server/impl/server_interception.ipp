#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include <farcall/codec/scan.hpp>
#include <farcall/server/incoming_call.hpp>
#include <farcall/server/server_connection.hpp>
#include <farcall/server/server_interception.hpp>

namespace farcall::detail {

FARCALL_DECL bool server_interception::take(server_connection& connection, std::string_view text,
                                            const std::shared_ptr<reply_batch>& batch, call_account& account,
                                            const error* unfit) {
    incoming_call said{connection, text, connection.reader().request(), batch, account};
    if (!said.read_in_full()) return false;
    const bool asked = said.asks_for_notes();
    intercepted_call shown = said.show();
    const auto made = std::make_shared<server_interception>(connection.shared_from_this(), batch, std::move(shown),
                                                            said.take_meta(), account, asked, unfit);
    const auto& chain = connection.shared().options.interceptors;
    const bool waits = std::any_of(chain.begin(), chain.end(), [](const interceptor& each) { return each.stage().waits(); });
    if (waits && !made->defer()) {
        connection.limit_hit(limit_name::in_flight);
        said.fail(too_many_error(connection));
        return false;
    }
    made->begin();
    return made->account_ != &account;
}

FARCALL_DECL server_interception::server_interception(std::shared_ptr<server_connection> connection,
                                                      std::shared_ptr<reply_batch> batch, intercepted_call call,
                                                      call_meta meta, call_account& account, bool asked,
                                                      const error* unfit)
    : interception(connection->shared().options.interceptors, connection->executor(), std::move(call)),
      connection_(std::move(connection)),
      batch_(std::move(batch)),
      meta_(std::move(meta)),
      account_(&account),
      inner_account_(account),
      arrived_(account.arrived),
      latest_(this->call().deadline),
      asked_(asked),
      unfit_(unfit != nullptr ? std::optional{*unfit} : std::nullopt) {
    // What observers are told is how the call ends as a whole.
    inner_account_.seen = nullptr;
}

FARCALL_DECL server_interception::~server_interception() { release(); }

FARCALL_DECL void server_interception::release() noexcept {
    if (const std::size_t bytes = std::exchange(held_, 0)) connection_->release(bytes);
}

FARCALL_DECL bool server_interception::defer() {
    if (whole_) return true;
    if (!connection_->may_enter()) return false;
    static constexpr method_info no_method{};
    std::stop_source stop;
    intercepted_call& seen = call();
    farcall::context context{seen.info != nullptr ? *seen.info : no_method,
                             seen.peer, seen.deadline, {}, seen.attempt, stop.get_token()};
    seen.stop = stop.get_token();
    whole_ = deferred_pointer{
        new deferred_call{connection_, seen.id, batch_, *account_, std::move(context), std::move(stop)}};
    account_ = &whole_->account();
    held_ = seen.params.size() + seen.headers.bytes() + seen.method.size();
    connection_->hold(held_);
    whole_->slot().assign([weak = weak_from_this()](boost::asio::cancellation_type) {
        if (const auto self = weak.lock()) self->stop();
    });
    return true;
}

FARCALL_DECL void server_interception::keep_running() noexcept {
    if (whole_) whole_->keep_running();
}

FARCALL_DECL void server_interception::give_up() {
    if (handler_ == nullptr) return;
    const stop_reason why = whole_ ? whole_->stopped() : stop_reason::none;
    // The call may be counted as ended before its handler answers.
    account_->waited = handler_->waited();
    handler_->stop(why != stop_reason::none ? why : stop_reason::cancelled);
}

FARCALL_DECL error server_interception::stop_failure() const {
    switch (whole_ ? whole_->stopped() : stop_reason::none) {
        case stop_reason::expired:
            return error{status::deadline_exceeded, "the deadline passed while an interceptor ran"};
        case stop_reason::shut_down: return error{status::unavailable, "the server stopped while an interceptor ran"};
        default: return interception::stop_failure();
    }
}

FARCALL_DECL error server_interception::refusal() {
    const auto why = whole_ ? whole_->refusal() : std::nullopt;
    if (!why) return interception::refusal();
    account_->late = why->status() == status::deadline_exceeded;
    return *why;
}

FARCALL_DECL void server_interception::may_wait() {
    call().deadline = std::min(call().deadline, latest_);
    if (whole_) connection_->hasten(*whole_, call().deadline);
}

FARCALL_DECL void server_interception::invoke() {
    may_wait();
    intercepted_call& seen = call();
    request_view request;
    request.id = seen.id;
    request.method = seen.method;
    request.params = seen.params;
    incoming_call inner{*connection_, request, batch_, inner_account_, *this};
    // An interceptor may have waited, or left less time; or there was none from the beginning.
    if (whole_ && whole_->refusal()) return inner.fail(refusal());
    if (seen.deadline != never && seen.now() >= seen.deadline) {
        account_->late = true;
        return inner.fail(late_error());
    }
    if (unfit_) return inner.fail(*unfit_);
    if (inner_account_.method == nullptr) return invoke_reserved(inner.route());
    if (inner.admit()) connection_->run_handler(inner, inner_account_, whole_ != nullptr);
}

FARCALL_DECL void server_interception::invoke_reserved(const reply_route& route) {
    const intercepted_call& seen = call();
    if (inner_account_.reserved) return connection_->reserved().answer_seen(route, seen);
    route.fail(connection_->shared().methods.missing(seen.method));
}

FARCALL_DECL void server_interception::take_reply(const reply_route& from, std::string_view reply) {
    constexpr std::string_view good = "\"result\":";
    if (!reply.starts_with(good)) return take_end(from, call_outcome::failed(failure_of_reply(reply)));
    reply.remove_prefix(good.size());
    reply.remove_suffix(1);
    own_result_ = std::hash<std::string_view>{}(reply);
    take_end(from, call_outcome::answer(std::string{reply}));
}

FARCALL_DECL void server_interception::take_failure(const reply_route& from, const error& why) {
    take_end(from, call_outcome::failed(why));
}

FARCALL_DECL void server_interception::take_end(const reply_route& from, call_outcome end) {
    account_->waited = from.account->waited;
    account_->replayed = from.account->replayed;
    if (from.asked != nullptr && from.asked->trailers != nullptr) end.trailers = *from.asked->trailers;
    answered(std::move(end));
}

FARCALL_DECL void server_interception::finish(call_outcome end) {
    release();
    if (!end.failure && end.result.empty()) end.result = "null";
    if (!end.failure && own_result_ != std::hash<std::string_view>{}(end.result)) {
        // An interceptor made it. A line feed would be the end of the message in some protocols; in JSON it can stand
        // between two tokens only.
        if (scan(end.result, limits{}.depth))
            std::replace_if(end.result.begin(), end.result.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
        else
            end.failure = error{status::internal, "the answer of an interceptor is no JSON"}.with_executed(executed::unknown);
    }
    if (const auto& told = account_->seen) {
        told->attempt = call().attempt;
        told->request_id = call().headers.get(request_id_key).value_or(std::string_view{});
        told->traceparent = call().trace.traceparent;
    }
    const auto encode = [&](json_writer& out) { return out.raw(end.result); };
    if (const deferred_pointer whole = std::move(whole_)) {
        whole->context().trailers() = std::move(end.trailers);
        if (asked_) whole->asked(arrived_);
        return end.failure ? whole->fail(*end.failure) : whole->succeed(encode);
    }
    const asked_notes notes{.arrived = arrived_, .trailers = &end.trailers};
    const reply_route route{connection_.get(), call().id, batch_.get(), account_, nullptr, asked_ ? &notes : nullptr};
    return end.failure ? route.fail(*end.failure) : route.succeed(encode);
}

}  // namespace farcall::detail
