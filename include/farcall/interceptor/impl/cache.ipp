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

/// Whether an end says something of this caller only, and nothing of the others who wait for the same: it has given the
/// call up, or the peer says that there was not time enough for it.
inline bool given_up_by_caller(const call_outcome& end) noexcept {
    return end.status() == status::cancelled || end.status() == status::deadline_exceeded;
}

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 sees Asio's operator new of a coroutine's frame in line, and its operator delete not.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif
FARCALL_DECL boost::asio::awaitable<call_outcome> cache::around(intercepted_call& call, next_call& next) {
    const std::chrono::milliseconds fresh = time_to_live(call);
    if (fresh.count() <= 0) co_return co_await next();
    const detail::answer_table::sameness same{options_->vary, options_->caller};
    const std::string key = same.key_of(call);
    auto found = detail::shared_answers::find(answers_, key, call.now());
    while (found.joined) {
        std::optional<call_outcome> end = co_await detail::shared_answers::flight::wait(found.joined);
        if (end) co_return *std::move(end);
        found = detail::shared_answers::find(answers_, key, call.now());
    }
    if (found.kept) {
        call_outcome end = call_outcome::answer(*std::move(found.kept));
        end.stale = true;
        co_return end;
    }
    call_outcome end = co_await next();
    if (!found.leads) co_return end;
    const time_point now = call.now();
    if (!same.holds_behind(call))
        found.leads->end_alone(now, now + fresh);
    else if (!given_up_by_caller(end))
        found.leads->end(end, now, now + fresh);
    // Otherwise whoever waits is told that nobody makes the call any more.
    co_return end;
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

}  // namespace farcall
