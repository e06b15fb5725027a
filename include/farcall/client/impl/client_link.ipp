#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include <boost/asio/error.hpp>

#include <farcall/client/client_link.hpp>
#include <farcall/client/kept_notice.hpp>

namespace farcall::detail {

FARCALL_DECL client_link::client_link(std::shared_ptr<client_target> target, std::unique_ptr<byte_stream> stream)
    : target_(std::move(target)),
      session_(options().limits, make_client_framing(target_->server, options())),
      wire_(*this, std::move(stream), target_->executor),
      alarm_(*options().time, target_->executor),
      opened_at_(options().time->now()) {
    session_.on_notification(options().on_notification);
}

FARCALL_DECL client_link::~client_link() {
    if (const auto calls = calls_.lock()) calls->forget(*this);
    session_.abandon();
}

FARCALL_DECL bool client_link::open(opened_handler done) {
    if (session_.open(wire_.out())) return true;
    opening_ = std::move(done);
    started_ = true;
    wire_.start(weak_from_this());
    wire_.flush();
    return false;
}

FARCALL_DECL void client_link::begin(waiting_calls& waiting) {
    const auto self = shared_from_this();  // a completed call may drop the last other owner
    id_ = ++target_->connections;
    tell_up();
    if (!started_) wire_.start(weak_from_this());
    watch(keep_alive(heard_at_));
    handling_ = true;
    const std::uint64_t last = waiting.last();
    while (outgoing_call* call = waiting.take_first(last)) {
        if (!ended_) {
            send(*call);
            continue;
        }
        call->holder = nullptr;
        const error why = why_ended_->with_executed(executed::no);
        call->complete({.failure = &why});
    }
    handling_ = false;
    flush();
}

FARCALL_DECL void client_link::tell_up() {
    if (!target_->watched.any()) return;
    const connection_tag tag = target_->tag(id_);
    session_.watch(target_->watched, tag);
    target_->watched.connection_up({tag, {}});
}

FARCALL_DECL void client_link::tell_down() {
    if (id_ == 0 || !target_->watched.any()) return;
    target_->watched.connection_down(
        {target_->tag(id_), in_order_ ? std::string_view{} : std::string_view{why_ended_->message()}});
}

FARCALL_DECL void client_link::start(outgoing_call& call) {
    if (wire_.unsent() + session_.held() > options().limits.write_buffer_hard) return refuse(call);
    if (!call.plain) return send(call);
    call.holder = this;
    const time_point deadline = call.deadline;
    const time_point known = std::exchange(call.now, never);
    text_apart large;
    session_.start(call, wire_.out(), known != never ? known : time_for(*options().time, deadline), &large);
    watch(deadline);
    flush(large);
}

[[gnu::noinline]] FARCALL_DECL void client_link::refuse(outgoing_call& call) {
    target_->tell_limit(id_, "write_buffer_hard");
    const error full = error{status::resource_exhausted,
                             "limits.write_buffer_hard: the server does not take what was sent before; "
                             "wait for some answers"}
                           .with_executed(executed::no);
    call.complete({.failure = &full});
}

FARCALL_DECL void client_link::send(outgoing_call& call) {
    if (!call.one_way || call.self_owned || !session_.keeps_one_way()) return put(call);
    put(*std::make_unique<kept_notice>(call).release());
    call.complete({});
}

FARCALL_DECL void client_link::put(outgoing_call& call) {
    const time_point deadline = call.deadline;
    const bool kept = call.self_owned;
    call.holder = call.one_way ? nullptr : this;
    const time_point known = std::exchange(call.now, never);
    text_apart large;
    session_.start(call, wire_.out(), known != never ? known : time_for(*options().time, deadline), &large);
    watch(kept ? session_.next_deadline() : deadline);
    flush(large);
}

FARCALL_DECL void client_link::cancel(outgoing_call& call, const error& why) {
    const auto self = shared_from_this();
    session_.cancel(call, why, wire_.out());
    close_if_spoilt();
    flush();
    close_if_useless();
}

FARCALL_DECL void client_link::flush(const text_apart& large) {
    if (!large.text.empty()) return wire_.flush_with(large);
    if (!handling_ || wire_.unsent() >= early_flush) wire_.flush();
}

FARCALL_DECL void client_link::close_if_useless() {
    if (session_.waiting() != 0) return;
    if (finishing_) return finish(*finishing_);
    if (session_.going_away()) finish(error{status::unavailable, "the server is stopping"});
}

FARCALL_DECL void client_link::close_if_spoilt() {
    if (ended_ || !session_.spoilt()) return;
    // First, so that nothing of what was given up is sent any more.
    close(error{status::unavailable, "the connection was closed: the server had not answered a call that was given up"});
    hand_back();
}

FARCALL_DECL void client_link::watch(time_point when) {
    alarm_.set(when, [this] {
        return [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->on_alarm();
        };
    });
}

FARCALL_DECL void client_link::on_alarm() {
    alarm_.came();
    if (ended_) return;
    const time_point now = options().time->now();
    if (now >= rest_at_) {
        rest_at_ = never;
        wire_.rest();
    }
    session_.expire(now, wire_.out());
    close_if_spoilt();
    close_if_useless();
    if (ended_) return;
    const time_point look_again = keep_alive(now);
    flush();
    if (!ended_) watch(std::min({session_.next_deadline(), look_again, rest_at_}));
}

FARCALL_DECL bool client_link::may_keep_memory() {
    if (ended_) return false;
    rest_at_ = options().time->recent() + rest_after;
    watch(rest_at_);
    return true;
}

/// Asks the server where it has been silent for too long, and gives up where it has not answered.
/// @returns when to look again
FARCALL_DECL time_point client_link::keep_alive(time_point now) {
    if (options().keepalive.count() == 0 || !session_.can_ping()) return never;
    if (answer_until_ == never) {
        const time_point due = heard_at_ + options().keepalive;
        if (now < due) return due;
        ask(now);
    } else if (now >= answer_until_) {
        if (now - answer_until_ > unwatched && !std::exchange(asked_again_, true)) {
            ask(now);
        } else if (!std::exchange(looked_again_, true)) {
            return now;  // what has arrived already is read first
        } else {
            const error why{status::unavailable,
                            lost() + "nothing came from the server for " +
                                std::to_string((options().keepalive + options().keepalive_timeout).count()) +
                                " ms (client_options::keepalive, keepalive_timeout)"};
            count_as_failed(why.message());
            close(why);
        }
    }
    return answer_until_;
}

FARCALL_DECL void client_link::count_as_failed(const std::string& reason) {
    if (!heard_) target_->tries.failed(opened_at_, options().time->now(), reason, *options().random);
}

FARCALL_DECL void client_link::ask(time_point now) {
    session_.ping(wire_.out());
    answer_until_ = now + std::max(options().keepalive_timeout, std::chrono::milliseconds{1});
}

FARCALL_DECL std::size_t client_link::on_bytes(std::string_view bytes) {
    if (options().keepalive.count() != 0) heard_at_ = options().time->recent();
    answer_until_ = never;
    asked_again_ = looked_again_ = false;
    if (!opening_ && !std::exchange(heard_, true)) target_->tries.reset();
    handling_ = true;
    const client_session::progress made = session_.on_bytes(bytes, wire_.out());
    handling_ = false;
    look_at(made);
    return made.consumed;
}

FARCALL_DECL void client_link::look_at(const client_session::progress& made) {
    bytes_wanted_ = made.wanted;
    if (made.broken != nullptr) {
        if (made.last_words) wire_.flush();
        close(*made.broken);
    }
    if (session_.going_away()) hand_back();
    close_if_useless();
    if (made.opened && !ended_) std::exchange(opening_, nullptr)({});
}

FARCALL_DECL void client_link::hand_back() {
    const auto calls = calls_.lock();
    if (!calls) return;
    bool any = false;
    while (outgoing_call* call = session_.take_unsent()) {
        call->holder = nullptr;
        call->now = never;
        calls->start(*call);
        any = true;
    }
    if (any && finishing_) calls->finish(*finishing_);
}

FARCALL_DECL bool client_link::on_end(std::string_view rest) {
    look_at(session_.on_end(rest, wire_.out()));
    return false;
}

FARCALL_DECL void client_link::on_closed(boost::system::error_code failure) {
    if (!why_ended_) {
        std::string text = lost();
        text += failure == boost::asio::error::eof ? "the server closed it" : failure.message();
        if (!opening_) count_as_failed(text);
        why_ended_.emplace(status::unavailable, std::move(text));
    }
    ended_ = true;
    alarm_.cancel();
    const auto self = shared_from_this();  // a completed call may drop the last other owner
    tell_down();
    if (const auto done = std::exchange(opening_, nullptr)) return done(why_ended_->message());
    session_.lose(*why_ended_, wire_.written());
}

FARCALL_DECL void client_link::finish(const error& why) {
    if (!ended_ && session_.waiting() != 0) {
        finishing_ = why;
        kept_ = calls_.lock();
        return;
    }
    in_order_ = in_order_ || !ended_;
    if (!ended_ && session_.farewell(wire_.out())) wire_.flush();
    if (ended_ || wire_.unsent() == 0) return close(why);
    ended_ = true;
    why_ended_ = why;
    wire_.close_when_sent();
}

FARCALL_DECL void client_link::close(const error& why) {
    if (std::exchange(ended_, true)) return;
    // Told so by the application.
    in_order_ = in_order_ || why.status() == status::cancelled;
    why_ended_ = why;
    // The calls end when its last write has told how much of them was sent.
    wire_.close();
}

}  // namespace farcall::detail
