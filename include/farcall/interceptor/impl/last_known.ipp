#pragma once

#include <algorithm>
#include <utility>

#include <farcall/interceptor/last_known.hpp>

namespace farcall {

FARCALL_DECL last_known::last_known(last_known_options options)
    : options_(std::move(options)), kept_(std::make_shared<kept_results>(options_.bytes)) {}

FARCALL_DECL bool last_known::falls_back_on(status code) const noexcept {
    return std::find(options_.failures.begin(), options_.failures.end(), code) != options_.failures.end();
}

FARCALL_DECL void last_known::after(intercepted_call& call, call_outcome& end) {
    if (call.one_way || call.info == nullptr || !call.info->readonly) return;
    if (end.failure && !falls_back_on(end.failure->status())) return;
    // What is old already was kept by somebody else.
    if (!end.failure && end.stale) return;
    const time_point now = call.now();
    const detail::answer_table::sameness same{options_.vary, options_.caller};
    if (!same.holds_behind(call)) return;
    std::string key = same.key_of(call);
    const std::lock_guard lock(kept_->mutex);
    if (!end.failure) return kept_->table.put(std::move(key), {.result = end.result, .made = now});
    const detail::answer_table::answer* last = kept_->table.find(key);
    if (last == nullptr) return;
    if (options_.max_age.count() != 0 && now - last->made > options_.max_age) return kept_->table.erase(key);
    end = call_outcome::answer(last->result);
    end.stale = true;
}

}  // namespace farcall
