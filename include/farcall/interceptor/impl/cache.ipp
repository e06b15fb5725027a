#pragma once

#include <utility>

#include <farcall/interceptor/answer_table.hpp>
#include <farcall/interceptor/cache.hpp>
#include <farcall/interceptor/shared_answers.hpp>

namespace farcall {

FARCALL_DECL cache::cache(cache_options options)
    : options_(std::make_shared<const cache_options>(std::move(options))),
      answers_(std::make_shared<detail::shared_answers>(options_->bytes)) {}

FARCALL_DECL std::chrono::milliseconds cache::time_to_live(const intercepted_call& call) const {
    if (call.one_way || (call.info != nullptr && !call.info->readonly)) return {};
    const auto named = options_->methods.find(call.method);
    if (named != options_->methods.end()) return named->second;
    return call.info != nullptr ? call.info->cacheable : std::chrono::milliseconds{0};
}

/// Whether an end says something of this caller only, and nothing of the others who wait for the same.
inline bool given_up_by_caller(const call_outcome& end) noexcept {
    return end.failure && end.failure->origin() == origin::local &&
           (end.failure->status() == status::cancelled || end.failure->status() == status::deadline_exceeded);
}

FARCALL_DECL boost::asio::awaitable<call_outcome> cache::around(intercepted_call& call, next_call& next) {
    const std::chrono::milliseconds fresh = time_to_live(call);
    if (fresh.count() <= 0) co_return co_await next();
    const std::string key = detail::answer_table::key_of(call, options_->vary);
    auto found = detail::shared_answers::find(answers_, key, call.now());
    while (found.joined) {
        std::optional<call_outcome> end = co_await found.joined->wait();
        if (end) co_return *std::move(end);
        found = detail::shared_answers::find(answers_, key, call.now());
    }
    if (found.kept) {
        call_outcome end = call_outcome::answer(*std::move(found.kept));
        end.stale = true;
        co_return end;
    }
    call_outcome end = co_await next();
    // Whoever waits is told that nobody makes the call any more.
    if (given_up_by_caller(end)) co_return end;
    const time_point now = call.now();
    found.leads->end(end, now, now + fresh);
    co_return end;
}

}  // namespace farcall
