#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include <boost/asio/recycling_allocator.hpp>

#include <farcall/client/client_core.hpp>
#include <farcall/client/client_interception.hpp>

namespace farcall::detail {

/// The call as the first interceptor sees it.
inline intercepted_call seen_by_interceptors(client_core& core, const outgoing_call& outer) {
    intercepted_call seen{call_side::client, std::string{outer.method}, outer.info, core.time()};
    seen.params = outer.params;
    if (outer.headers != nullptr) seen.headers = *outer.headers;
    if (outer.trace != nullptr) seen.trace = *outer.trace;
    seen.deadline = outer.deadline;
    seen.attempt = outer.attempt;
    seen.one_way = outer.one_way;
    seen.server = core.url();
    return seen;
}

/// Adds the names of the headers that an attempt sends otherwise than the call has them.
inline void tell_changed_headers(const metadata* call, const metadata& attempt, std::vector<std::string>& names) {
    static const metadata none;
    const metadata& before = call != nullptr ? *call : none;
    if (before == attempt) return;
    const auto tell = [&names](const metadata& these, const metadata& others) {
        for (const auto& [key, value] : these)
            if (others.get(key) != value && std::find(names.begin(), names.end(), key) == names.end()) names.push_back(key);
    };
    tell(before, attempt);
    tell(attempt, before);
}

FARCALL_DECL client_interception::client_interception(std::shared_ptr<client_core> core,
                                                      const std::vector<interceptor>& chain,
                                                      std::shared_ptr<channel> inner, outgoing_call& outer)
    : interception(chain, core->driver().executor(), seen_by_interceptors(*core, outer)),
      core_(std::move(core)),
      channel_(std::move(inner)),
      outer_(&outer),
      nobody_waits_(std::nostopstate) {
    const bool waits = std::any_of(chain.begin(), chain.end(), [](const auto& each) { return each.stage().waits(); });
    if (!waits) return;
    alarm_ = core_->time().make_timer(executor());
    nobody_waits_ = std::stop_source{};
    call().stop = nobody_waits_.get_token();
}

FARCALL_DECL client_interception::~client_interception() {
    if (outer_ == nullptr) return;
    outer_->holder = nullptr;
    outer_->abandon();
}

FARCALL_DECL void client_interception::start() {
    outer_->holder = this;
    if (alarm_) core_->repeats().add(*this);
    begin();
}

FARCALL_DECL void client_interception::watch_deadline() {
    // An interceptor may have made it earlier.
    const time_point deadline = std::min(outer_->deadline, call().deadline);
    if (deadline >= watched_) return;
    watched_ = deadline;
    // Not an owner: the alarm's last function may lie in a queue of the executor for a while.
    alarm_->set(deadline, [weak = weak_from_this()] {
        if (const auto self = weak.lock())
            static_cast<client_interception&>(*self).end_soon(
                error{status::deadline_exceeded, "the deadline passed while an interceptor ran"});
    });
}

FARCALL_DECL void client_interception::end_soon(const error& why) {
    if (why_) return;
    why_ = why;
    if (!under_way_) halt();
}

FARCALL_DECL void client_interception::halt() {
    const auto alive = shared_from_this();
    nobody_waits_.request_stop();
    stop();
}

FARCALL_DECL void client_interception::cancel(outgoing_call& outer, const error& why) {
    if (!why_) why_ = why;
    inner_.keep_running = outer.keep_running;
    halt();
}

FARCALL_DECL void client_interception::give_up() {
    if (!under_way_ || inner_.holder == nullptr) return;
    const error why = why_ ? *why_ : error{status::cancelled, "an interceptor gave the call up"};
    inner_.holder->cancel(inner_, why);
}

FARCALL_DECL error client_interception::stop_failure() const {
    return why_ ? why_->with_executed(ran_) : interception::stop_failure();
}

FARCALL_DECL void client_interception::invoke() {
    if (alarm_) watch_deadline();
    const intercepted_call& now = call();
    inner_.attempt_of(*outer_);
    inner_.params = now.params;
    if (outer_->changed_headers == nullptr)
        inner_.changed_headers = &call().changed_by_attempts;
    else
        tell_changed_headers(outer_->headers, now.headers, *outer_->changed_headers);
    inner_.headers = now.headers.empty() ? nullptr : &now.headers;
    inner_.trace = now.trace.sendable() ? &now.trace : nullptr;
    inner_.deadline = std::min(outer_->deadline, now.deadline);
    if (inner_.deadline == outer_->deadline) inner_.whole_deadline = outer_->whole_deadline;
    inner_.attempt = outer_->attempt;
    inner_.stamp = outer_->stamp;
    inner_.keep_running = outer_->keep_running;
    inner_.one_way = outer_->one_way;
    inner_.wants_meta = !outer_->one_way;
    under_way_ = true;
    channel_->start(inner_);
}

FARCALL_DECL void client_interception::inner_ended(const reply& end) noexcept {
    const auto alive = shared_from_this();
    under_way_ = false;
    attempts_ = end.attempts;
    call_outcome made;
    if (end.failure != nullptr) {
        made.failure = *end.failure;
        ran_ = end.failure->executed();
    } else {
        made.result = end.result;
        ran_ = executed::yes;
    }
    if (end.meta != nullptr) {
        made.trailers = std::move(end.meta->headers);
        made.server_time = end.meta->server_time;
    }
    made.stale = end.stale;
    if (why_) halt();
    answered(std::move(made));
}

FARCALL_DECL void client_interception::inner_abandoned() noexcept {
    under_way_ = false;
    abandon();
}

FARCALL_DECL void client_interception::finish(call_outcome end) {
    repetition::remove(*this);
    if (alarm_) alarm_->cancel();
    const auto core = core_;  // the caller may have the last other handle
    reply_meta said{end.server_time, std::move(end.trailers)};
    outgoing_call& told = *std::exchange(outer_, nullptr);
    told.holder = nullptr;
    told.complete({.failure = end.failure ? &*end.failure : nullptr,
                   .result = end.result.empty() ? std::string_view{"null"} : std::string_view{end.result},
                   .depth = core->options().limits.depth,
                   .meta = &said,
                   .attempts = attempts_,
                   .stale = end.stale});
}

FARCALL_DECL void intercepting_channel::start(outgoing_call& call) {
    start_intercepted(core_.shared_from_this(), chain_, inner_, call);
}

FARCALL_DECL void start_intercepted(const std::shared_ptr<client_core>& core, const std::vector<interceptor>& chain,
                                    std::shared_ptr<channel> inner, outgoing_call& call) {
    const auto way = std::allocate_shared<client_interception>(boost::asio::recycling_allocator<void>{}, core, chain,
                                                               std::move(inner), call);
    way->start();
}

}  // namespace farcall::detail
