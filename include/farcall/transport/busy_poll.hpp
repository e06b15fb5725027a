#pragma once

#include <chrono>
#include <cstddef>

#include <boost/asio/io_context.hpp>

namespace farcall::detail {

/// Runs one handler of `context`, and waits for one if there is none: first by looking again and again, for `look`, and
/// then asleep. To be woken up costs more time than a short wait takes.
/// @param look  zero: goes to sleep at once
/// @returns 0 if the context has stopped or has run out of work
template <class Clock = std::chrono::steady_clock>
std::size_t run_one(boost::asio::io_context& context, std::chrono::microseconds look) {
    if (look.count() > 0) {
        const typename Clock::time_point until = Clock::now() + look;
        do {
            if (const std::size_t ran = context.poll_one()) return ran;
        } while (!context.stopped() && Clock::now() < until);
    }
    return context.run_one();
}

}  // namespace farcall::detail
