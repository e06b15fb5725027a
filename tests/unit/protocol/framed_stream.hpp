#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <farcall/protocol/framing.hpp>

#include "unit/protocol/exact_text.hpp"

namespace farcall::testing {

/// Feeds a framing in any pieces, as a connection does, and notes what it finds.
class framed_stream {
public:
    explicit framed_stream(std::unique_ptr<detail::framing> with) : framing_(std::move(with)) {}

    void feed(std::string_view bytes) {
        buffered_ += bytes;
        while (!buffered_.empty() && !closed_) {
            const exact_text received{buffered_};
            const detail::framing_step step = framing_->next(received, out_);
            if (step.what == kind::need_more) break;
            if (step.what != kind::close) {
                EXPECT_GT(step.consumed, 0u);
            }
            take(step);
        }
    }
    /// The peer ends its side.
    void end() {
        if (closed_ || buffered_.empty()) return;
        const exact_text rest{buffered_};
        take(framing_->last(rest, out_));
    }
    /// Every byte by itself.
    void feed_slowly(std::string_view bytes) {
        for (const char& byte : bytes) feed({&byte, 1});
    }

    const std::vector<std::string>& messages() const { return messages_; }
    const std::string& rest() const { return buffered_; }
    bool closed() const { return closed_; }
    /// What the framing itself said.
    std::string said() const { return std::string{out_.view()}; }

private:
    using kind = detail::framing_step::kind;

    void take(const detail::framing_step& step) {
        if (step.what == kind::message) messages_.emplace_back(step.payload);
        closed_ = step.what == kind::close;
        buffered_.erase(0, step.consumed);
    }

    std::unique_ptr<detail::framing> framing_;
    detail::text_buffer out_;
    std::string buffered_;
    std::vector<std::string> messages_;
    bool closed_ = false;
};

}  // namespace farcall::testing
