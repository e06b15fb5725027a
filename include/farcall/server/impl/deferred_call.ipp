#pragma once

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <farcall/detail/error_code.hpp>
#include <farcall/detail/mutant.hpp>
#include <farcall/protocol/error_object.hpp>
#include <farcall/protocol/reply_meta.hpp>
#include <farcall/server/incoming_call.hpp>
#include <farcall/server/server_connection.hpp>
#include <farcall/server/server_interception.hpp>

namespace farcall::detail {

/// What a reply that was recorded tells.
inline status status_of_reply(std::string_view reply) noexcept {
    constexpr std::string_view front = R"("error":{"code":)";
    if (!reply.starts_with(front)) return status::ok;
    std::int64_t code = 0;
    std::from_chars(reply.data() + front.size(), reply.data() + reply.size(), code);
    return status_of(code);
}

FARCALL_DECL error failure_of_reply(std::string_view reply) {
    constexpr std::string_view front = "\"error\":";
    error_view read;
    std::string problem;
    if (reply.starts_with(front) &&
        read_error_object(reply.substr(front.size(), reply.size() - front.size() - 1), read, problem))
        return to_error(read);
    return error{status::data_loss, "what was recorded of the call cannot be read"};
}

/// Whether the answer can be written where it is sent from. Nothing of it leaves before it is recorded.
inline bool reply_route::direct() const noexcept {
    return chain == nullptr && (run == nullptr || (!id.empty() && !connection->closed()));
}

/// Where it is written otherwise.
inline text_buffer& reply_route::apart() const noexcept { return run != nullptr ? run->text() : chain->text(); }

FARCALL_DECL reply_route::opened reply_route::begin_result() const {
    if (direct()) {
        text_buffer& out = connection->replies().begin(batch);
        const std::size_t start = out.size();
        detail::begin_result(out, id);
        return {&out, start};
    }
    text_buffer& out = apart();
    out.clear();
    detail::begin_result(out, id);
    return {&out, 0};
}

FARCALL_DECL void reply_route::end_result(std::size_t start) const {
    if (run == nullptr && chain == nullptr && asked == nullptr && batch == nullptr) [[likely]] {
        // As most end: nothing but a frame is made of it.
        reply_writer& replies = connection->replies();
        text_buffer& out = replies.text(nullptr);
        detail::end_result(out);
        account->bytes_out = out.size() - start;
        if (const char* const limit = replies.end(nullptr)) too_long(limit);
        return;
    }
    detail::end_result(direct() ? connection->replies().text(batch) : apart());
    end(start);
}

FARCALL_DECL bool reply_route::leaves_out() const noexcept {
    return run == nullptr && chain == nullptr && asked == nullptr && batch == nullptr && connection->replies().native();
}

FARCALL_DECL void reply_route::end_large_result(std::size_t start, const text_apart& large) const {
    reply_writer& replies = connection->replies();
    text_buffer& out = replies.text(nullptr);
    detail::end_result(out);
    account->bytes_out = out.size() - start + large.text.size();
    if (const char* const limit = replies.end_with(large)) too_long(limit);
}

FARCALL_DECL void reply_route::add_notes(text_buffer& out) const {
    if (asked == nullptr) return;
    const auto taken = connection->shared().time->now() - asked->arrived;
    add_reply_meta(out, std::chrono::duration_cast<std::chrono::microseconds>(taken), asked->trailers);
}

inline void reply_route::end(std::size_t start) const {
    if (run == nullptr && chain == nullptr) return end_in_connection(start);
    text_buffer& out = direct() ? connection->replies().text(batch) : apart();
    const std::string_view reply = out.view().substr(start + response_front_size(id));
    if (run != nullptr) {
        if (const auto failure = run->end(reply, true)) {
            take_back();
            return reply_route{connection, id, batch, account, nullptr, asked, chain}.fail(*failure);
        }
    }
    if (chain != nullptr) return chain->take_reply(*this, reply);
    if (direct()) end_in_connection(start);
}

inline void reply_route::end_in_connection(std::size_t start) const {
    const std::size_t most =
        std::min(connection->shared().options.limits.batch_reply, limits::frame_ceiling - (1u << 20));
    text_buffer& out = connection->replies().text(batch);
    add_notes(out);
    account->bytes_out = out.size() - start;
    if (const char* const limit = connection->replies().end(batch, most)) too_long(limit);
}

inline void reply_route::too_long(const char* limit) const {
    connection->limit_hit(batch != nullptr ? limit_name::batch_reply : limit_name::frame_ceiling);
    reply_route{connection, id, batch, account, nullptr, asked}.fail(
        error{status::resource_exhausted,
              std::string{"the result is longer than "} + limit + " allows; ask for less at a time"}
            .with_executed(executed::yes));
}

FARCALL_DECL void reply_route::take_back() const {
    if (direct()) connection->replies().cancel(batch);
}

FARCALL_DECL void reply_route::cannot_encode(const codec_error& why) const {
    take_back();
    fail(unencodable(why));
}

FARCALL_DECL void reply_route::fail(const error& why) const {
    std::optional<error> failure;
    if (run != nullptr) failure = run->end(why);
    const error& told = failure ? *failure : why;
    account->fail(told);
    account->bytes_out = 0;
    if (chain != nullptr) return chain->take_failure(*this, told);
    if (id.empty() || connection->closed()) return;
    text_buffer& out = connection->replies().begin(batch);
    const std::size_t start = out.size();
    append_error(out, id, told);
    add_notes(out);
    account->bytes_out = out.size() - start;
    connection->replies().end(batch);
}

FARCALL_DECL void reply_route::replay(std::string_view reply) const {
    account->replayed = true;
    if (chain != nullptr) return chain->take_reply(*this, reply);
    account->status = status_of_reply(reply);
    if (account->seen && account->status != status::ok) account->seen->failure = failure_of_reply(reply);
    if (id.empty() || connection->closed()) return;
    text_buffer& out = connection->replies().begin(batch);
    const std::size_t start = out.size();
    append_response_front(out, id);
    out.push_back(',');
    out.append(reply);
    end_in_connection(start);
}

FARCALL_DECL error unencodable(const codec_error& why) {
    return error{status::internal, "the result cannot be sent: " + why.text("result")}.with_executed(executed::yes);
}

FARCALL_DECL error late_error() {
    return error{status::deadline_exceeded, "the deadline passed before the call was started"}.with_executed(
        executed::no);
}

FARCALL_DECL error too_many_error(const server_connection& connection) {
    return error{status::resource_exhausted,
                 "limits.in_flight: this connection has " +
                     std::to_string(connection.shared().options.limits.in_flight) +
                     " calls without an answer; wait for some of them"}
        .with_executed(executed::no);
}

FARCALL_DECL deferred_call::deferred_call(std::shared_ptr<server_connection> connection, std::string_view id,
                                          std::shared_ptr<reply_batch> batch, const call_account& account,
                                          farcall::context call, std::stop_source stop)
    : connection_(std::move(connection)),
      id_(id),
      batch_(std::move(batch)),
      account_(account),
      context_(std::move(call)),
      stop_(std::move(stop)) {
    deadline = context_.deadline();
    connection_->enter(*this);
}

FARCALL_DECL deferred_call::deferred_call(std::shared_ptr<server_interception> chain,
                                          std::shared_ptr<server_connection> connection, std::string_view id,
                                          const call_account& account, farcall::context call, std::stop_source stop)
    : connection_(std::move(connection)),
      id_(id),
      account_(account),
      context_(std::move(call)),
      chain_(std::move(chain)),
      stop_(std::move(stop)),
      in_flight_(false) {
    chain_->handler_waits(*this);
}

FARCALL_DECL deferred_call::~deferred_call() {
    if (!chain_) return;
    chain_->handler_ended();
    // It could not be answered any more: its executor runs nothing.
    chain_->abandon();
}

FARCALL_DECL void deferred_call::give_up(deferred_call* call) noexcept {
    // Not in flight any more: answered, or its connection has ended, which interceptors do not take for an answer.
    if (!call->in_flight_ && !call->chain_) {
        delete call;
        return;
    }
    // A handler was destroyed before it ended, perhaps on a thread that is not the connection's. If the executor runs
    // nothing any more, the call goes with what is queued there.
    const auto executor = call->executor();
    boost::asio::post(executor, [given_up = std::unique_ptr<deferred_call>{call}] {
        given_up->fail(
            error{status::internal, "the handler was given up before it answered"}.with_executed(executed::yes));
    });
}

FARCALL_DECL deferred_pointer deferred_call::lock() noexcept {
    std::uint32_t holders = holders_.load(std::memory_order_relaxed);
    while (holders != 0)
        if (holders_.compare_exchange_weak(holders, holders + 1, std::memory_order_acquire, std::memory_order_relaxed))
            return {this, false};
    return nullptr;
}

FARCALL_DECL const boost::asio::any_io_executor& deferred_call::executor() const noexcept {
    return connection_->executor();
}

FARCALL_DECL void deferred_call::stop(stop_reason why) {
    // What it sets off may be the end of the handler, which holds the call.
    const deferred_pointer alive = lock();
    if (alive && why != stop_reason::shut_down) {
        recorded_run* const run = own_run_ ? own_run_.get() : joined_run_.get();
        if (run != nullptr && !run->give_up(*this, why)) return;
    }
    stop_reason none = stop_reason::none;
    if (!alive || !stopped_.compare_exchange_strong(none, why, std::memory_order_acq_rel)) return;
    stop_.request_stop();
    if (FARCALL_MUTANT(slot_is_freed_by_cancel)) leave_flight(connection_->shared().time->now());
    try {
        signal_.emit(boost::asio::cancellation_type::terminal);
    } catch (...) {
        // An operation of the user's that cannot be cancelled; it will end in its own time.
    }
}

FARCALL_DECL std::optional<error> deferred_call::refusal() const {
    const bool expired =
        context_.deadline() != never && connection_->shared().time->now() >= context_.deadline();
    switch (expired ? stop_reason::expired : stopped()) {
        case stop_reason::none: return {};
        case stop_reason::expired: return late_error();
        case stop_reason::shut_down:
            return error{status::unavailable, "the server stopped before the call was started"}.with_executed(
                executed::no);
        case stop_reason::cancelled:
        case stop_reason::lost: break;
    }
    return error{status::cancelled, "the caller cancelled the call before it was started"}.with_executed(executed::no);
}

FARCALL_DECL error deferred_call::failure_of(const std::exception_ptr& thrown, error told) const {
    const stop_reason why = stopped();
    if (why == stop_reason::none) return told;
    try {
        std::rethrow_exception(thrown);
    } catch (const boost::system::system_error& failure) {
        if (failure.code() != boost::asio::error::operation_aborted) return told;
    } catch (const error& failure) {
        // A call of the handler's own that was given up for the same reason.
        if (failure.status() != status::cancelled || failure.method().empty()) return told;
    } catch (...) {
        return told;
    }
    switch (why) {
        case stop_reason::expired:
            return error{status::deadline_exceeded, "the deadline passed while the handler ran"}.with_executed(
                executed::yes);
        case stop_reason::shut_down:
            return error{status::unavailable, "the server stopped while the handler ran"}.with_executed(executed::yes);
        default:
            return error{status::cancelled, "the caller cancelled the call while the handler ran"}.with_executed(
                executed::yes);
    }
}

FARCALL_DECL bool deferred_call::wanted() const noexcept { return !connection_->closed(); }

FARCALL_DECL void deferred_call::await_thread() { queued_at_ = connection_->shared().time->now(); }

FARCALL_DECL void deferred_call::begin() noexcept {
    begun_at_.store(connection_->shared().time->now().time_since_epoch().count(), std::memory_order_relaxed);
}

FARCALL_DECL time_point::duration deferred_call::waited() const {
    if (queued_at_ == never) return account_.waited;
    const time_point::rep begun = begun_at_.load(std::memory_order_relaxed);
    if (begun == not_begun) return connection_->shared().time->now() - queued_at_;
    return time_point{time_point::duration{begun}} - queued_at_;
}

FARCALL_DECL void deferred_call::keep_running() noexcept {
    keeps_running_ = true;
    if (chain_) chain_->keep_running();
}

FARCALL_DECL void deferred_call::leave_flight(time_point now) {
    if (!std::exchange(in_flight_, false)) return;
    // Nobody will hear what its handler ends with.
    if (!answered_) {
        account_.fail(stopped() == stop_reason::shut_down
                          ? error{status::unavailable, "the server stopped before the call was answered"}
                          : error{status::cancelled, "the caller's connection was lost before the call was answered"});
        account_.waited = waited();
    }
    connection_->leave(*this, now);
}

FARCALL_DECL void deferred_call::done() {
    if (chain_) {
        // The call as a whole has its own end.
        std::exchange(chain_, nullptr)->handler_ended();
        return;
    }
    const time_point now = connection_->shared().time->now();
    leave_flight(now);
    if (!wanted()) return;
    if (batch_) connection_->replies().leave(batch_);
    connection_->answered_later(now);
}

FARCALL_DECL void deferred_call::fail(const error& why) {
    if (std::exchange(answered_, true)) return;
    account_.fail(why);
    if (wanted() || own_run_ || chain_) route().fail(why);
    done();
}

FARCALL_DECL void deferred_call::carry(run_owner run) {
    own_run_ = std::move(run);
    own_run_->carried_by(*this);
    keep_running();
}

FARCALL_DECL void deferred_call::join(std::shared_ptr<recorded_run> run, bool superseding) {
    joined_run_ = std::move(run);
    keep_running();
    self_ = deferred_pointer{this};
    joined_run_->join(*this, superseding);
}

FARCALL_DECL void deferred_call::run_ended(std::shared_ptr<recorded_run> run) {
    boost::asio::post(executor(), [call = std::move(self_), run = std::move(run)] {
        if (std::exchange(call->answered_, true)) return;
        call->route().replay(run->reply());
        call->done();
    });
}

FARCALL_DECL void deferred_call::stop_later(stop_reason why) {
    if (deferred_pointer alive = lock())
        boost::asio::post(executor(), [call = std::move(alive), why] { call->stop(why); });
}

FARCALL_DECL void deferred_call::post_result(deferred_pointer call, text_buffer text) {
    auto executor = call->executor();
    boost::asio::post(executor, [call = std::move(call), text = std::move(text)] {
        call->succeed([&](json_writer& out) { return out.raw(text.view()); });
    });
}

FARCALL_DECL void deferred_call::post_failure(deferred_pointer call, error why) {
    auto executor = call->executor();
    boost::asio::post(executor, [call = std::move(call), why = std::move(why)] { call->fail(why); });
}

}  // namespace farcall::detail
