#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include <boost/asio/error.hpp>

#include <farcall/client/client_dialer.hpp>
#include <farcall/client/client_link.hpp>
#include <farcall/client/kept_notice.hpp>

namespace farcall::detail {

FARCALL_DECL client_dialer::client_dialer(std::shared_ptr<client_target> target, std::weak_ptr<owner> who)
    : target_(std::move(target)),
      owner_(std::move(who)),
      alarm_(*target_->options.time, target_->executor) {}

FARCALL_DECL client_dialer::~client_dialer() {
    while (outgoing_call* call = waiting_.take_first()) {
        call->holder = nullptr;
        call->abandon();
    }
}

FARCALL_DECL void client_dialer::start(outgoing_call& call) {
    const time_point now = target_->options.time->now();
    // A repeated attempt comes after a pause of its own, from a policy that is bounded otherwise.
    const bool early = !give_up_ && now < target_->tries.next_attempt() && call.attempt == 1;
    if (early && !call.wait_for_ready) return fail(call, too_early());
    if (waiting_.bytes() > target_->options.limits.write_buffer_hard) {
        target_->tell_limit(0, "write_buffer_hard");
        return fail(call, error{status::resource_exhausted,
                                "limits.write_buffer_hard: too much waits for the connection already"});
    }
    const auto self = shared_from_this();
    const time_point deadline = call.deadline;
    const bool to_keep = call.one_way && !call.self_owned;
    if (to_keep) {
        auto kept = std::make_unique<kept_notice>(call);
        waiting_.add(*kept.release());
    } else {
        call.holder = this;
        waiting_.add(call);
    }
    watch(early ? std::min(deadline, target_->tries.next_attempt()) : deadline);
    if (!early && !give_up_) dial();
    if (to_keep) call.complete({});
}

FARCALL_DECL error client_dialer::too_early() const {
    const reconnect& tries = target_->tries;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(tries.next_attempt() - target_->options.time->now());
    return error{status::unavailable, tries.reason() + "; the next attempt is made in " + std::to_string(left.count()) +
                                          " ms (client_options::reconnect), farcall::wait_for_ready waits for it"};
}

FARCALL_DECL void client_dialer::cancel(outgoing_call& call, const error& why) {
    const auto self = shared_from_this();
    if (waiting_.remove(call)) fail(call, why);
    rest_if_idle();
}

FARCALL_DECL void client_dialer::dial() {
    const client_options& options = target_->options;
    dialed_at_ = options.time->now();
    if (options.connect_timeout.count() != 0) {
        connect_deadline_ = dialed_at_ + options.connect_timeout;
        watch(connect_deadline_);
    }
    give_up_ = options.transport->async_connect(
        target_->server, target_->executor,
        [self = shared_from_this(), number = ++attempt_](boost::system::error_code failure, auto stream) {
            if (number == self->attempt_) self->connected(failure, std::move(stream));
        });
}

FARCALL_DECL void client_dialer::stop_dialing() {
    ++attempt_;
    connect_deadline_ = never;
    if (const auto give_up = std::exchange(give_up_, nullptr)) give_up();
}

FARCALL_DECL void client_dialer::connected(boost::system::error_code failure, std::unique_ptr<byte_stream> stream) {
    give_up_ = nullptr;
    if (failure) {
        std::string reason = "cannot connect to " + target_->server.url() + ": " + failure.message();
        if (failure == boost::asio::error::connection_refused || failure == boost::system::errc::no_such_file_or_directory)
            reason += "; is the server running, and is that its address?";
        return failed(std::move(reason));
    }
    const auto link = std::make_shared<client_link>(target_, std::move(stream));
    // The link owns this until the server has answered: nothing else would, and it must not own the link.
    const std::weak_ptr weak = link;
    if (link->open([self = shared_from_this(), weak, number = attempt_](const std::string& problem) {
            if (number == self->attempt_) self->opened(weak.lock(), problem);
        }))
        return take(link);
    give_up_ = [weak] {
        if (const auto opening = weak.lock()) opening->close(error{status::cancelled, "given up"});
    };
    watch(connect_deadline_);
}

FARCALL_DECL void client_dialer::opened(const std::shared_ptr<client_link>& link, const std::string& problem) {
    give_up_ = nullptr;
    if (!problem.empty()) return failed(problem);
    take(link);
}

FARCALL_DECL void client_dialer::take(const std::shared_ptr<client_link>& link) {
    connect_deadline_ = never;
    rest();
    // Known first: what the ends of these calls start goes the same way.
    if (const auto who = owner_.lock()) who->use(link);
    link->begin(waiting_);
    if (finishing_) link->finish(*finishing_);
}

FARCALL_DECL void client_dialer::failed(std::string reason) {
    connect_deadline_ = never;
    const time_point now = target_->options.time->now();
    const error why{status::unavailable, reason};
    target_->tries.failed(dialed_at_, now, std::move(reason), *target_->options.random);
    if (target_->watched.any()) {
        const time_point next = std::max(target_->tries.next_attempt(), now);
        target_->watched.tell(connect_failure_event{target_->url, why.message(),
                                                    std::chrono::ceil<std::chrono::milliseconds>(next - now)});
    }
    if (finishing_) return end_all(why);
    std::uint64_t from = 0;
    const std::uint64_t last = waiting_.last();
    if (waiting_.patient()) {
        if (target_->tries.next_attempt() <= now)
            dial();
        else
            watch(target_->tries.next_attempt());
    }
    while (outgoing_call* call = waiting_.take_impatient(from, last)) fail(*call, why);
    rest_if_idle();
}

FARCALL_DECL void client_dialer::finish(const error& why) {
    if (waiting_.empty()) return close(why);
    finishing_ = why;
    kept_owner_ = owner_.lock();
}

FARCALL_DECL void client_dialer::close(const error& why) {
    const auto self = shared_from_this();
    stop_dialing();
    rest();
    end_all(why);
}

FARCALL_DECL void client_dialer::end_all(const error& why) {
    // Not what the ends of these calls start.
    const std::uint64_t last = waiting_.last();
    while (outgoing_call* call = waiting_.take_first(last)) fail(*call, why);
}

FARCALL_DECL void client_dialer::rest() {
    alarm_.cancel();
}

FARCALL_DECL void client_dialer::rest_if_idle() {
    if (!give_up_ && waiting_.empty()) rest();
}

FARCALL_DECL void client_dialer::watch(time_point when) {
    alarm_.set(when, [this] { return [self = shared_from_this()] { self->on_alarm(); }; });
}

FARCALL_DECL void client_dialer::on_alarm() {
    alarm_.came();
    const client_options& options = target_->options;
    const time_point now = options.time->now();
    if (connect_deadline_ <= now) {
        stop_dialing();
        failed("cannot connect to " + target_->server.url() + " within " +
               std::to_string(options.connect_timeout.count()) + " ms (client_options::connect_timeout)");
    }
    expire(now);
    const time_point next = target_->tries.next_attempt();
    if (!give_up_ && !waiting_.empty() && next <= now) dial();
    const time_point retry = give_up_ || waiting_.empty() ? never : next;
    watch(std::min({waiting_.next_deadline(), connect_deadline_, retry}));
}

FARCALL_DECL void client_dialer::expire(time_point now) {
    while (outgoing_call* call = waiting_.take_expired(now)) {
        std::string text = "the deadline passed before there was a connection to " + target_->server.url();
        if (!target_->tries.reason().empty()) text += "; the last attempt: " + target_->tries.reason();
        fail(*call, error{status::deadline_exceeded, std::move(text)});
    }
}

FARCALL_DECL void client_dialer::fail(outgoing_call& call, const error& why) {
    call.holder = nullptr;
    const error told = why.with_executed(executed::no);
    call.complete({.failure = &told});
}

}  // namespace farcall::detail
