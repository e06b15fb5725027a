#pragma once

#include <algorithm>
#include <cstddef>

#include <boost/asio/io_context.hpp>

#include <farcall/detail/chrono.hpp>

namespace farcall::detail {

/// Runs one handler of `context`, and waits for one if there is none: first by looking again and again, for `look`, and
/// then asleep. To be woken up costs more time than a short wait takes.
/// @param look  zero: goes to sleep at once; more than a second counts as one
/// @returns 0 if the context has stopped or has run out of work
template <class Clock = std::chrono::steady_clock>
std::size_t run_one(boost::asio::io_context& context, std::chrono::microseconds look) {
    if (look.count() > 0) {
        constexpr std::chrono::microseconds longest = std::chrono::seconds{1};  // added to any time, it does not wrap
        const typename Clock::time_point until = Clock::now() + std::min(look, longest);
        do {
            if (const std::size_t ran = context.poll_one()) return ran;
        } while (!context.stopped() && Clock::now() < until);
    }
    return context.run_one();
}

}  // namespace farcall::detail
