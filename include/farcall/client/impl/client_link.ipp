#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include <boost/asio/error.hpp>

#include <farcall/client/client_link.hpp>

namespace farcall::detail {

FARCALL_DECL client_link::client_link(const endpoint& server, const client_options& options,
                                      boost::asio::any_io_executor executor)
    : server_(server),
      options_(options),
      executor_(std::move(executor)),
      session_(options_.limits),
      alarm_(options_.time->make_timer(executor_)) {}

FARCALL_DECL client_link::~client_link() { session_.abandon(); }

FARCALL_DECL void client_link::open(transport& bytes) {
    if (options_.connect_timeout.count() != 0) {
        connect_deadline_ = options_.time->now() + options_.connect_timeout;
        watch(connect_deadline_);
    }
    give_up_connecting_ = bytes.async_connect(
        server_, executor_, [self = shared_from_this()](boost::system::error_code failure, auto stream) {
            self->connected(failure, std::move(stream));
        });
}

FARCALL_DECL void client_link::connected(boost::system::error_code failure, std::unique_ptr<byte_stream> stream) {
    give_up_connecting_ = nullptr;
    connect_deadline_ = never;
    if (ended_ && before_connecting_.empty()) return;
    if (failure) {
        std::string text = "cannot connect to " + server_.url() + ": " + failure.message();
        if (failure == boost::asio::error::connection_refused || failure == boost::system::errc::no_such_file_or_directory)
            text += "; is the server running, and is that its address?";
        return lose(error{status::unavailable, std::move(text)});
    }
    wire_.emplace(*this, std::move(stream), executor_);
    wire_->out().swap(before_connecting_);
    wire_->start(weak_from_this());
    wire_->flush();
    if (ended_) wire_->close_when_sent();
}

FARCALL_DECL void client_link::start(outgoing_call& call) {
    const std::size_t unsent = wire_ ? wire_->unsent() : before_connecting_.size();
    if (unsent > options_.limits.write_buffer_hard) {
        const error full = error{status::resource_exhausted,
                                 "limits.write_buffer_hard: the server does not take what was sent before; "
                                 "wait for some answers"}
                               .with_executed(executed::no);
        return call.complete({.failure = &full});
    }
    const time_point deadline = call.deadline;
    if (!call.one_way) call.holder = this;
    session_.start(call, out(), options_.time->now());
    watch(deadline);
    flush();
}

FARCALL_DECL void client_link::cancel(outgoing_call& call, const error& why) {
    const auto self = shared_from_this();  // the completed call may drop the last other owner
    session_.cancel(call, why, out());
    flush();
    close_if_useless();
}

FARCALL_DECL void client_link::flush() {
    if (wire_ && (!handling_ || wire_->unsent() >= early_flush)) wire_->flush();
}

FARCALL_DECL void client_link::close_if_useless() {
    if (session_.going_away() && session_.waiting() == 0 && !ended_)
        finish(error{status::unavailable, "the server is stopping"});
}

FARCALL_DECL void client_link::watch(time_point when) {
    // An alarm that comes too early is set again; one for each call would cost a system call for each.
    if (when >= alarm_at_) return;
    alarm_at_ = when;
    alarm_->set(when, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->on_alarm();
    });
}

FARCALL_DECL void client_link::on_alarm() {
    alarm_at_ = never;
    const time_point now = options_.time->now();
    if (connect_deadline_ <= now && ended_) {
        // What was to be sent before the end never will be.
        before_connecting_.clear();
        if (give_up_connecting_) give_up_connecting_();
        return;
    }
    if (connect_deadline_ <= now) {
        return close(error{status::unavailable, "cannot connect to " + server_.url() + " within " +
                                                    std::to_string(options_.connect_timeout.count()) +
                                                    " ms (client_options::connect_timeout)"});
    }
    const auto self = shared_from_this();
    session_.expire(now, out());
    flush();
    close_if_useless();
    if (!ended_) watch(std::min(session_.next_deadline(), connect_deadline_));
}

FARCALL_DECL std::size_t client_link::on_bytes(std::string_view bytes) {
    handling_ = true;
    const client_session::progress made = session_.on_bytes(bytes, out());
    handling_ = false;
    bytes_wanted_ = made.wanted;
    if (made.broken != nullptr) close(*made.broken);
    close_if_useless();
    return made.consumed;
}

FARCALL_DECL void client_link::on_closed(boost::system::error_code failure) {
    if (why_ended_) return lose(*why_ended_);
    std::string text = "the connection to " + server_.url() + " was lost: ";
    text += failure == boost::asio::error::eof ? "the server closed it" : failure.message();
    lose(error{status::unavailable, std::move(text)});
}

FARCALL_DECL void client_link::finish(const error& why) {
    if (ended_ || (wire_ ? wire_->unsent() : before_connecting_.size()) == 0) return close(why);
    ended_ = true;
    why_ended_ = why;
    if (wire_) wire_->close_when_sent();
}

FARCALL_DECL void client_link::close(const error& why) {
    if (std::exchange(ended_, true)) return;
    why_ended_ = why;
    if (give_up_connecting_) give_up_connecting_();
    // With a connection, the calls end when its last write has told how much of them was sent.
    if (wire_)
        wire_->close();
    else
        lose(why);
}

FARCALL_DECL void client_link::lose(const error& why) {
    ended_ = true;
    alarm_->cancel();
    const auto self = shared_from_this();  // a completed call may drop the last other owner
    session_.lose(why, wire_ ? wire_->written() : 0);
}

}  // namespace farcall::detail
