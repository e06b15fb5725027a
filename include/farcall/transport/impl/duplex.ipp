#pragma once

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <farcall/transport/duplex.hpp>

namespace farcall::detail {

FARCALL_DECL void duplex::start(std::weak_ptr<void> self) {
    self_ = std::move(self);
    read();
}

template <void (duplex::*Function)(boost::system::error_code, std::size_t)>
io_handler duplex::handler() {
    return {[](void* self, boost::system::error_code failure, std::size_t count) {
                (static_cast<duplex*>(self)->*Function)(failure, count);
            },
            this, self_.lock()};
}

FARCALL_DECL void duplex::resume_reading() {
    if (!std::exchange(paused_, false) || handling_) return;
    // What arrived before the pause may hold whole messages that nothing new will announce.
    if (!in_.empty()) handle();
    read();
}

/// @param lent  what has just been read into the shared room; empty: what there is lies here
FARCALL_DECL void duplex::handle(std::string_view lent) {
    handling_ = true;
    for (;;) {
        bool done = false;
        if (lent.empty()) {
            const std::size_t used = owner_.on_bytes(in_.view());
            in_.consume(used);
            done = used != 0;
        } else {
            lent_ = lent.size();
            const std::size_t used = owner_.on_bytes(lent);
            lent_ = 0;
            in_.append(lent.substr(used));
            lent = {};
        }
        handling_ = false;
        if (done && !keeps(in_kept_, in_, taken_)) give_back_received();
        flush();
        if (!paused_ || writing_ || !out_.empty() || closing()) break;
        // Paused for what was then sent at once: no write will end and say so. To resume in there means another turn
        // here, not a deeper call for every message that has arrived.
        handling_ = true;
        owner_.on_drained();
        if (paused_ || in_.empty() || closing()) break;
    }
    handling_ = false;
}

FARCALL_DECL void duplex::read() {
    if (lingering_ && !closed_) return discard();
    // What a pause waits for, room for what is to be sent, does not come any more.
    if (paused_ && unwritable_) close();
    if (!may_read()) return finish_if_idle();
    reading_ = true;
    // Large memory that is kept is not read into before there is something, so that it can be given back.
    if (shared_ != nullptr || (in_.empty() && in_.capacity() > kept_room)) {
        waiting_ = stream_->async_wait(handler<&duplex::on_readable>());
        if (waiting_) return;
        shared_ = nullptr;
    }
    char* const into = room_for_more();
    stream_->async_read(into, in_.capacity() - in_.size(), handler<&duplex::on_read>());
}

/// Behind what has arrived already.
FARCALL_DECL char* duplex::room_for_more() {
    // A peer's announced length never reserves memory before its bytes come: the room follows what has arrived.
    const std::size_t wanted = owner_.bytes_wanted();
    std::size_t room = room_;
    if (wanted > in_.size()) room = std::clamp(wanted - in_.size(), room, std::max(room, in_.size()));
    return in_.prepare(room);
}

FARCALL_DECL void duplex::on_readable(boost::system::error_code failure, std::size_t) {
    reading_ = waiting_ = false;
    if (failure) return lost(failure);
    // Whose bytes fill the room has more of them as a rule. But others have their turn, too.
    constexpr std::size_t turn = 16 * read_room::size;
    bool more = true;
    for (std::size_t taken = 0; more && taken < turn && may_read() && !lingering_;) {
        const std::size_t count = read_now(failure, more);
        if (failure == boost::asio::error::would_block || failure == boost::asio::error::try_again) break;
        if (failure) return lost(failure);
        taken += count;
        if (unwritable_ && (read_since_ += count) > last_words) close();
    }
    read();
}

/// Reads what has arrived and has it handled.
/// @param more  whether it filled the room
FARCALL_DECL std::size_t duplex::read_now(boost::system::error_code& failure, bool& more) {
    // What has grown larger than the shared room belongs to somebody who sends much: it saves a copy.
    if (shared_ != nullptr && in_.empty() && in_.capacity() <= read_room::size) {
        if (const read_room::lease room{*shared_}) {
            const std::size_t count = stream_->try_read(room.bytes(), read_room::size, failure);
            more = count == read_room::size;
            if (failure) return count;
            room.lend(out_);
            handle({room.bytes(), count});
            if (out_.capacity() <= kept_room) room.take_back(out_);
            return count;
        }
    }
    char* const into = room_for_more();
    const std::size_t room = in_.capacity() - in_.size();
    const std::size_t count = stream_->try_read(into, room, failure);
    more = count == room;
    if (!failure) take(count);
    return count;
}

/// Has handled what was read behind what had arrived already.
FARCALL_DECL void duplex::take(std::size_t count) {
    if (count == in_.capacity() - in_.size()) room_ = std::min(room_ * 2, largest_room);
    in_.commit(count);
    taken_ = in_.size();
    handle();
}

FARCALL_DECL void duplex::on_read(boost::system::error_code failure, std::size_t count) {
    reading_ = false;
    if (failure) return lost(failure);
    if (lingering_ && !closed_) return discard();
    if (closing()) return finish_if_idle();
    take(count);
    read();
    if (unwritable_ && (read_since_ += count) > last_words) close();
}

FARCALL_DECL void duplex::rest() noexcept {
    if (handling_) return;
    give_back_received();
    if (in_.capacity() == 0) room_ = first_room;
    if (out_.empty()) out_.release();
    if (sending_.empty()) sending_.release();
}

/// Gives back the memory that what was received does not fill.
FARCALL_DECL void duplex::give_back_received() noexcept {
    const bool being_read = reading_ && !waiting_;
    if (being_read || (!in_.empty() && kept() == 0)) return;
    try {
        text_buffer rest;
        rest.append(in_.view());
        in_.swap(rest);
    } catch (const std::bad_alloc&) {
        // It stays where it is.
    }
}

/// Whether a write has failed for good.
inline bool fails(const boost::system::error_code& failure) noexcept {
    return failure && failure != boost::asio::error::would_block && failure != boost::asio::error::try_again;
}

FARCALL_DECL void duplex::flush() {
    if (!may_write() || out_.empty()) return;
    boost::system::error_code failure;
    const std::size_t sent = stream_->try_write(out_.data(), out_.size(), failure);
    if (fails(failure)) return write_lost(failure);
    written_ += failure ? 0 : sent;
    if (!failure && sent == out_.size()) {
        out_.clear();
        if (!keeps(out_kept_, out_, sent)) out_.release();
        if (close_when_sent_) all_sent();
        return;
    }
    sending_.clear();
    sending_.swap(out_);
    sent_ = failure ? 0 : sent;
    write_more();
}

FARCALL_DECL void duplex::flush_with(const text_apart& large) {
    try {
        send_with(large);
    } catch (const std::bad_alloc&) {
        // Nothing may follow a message that cannot go out to its end.
        out_.clear();
        if (!failure_) failure_ = boost::asio::error::no_memory;
        close();
    }
}

FARCALL_DECL void duplex::send_with(const text_apart& large) {
    if (!may_write()) return out_.insert(large.at, large.text);
    const std::array<std::string_view, 3> parts{out_.view().substr(0, large.at), large.text, out_.view().substr(large.at)};
    boost::system::error_code failure;
    std::size_t sent = stream_->try_write_parts(parts, failure);
    if (failure) {
        // Nothing has gone out.
        out_.insert(large.at, large.text);
        if (fails(failure)) return write_lost(failure);
        sending_.clear();
        sending_.swap(out_);
        sent_ = 0;
        return write_more();
    }
    written_ += sent;
    sending_.clear();
    sent_ = 0;
    if (const std::size_t all = out_.size() + large.text.size(); sent != all) {
        sending_.prepare(all - sent);
        for (const std::string_view part : parts) {
            const std::size_t gone = std::min(sent, part.size());
            sending_.append(part.substr(gone));
            sent -= gone;
        }
    }
    out_.clear();
    if (!sending_.empty()) return write_more();
    if (close_when_sent_) all_sent();
}

FARCALL_DECL void duplex::write_more() {
    writing_ = true;
    stream_->async_write(sending_.data() + sent_, std::min(sending_.size() - sent_, largest_write),
                         handler<&duplex::on_written>());
}

FARCALL_DECL void duplex::on_written(boost::system::error_code failure, std::size_t count) {
    writing_ = false;
    written_ += count;
    sent_ += count;
    if (!failure && !closed_ && sent_ < sending_.size()) {
        // Where there is room again, it is for more than one part as a rule.
        const std::size_t more = stream_->try_write(sending_.data() + sent_, sending_.size() - sent_, failure);
        if (!failure) {
            written_ += more;
            sent_ += more;
        } else if (!fails(failure)) {
            failure = {};
        }
        if (!failure && sent_ < sending_.size()) return write_more();
    }
    keep_sent();
    if (failure) return closed_ ? lost(failure) : write_lost(failure);
    flush();
    if (!writing_ && !closed_) {
        if (close_when_sent_)
            all_sent();
        else
            owner_.on_drained();
    }
    finish_if_idle();
}

/// Leaves the memory of what has been sent to what follows.
FARCALL_DECL void duplex::keep_sent() {
    const bool kept = keeps(out_kept_, sending_, sending_.size());
    sending_.clear();
    sent_ = 0;
    if (!kept)
        sending_.release();
    else if (out_.empty() && out_.capacity() < sending_.capacity())
        out_.swap(sending_);  // it is written into again: one buffer is enough for who sends one message at a time
}

FARCALL_DECL void duplex::close_when_sent() {
    if (closing()) return;
    if (unwritable_) return close();
    close_when_sent_ = true;
    flush();
    if (!writing_ && out_.empty()) all_sent();
}

FARCALL_DECL void duplex::all_sent() {
    if (closed_ || lingering_) return;
    // A peer that has ended its side sends nothing that could reset the connection.
    if (failure_ == boost::asio::error::eof || !stream_->end_sending()) return close();
    lingering_ = true;
    if (!handling_) discard();
}

FARCALL_DECL void duplex::discard() {
    if (reading_) return;
    in_.clear();
    char* into = in_.prepare(first_room);
    reading_ = true;
    stream_->async_read(into, in_.capacity(), handler<&duplex::on_read>());
}

FARCALL_DECL void duplex::close() {
    if (std::exchange(closed_, true)) return;
    if (!failure_) failure_ = boost::asio::error::operation_aborted;
    stream_->close();
    // With an operation under way, its end leads to `finish_if_idle`; otherwise nothing would.
    if (reading_ || writing_ || handling_) return;
    if (auto alive = self_.lock())
        boost::asio::post(executor_, [this, alive = std::move(alive)] { finish_if_idle(); });
}

FARCALL_DECL void duplex::lost(boost::system::error_code failure) {
    if (!failure_ && failure != boost::asio::error::operation_aborted) failure_ = failure;
    if (failure == boost::asio::error::eof && !closing() && !unwritable_ && ends_later()) return;
    // What is left to send to a peer that only closed its own sending side may still be read by it.
    if (failure == boost::asio::error::eof && !closed_ && !unwritable_ && (writing_ || !out_.empty())) {
        close_when_sent_ = true;
        return;
    }
    close();
    finish_if_idle();
}

FARCALL_DECL bool duplex::ends_later() {
    handling_ = true;
    ended_ = owner_.on_end(in_.view());
    handling_ = false;
    in_.clear();
    if (!ended_) return false;
    flush();
    finish_if_idle();
    return true;
}

FARCALL_DECL void duplex::write_lost(boost::system::error_code failure) {
    if (!failure_) failure_ = failure;
    // A peer that answered and then ended the connection is heard to the end: what it said counts. The read that is
    // under way, or follows, finds that end.
    if (!paused_ && !ended_ && !close_when_sent_) {
        unwritable_ = true;
        return;
    }
    close();
    finish_if_idle();
}

FARCALL_DECL void duplex::finish_if_idle() {
    if (!closed_ || reading_ || writing_ || std::exchange(finished_, true)) return;
    owner_.on_closed(failure_);
}

}  // namespace farcall::detail
