#pragma once

#include <utility>

#include <boost/asio/this_coro.hpp>

#include <farcall/interceptor/shared_answers.hpp>

namespace farcall::detail {

FARCALL_DECL boost::asio::awaitable<std::optional<call_outcome>> shared_answers::flight::wait(
    std::shared_ptr<flight> which) {
    wakeable here{co_await boost::asio::this_coro::executor};
    std::optional<waiter> one;
    {
        const std::lock_guard lock(which->mutex_);
        if (which->landed_) co_return which->end_;
        one.emplace(*which, here);
    }
    co_await here.sleep();
    one.reset();
    const std::lock_guard lock(which->mutex_);
    co_return which->end_;
}

FARCALL_DECL void shared_answers::flight::land(const std::optional<call_outcome>& end) {
    std::map<std::uint64_t, wakeable::handle> all;
    {
        const std::lock_guard lock(mutex_);
        end_ = end;
        landed_ = true;
        all.swap(waiting_);
    }
    for (const auto& [number, each] : all) each.wake();
}

FARCALL_DECL shared_answers::found shared_answers::find(const std::shared_ptr<shared_answers>& all,
                                                        const std::string& key, time_point now) {
    const std::lock_guard lock(all->mutex_);
    if (const answer_table::answer* kept = all->table_.find(key)) {
        if (now < kept->good_until) {
            if (kept->alone) return {};
            return {.kept = kept->result};
        }
        all->table_.erase(key);
    }
    const auto [at, added] = all->flights_.try_emplace(key);
    if (!added) return {.joined = at->second};
    at->second = std::make_shared<flight>();
    return {.leads = std::make_unique<leader>(all, key, at->second)};
}

FARCALL_DECL void shared_answers::land(const std::string& key, const std::shared_ptr<flight>& ended,
                                       const std::optional<call_outcome>& end,
                                       std::optional<answer_table::answer> kept) {
    {
        const std::lock_guard lock(mutex_);
        flights_.erase(key);
        if (kept) table_.put(key, std::move(*kept));
    }
    ended->land(end);
}

}  // namespace farcall::detail
