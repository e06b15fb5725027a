#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include <farcall/codec/scan.hpp>
#include <farcall/protocol/error_object.hpp>
#include <farcall/server/incoming_call.hpp>
#include <farcall/server/server_connection.hpp>
#include <farcall/server/server_interception.hpp>

namespace farcall::detail {

FARCALL_DECL bool server_interception::take(server_connection& connection, std::string_view text,
                                            const std::shared_ptr<reply_batch>& batch, call_account& account) {
    incoming_call said{connection, text, connection.reader().request(), batch, account};
    if (!said.read_in_full() || said.refuse_if_late()) return false;
    const bool asked = said.asks_for_notes();
    intercepted_call shown = said.show();
    const auto made = std::make_shared<server_interception>(connection.shared_from_this(), batch, std::move(shown),
                                                            said.take_meta(), account, asked);
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
                                                      call_meta meta, call_account& account, bool asked)
    : interception(connection->shared().options.interceptors, connection->executor(), std::move(call)),
      connection_(std::move(connection)),
      batch_(std::move(batch)),
      meta_(std::move(meta)),
      account_(&account),
      inner_account_(account),
      arrived_(account.arrived),
      latest_(this->call().deadline),
      asked_(asked) {
    // What observers are told is how the call ends as a whole.
    inner_account_.seen = nullptr;
}

FARCALL_DECL server_interception::~server_interception() = default;

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
    // An interceptor may have waited, or left less time.
    if (whole_ && whole_->refusal()) return inner.fail(refusal());
    if (seen.deadline != latest_ && seen.now() >= seen.deadline) {
        account_->late = true;
        return inner.fail(late_error());
    }
    if (inner_account_.method == nullptr) return invoke_reserved(inner.route());
    if (inner.admit()) connection_->run_handler(inner, inner_account_, whole_ != nullptr);
}

FARCALL_DECL void server_interception::invoke_reserved(const reply_route& route) {
    const intercepted_call& seen = call();
    if (!seen.one_way && connection_->reserved().answer_seen(route, seen)) return;
    account_->reserved = false;
    route.fail(connection_->shared().methods.missing(seen.method));
}

FARCALL_DECL void server_interception::take_reply(const reply_route& from, std::string_view reply) {
    constexpr std::string_view good = "\"result\":", bad = "\"error\":";
    if (reply.starts_with(good)) {
        reply.remove_prefix(good.size());
        return take_end(from, call_outcome::answer(std::string{reply.substr(0, reply.size() - 1)}));
    }
    error_view read;
    std::string problem;
    if (reply.starts_with(bad) && read_error_object(reply.substr(bad.size(), reply.size() - bad.size() - 1), read, problem))
        return take_end(from, call_outcome::failed(to_error(read)));
    take_end(from, call_outcome::failed(error{status::data_loss, "what was recorded of the call cannot be read"}));
}

FARCALL_DECL void server_interception::take_failure(const reply_route& from, const error& why) {
    take_end(from, call_outcome::failed(why));
}

FARCALL_DECL void server_interception::take_end(const reply_route& from, call_outcome end) {
    account_->turn = std::max(account_->turn, from.account->turn);
    account_->replayed = from.account->replayed;
    if (from.asked != nullptr && from.asked->trailers != nullptr) end.trailers = *from.asked->trailers;
    answered(std::move(end));
}

FARCALL_DECL void server_interception::finish(call_outcome end) {
    // Of an interceptor's own making, perhaps. A line feed would be the end of the message in some protocols; in JSON
    // it can stand between two tokens only.
    if (!end.failure) {
        if (end.result.empty()) end.result = "null";
        if (const auto found = scan(end.result, connection_->shared().options.limits.depth))
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
