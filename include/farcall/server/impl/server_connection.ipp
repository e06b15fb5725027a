#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include <farcall/detail/error_code.hpp>
#include <farcall/detail/mutant.hpp>
#include <farcall/protocol/message_writer.hpp>
#include <farcall/protocol/side_message.hpp>
#include <farcall/server/deadline_watch.hpp>
#include <farcall/server/dialect_call.hpp>
#include <farcall/server/incoming_call.hpp>
#include <farcall/server/make_framing.hpp>
#include <farcall/server/server_connection.hpp>

namespace farcall::detail {

FARCALL_DECL server_connection::server_connection(std::shared_ptr<server_shared> shared,
                                                  std::unique_ptr<byte_stream> stream,
                                                  boost::asio::any_io_executor executor,
                                                  std::shared_ptr<deadline_watch> deadlines,
                                                  worker_metrics* metrics, read_room* room,
                                                  std::shared_ptr<farcall::peer> peer,
                                                  std::shared_ptr<const error> refused, bool offers_pages)
    : shared_(std::move(shared)),
      metrics_(metrics),
      peer_(std::move(peer)),
      refused_(std::move(refused)),
      id_(peer_->id),
      accepted_from_(peer_->address),
      wire_(*this, std::move(stream), std::move(executor), room),
      frames_(shared_->options.limits.frame),
      reader_(shared_->options.limits),
      calls_(std::move(deadlines)),
      replies_(wire_, framing_, *shared_->time),
      sink_(std::make_shared<push_sink>(shared_->options.limits.write_buffer_soft)),
      arrived_(shared_->time->now()),
      last_message_(arrived_),
      offers_pages_(offers_pages),
      watched_(shared_->watched.watch_calls()),
      plain_(!watched_ && shared_->options.interceptors.empty()),
      draining_(refused_ != nullptr) {
    peer_->notifier = notifier{sink_};
    if (metrics_ != nullptr && !refused_) metrics_->opened();
}

FARCALL_DECL void server_connection::start() {
    tell_up();
    wire_.start(weak_from_this());
}

FARCALL_DECL void server_connection::drain() {
    if (closed_ || wire_.closing() || std::exchange(draining_, true)) return;
    if (undecided()) return close_if_silent(shared_->time->now());
    if (framing_) framing_->drain();
    if (native_ ? !foreign_ : speaks_farcall_ && framing_->pushes()) {
        append_goaway(replies_.begin(nullptr), last_id_now_.empty() ? std::string_view{last_id_} : last_id_now_);
        replies_.end(nullptr);
        if (shared_->watched.any()) shared_->watched.tell(goaway_event{tag()});
    }
    if (handling_) return;
    wire_.flush();
    finish_if_drained();
}

FARCALL_DECL void server_connection::close_if_silent(time_point now) {
    // A client that has just connected learns in its own protocol that its first call is not taken.
    if (now - arrived_ >= first_words) wire_.close_when_sent();
}

FARCALL_DECL void server_connection::finish_if_drained() {
    if (!(draining_ || ended_) || undecided() || handling_) return;
    const bool waits = !calls_.empty() || (framing_ && framing_->owes());
    if (!waits || FARCALL_MUTANT(drain_waits_for_nobody)) close_when_sent();
}

FARCALL_DECL void server_connection::close_when_sent() {
    sink_->close();
    if (framing_ && !wire_.closing()) framing_->farewell(wire_.out());
    wire_.close_when_sent();
}

FARCALL_DECL std::stop_token server_connection::stop() {
    if (!stop_.stop_possible()) {
        stop_ = std::stop_source{};
        if (stopped_) stop_.request_stop();
    }
    return stop_.get_token();
}

FARCALL_DECL void server_connection::close() {
    stopped_ = true;
    stop_.request_stop();
    wire_.close();
}

FARCALL_DECL void server_connection::shut_down() {
    shut_down_ = true;
    if (closed_) return calls_.stop(stop_reason::shut_down, shared_->time->now());
    close();
}

FARCALL_DECL void server_connection::check_time(time_point now) {
    if (closed_) return;
    const limits& bounds = shared_->options.limits;
    if (writes_.stalled(now, wire_, wire_.lingering() ? last_words : bounds.write_stall)) {
        if (!wire_.lingering()) close_because(limit_name::write_stall);
        return close();
    }
    if (draining_ && undecided()) return close_if_silent(now);
    if (now - last_message_ >= rest_after) {
        wire_.rest();
        if (!handling_) publish_buffered();
    }
    if (!calls_.empty() || wire_.write_pending()) return;
    const std::chrono::milliseconds limit = any_message_ ? bounds.idle : bounds.handshake;
    if (limit.count() == 0 || now - last_message_ < limit) return;
    const bool owes = framing_ && framing_->owes();
    if (!any_message_ || owes) close_because(any_message_ ? limit_name::idle : limit_name::handshake);
    if (framing_ && (!any_message_ || owes)) return close_when_sent();
    if (!any_message_) return close();
    // A call may be on its way at this moment: its caller shall know that it was not taken.
    drain();
}

FARCALL_DECL std::size_t server_connection::on_bytes(std::string_view bytes) {
    turn_ = shared_->time->now();
    turn_is_old_ = false;
    // What waited here while reading was paused has arrived before.
    if (!std::exchange(held_over_, false)) arrived_ = turn_;
    const time_point began = turn_;
    handling_ = true;
    lively_ = false;
    const std::size_t used = native_ || choose_protocol(bytes) ? handle_native(bytes) : handle_framed(bytes);
    if (used != 0 && native_) any_message_ = true;
    if (lively_) last_message_ = began;
    held_over_ = wire_.reading_paused() && used != bytes.size();
    if (!last_id_now_.empty()) last_id_ = std::exchange(last_id_now_, {});
    handling_ = false;
    if (draining_) finish_if_drained();
    enforce_buffered(used);
    return used;
}

/// @returns whether native frames follow; all other protocols have a framing then, if one is decided on
FARCALL_DECL bool server_connection::choose_protocol(std::string_view bytes) {
    if (framing_) return false;
    const wire_protocol spoken = sniff(bytes);
    if (spoken == wire_protocol::undecided) return false;
    native_ = spoken == wire_protocol::native;
    if (spoken == wire_protocol::unknown) {
        // Perhaps the length of a native frame: whoever sends those can read this.
        close_with({.code = code_invalid_request,
                    .message = "these bytes begin no protocol that the server speaks; as the length of a native frame "
                               "they are above limits.frame"});
        return false;
    }
    if (!native_) framing_ = make_framing(spoken, *shared_, offers_pages_, wire_.out());
    if (undecided()) {
        wire_.close_when_sent();
        return false;
    }
    speak(native_                                    ? connection_protocol::native
          : spoken == wire_protocol::line           ? connection_protocol::lines
          : spoken == wire_protocol::content_length ? connection_protocol::content_length
                                                    : connection_protocol::http);
    attach_sink();
    if (refused_ && (native_ || framing_->pushes())) {
        append_error(replies_.begin(nullptr), "null", *refused_);
        replies_.end(nullptr);
        close_when_sent();
    } else if (std::exchange(draining_, false)) {
        drain();
    }
    return native_;
}

FARCALL_DECL void server_connection::flush_early() {
    if (wire_.unsent() >= early_flush) wire_.flush();
    if (wire_.unsent() > shared_->options.limits.write_buffer_soft) wire_.pause_reading();
}

FARCALL_DECL std::size_t server_connection::handle_native(std::string_view bytes) {
    std::size_t used = 0;
    while (!wire_.closing() && !wire_.reading_paused()) {
        const frame_step step = frames_.next({bytes.data() + used, bytes.size() - used});
        if (step.state == frame_state::need_more) {
            bytes_wanted_ = bytes.size() - used + step.missing;
            if (step.length >= arriving_text::least) look_ahead(bytes.substr(used + frame_header), step.length);
            break;
        }
        if (step.state == frame_state::refused) {
            close_with({.code = code_invalid_request, .message = frames_.refusal(step)}, limit_name::frame);
            break;
        }
        const arriving_text_scope handled{arriving_};
        if (arriving_ != nullptr && arriving_->begun()) look_ahead(step.payload, step.length);
        const message_kind found = reader_.read(step.payload);
        // In front of all others: that one is in line.
        if (found == message_kind::request) [[likely]]
            dispatch(step.payload, nullptr, step.payload.size());
        else
            on_message(found, step.payload);
        used += step.consumed;
        flush_early();
    }
    return used;
}

/// Looks at what has come of a long message.
[[gnu::noinline]] FARCALL_DECL void server_connection::look_ahead(std::string_view front, std::size_t length) {
    if (arriving_ == nullptr) arriving_ = std::make_unique<arriving_text>();
    if (short_of_memory()) arriving_->keep_no_copy();
    arriving_->look(front, length);
}

FARCALL_DECL std::size_t server_connection::handle_framed(std::string_view bytes) {
    std::size_t used = 0;
    while (framing_ && used != bytes.size() && !wire_.closing() && !wire_.reading_paused()) {
        framing_step step = framing_->next(bytes.substr(used), wire_.out());
        if (step.what == framing_step::kind::need_more) {
            bytes_wanted_ = step.missing == 0 ? 0 : bytes.size() - used + step.missing;
            break;
        }
        if (step.what == framing_step::kind::wait) {
            reply_awaited_ = true;
            wire_.pause_reading();
            break;
        }
        used += step.consumed;
        any_message_ = true;  // or its head, and the rest has the time of a connection that is idle
        if (step.what == framing_step::kind::progress) continue;
        take_step(step);
        flush_early();
    }
    return used;
}

FARCALL_DECL void server_connection::take_step(framing_step& step) {
    using kind = framing_step::kind;
    if (step.what == kind::message || step.what == kind::call) {
        message_kind found = message_kind::request;
        if (step.what == kind::message)
            found = reader_.read(step.payload);
        else
            reader_.take(step.call);
        on_message(found, step.payload);
        // The text that it refers to may be the framing's own.
        if (!last_id_now_.empty()) last_id_ = std::exchange(last_id_now_, {});
        // It may have been read once more meanwhile, and have an id that the first reading did not see.
        const bool one = found == message_kind::request && reader_.kind() == message_kind::request;
        if (one && reader_.request().notification()) framing_->no_reply(wire_.out());
    } else {
        lively_ = true;
        if (step.what == kind::become) {
            framing_ = std::move(step.successor);
            speak(connection_protocol::websocket);
            attach_sink();
        }
    }
    if (step.limit) close_because(*step.limit);
    if (step.what == kind::close || framing_->finished()) wire_.close_when_sent();
}

FARCALL_DECL bool server_connection::on_end(std::string_view rest) {
    if (!framing_ || wire_.closing()) return false;
    handling_ = true;
    if (!rest.empty()) {
        framing_step step = framing_->last(rest, wire_.out());
        if (step.what != framing_step::kind::need_more) take_step(step);
    }
    handling_ = false;
    ended_ = framing_->answers_after_end();
    finish_if_drained();
    return ended_;
}

FARCALL_DECL void server_connection::publish_buffered(std::size_t done_with) {
    std::size_t now = held_by_calls_;
    if (!closed_) now += replies_.gathered() + wire_.buffered() - done_with + (framing_ ? framing_->held() : 0) +
                       (arriving_ ? arriving_->held() : 0);
    if (now == published_) return;
    // Unsigned arithmetic wraps to the right sum also where the difference is negative.
    shared_->buffered.fetch_add(now - published_, std::memory_order_relaxed);
    published_ = now;
}

FARCALL_DECL void server_connection::release(std::size_t bytes) noexcept {
    held_by_calls_ -= bytes;
    // While a read is handled, what is received is not counted right; the end of that comes here, too.
    if (!handling_) publish_buffered();
}

FARCALL_DECL void server_connection::enforce_buffered(std::size_t done_with) {
    publish_buffered(done_with);
    const std::size_t most = shared_->options.limits.buffered;
    const auto within = [&] { return published_ <= blameless || shared_->buffered.load(std::memory_order_relaxed) <= most; };
    if (within() || wire_.closing()) return;
    // First it does without what only saves time.
    if (arriving_) arriving_->keep_no_copy();
    wire_.rest();
    publish_buffered(done_with);
    if (within()) return;
    close_with({.code = code_of(status::resource_exhausted),
                .message = "limits.buffered: the server holds more than " + std::to_string(most) +
                           " bytes for its connections; connect again later"},
               limit_name::buffered);
}

FARCALL_DECL void server_connection::attach_sink() {
    if (pushes()) sink_->attach(weak_from_this(), executor());
}

FARCALL_DECL void server_connection::push(std::string_view message) {
    if (!wire_.writable()) return;
    replies_.begin(nullptr).append(message);
    replies_.end(nullptr);
    last_message_ = shared_->time->now();
    if (!handling_) wire_.flush();
    sink_->unsent(wire_.unsent());
    enforce_buffered();
}

FARCALL_DECL void server_connection::speak(connection_protocol now) {
    if (metrics_ != nullptr && !refused_) metrics_->speaks(protocol_, now);
    protocol_ = now;
}

FARCALL_DECL void server_connection::close_with(const refusal& why, std::optional<limit_name> limit) {
    if (limit) limit_hit(*limit);
    if (shared_->watched.any()) why_closed_ = why.message;
    replies_.refuse_all(why);
    close_when_sent();
}

FARCALL_DECL bool server_connection::short_of_memory() const noexcept {
    return shared_->buffered.load(std::memory_order_relaxed) > shared_->options.limits.buffered / 2;
}

FARCALL_DECL void server_connection::on_drained() {
    publish_buffered();
    sink_->unsent(wire_.unsent());
    if (wire_.reading_paused() && !reply_awaited_) wire_.resume_reading();
}

FARCALL_DECL void server_connection::on_closed(boost::system::error_code failure) {
    closed_ = true;
    if (metrics_ != nullptr && !refused_) metrics_->closed(protocol_);
    sink_->close();
    publish_buffered();
    stopped_ = true;
    stop_.request_stop();
    calls_.stop(shut_down_ ? stop_reason::shut_down : stop_reason::lost, shared_->time->now());
    tell_down(failure);
    if (shared_->on_disconnect && !refused_) shared_->on_disconnect(*peer_);
    if (shared_->forget) shared_->forget(*this);
    forgotten_ = true;
}

}  // namespace farcall::detail
