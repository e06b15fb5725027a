#pragma once

#include <farcall/client/repetition.hpp>

namespace farcall::detail {

FARCALL_DECL void repetition::pausing::unlink() noexcept {
    if (before_ == nullptr) return;
    before_->behind_ = behind_;
    behind_->before_ = before_;
    before_ = behind_ = nullptr;
}

FARCALL_DECL repetition::repetition(const retry_budget& rule) : budget_(rule) {
    list_.before_ = list_.behind_ = &list_;
}

FARCALL_DECL void repetition::add(pausing& call) {
    call.before_ = list_.before_;
    call.behind_ = &list_;
    list_.before_->behind_ = &call;
    list_.before_ = &call;
}

FARCALL_DECL void repetition::close(const error& why) {
    if (list_.behind_ == &list_) return;
    // A call that has ended may be followed by others that come to pause: they are none of those that are given up.
    list_end all;
    all.before_ = list_.before_;
    all.behind_ = list_.behind_;
    all.before_->behind_ = all.behind_->before_ = &all;
    list_.before_ = list_.behind_ = &list_;
    while (all.behind_ != &all) {
        pausing& first = *all.behind_;
        first.unlink();
        first.give_up(why);
    }
}

}  // namespace farcall::detail
