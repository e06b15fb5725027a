#pragma once

#include <chrono>

#include <farcall/protocol/message_writer.hpp>
#include <farcall/server/reply_writer.hpp>

namespace farcall::detail {

FARCALL_DECL text_buffer& reply_writer::begin_other(reply_batch* batch) {
    if (batch != nullptr) {
        mark_ = batch->text.size();
        batch->text.push_back(batch->answered ? ',' : '[');
        return batch->text;
    }
    unsent_before_ = wire_.unsent();
    mark_ = wire_.out().size();
    return wire_.out();
}

FARCALL_DECL const char* reply_writer::end_other(reply_batch* batch, std::size_t batch_limit) {
    if (batch != nullptr) {
        if (batch->text.size() > batch_limit) {
            cancel(batch);
            return "limits.batch_reply";
        }
        batch->answered = true;
        gathered_ += batch->text.size() - mark_;
        return nullptr;
    }
    if (framing_ && framing_->end_message(wire_.out(), mark_)) return nullptr;
    cancel(nullptr);
    return "limits::frame_ceiling";
}

FARCALL_DECL const char* reply_writer::end_with(const text_apart& large) {
    if (!end_frame(wire_.out(), mark_, limits::frame_ceiling, large.text.size())) {
        cancel(nullptr);
        return "limits::frame_ceiling";
    }
    wire_.flush_with(large);
    return nullptr;
}

FARCALL_DECL void reply_writer::cancel(reply_batch* batch) { text(batch).truncate(mark_); }

FARCALL_DECL void reply_writer::refuse(const refusal& why, reply_batch* batch) {
    append_error(begin(batch), why.id, why.code, why.message);
    end(batch);
}

FARCALL_DECL void reply_writer::refuse_all(const refusal& why) {
    append_error(begin(nullptr), why.id, why.code, why.message);
    if (framing_)
        framing_->end_last_message(wire_.out(), mark_);
    else
        end(nullptr);
}

FARCALL_DECL void reply_writer::leave(const std::shared_ptr<reply_batch>& batch) {
    if (--batch->outstanding != 0) return;
    if (!batch->answered) {
        if (framing_) framing_->no_reply(wire_.out());
        return;
    }
    gathered_ -= batch->text.size();
    text_buffer& out = begin(nullptr);
    if (batch->form == dialect::none) {
        batch->text.push_back(']');
        out.append(batch->text.view());
    } else {
        const auto now = std::chrono::duration_cast<std::chrono::microseconds>(time_.wall().time_since_epoch());
        append_dialect_reply(out, batch->form, batch->id, batch->text.view().substr(1), now);
    }
    end(nullptr);
}

}  // namespace farcall::detail
