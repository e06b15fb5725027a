#pragma once

#include <utility>
#include <vector>

#include <farcall/transport/transport.hpp>

namespace farcall::detail {

/// What is left to be done before the thread that drives an event loop waits again.
///
/// A thread that drives the loop only until its own call is answered goes on with its work first: what is there to do for
/// the next answer, such as to look in vain whether it is there already, waits until the thread comes back.
/// @par Thread safety  Unsafe: belongs to whoever drives the loop.
class put_off {
public:
    /// Whether anything may be put off: from the end on nothing may.
    bool open() const noexcept { return open_; }
    /// Only if it is `open`. The handler is called once, without an error.
    void add(io_handler what) { next_.push_back(std::move(what)); }

    /// Before the loop runs, and before it waits.
    void run() {
        while (!next_.empty()) {
            running_.swap(next_);
            for (const io_handler& each : running_) each({}, 0);
            running_.clear();
        }
    }

    /// Does everything now, and from now on at once.
    void end() {
        open_ = false;
        run();
    }

private:
    std::vector<io_handler> next_;
    std::vector<io_handler> running_;
    bool open_ = true;
};

}  // namespace farcall::detail
