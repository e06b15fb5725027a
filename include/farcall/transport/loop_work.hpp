#pragma once

#include <utility>

namespace farcall::detail {

/// Something to be run by an `event_loop`, once.
class loop_work {
public:
    loop_work(const loop_work&) = delete;
    loop_work& operator=(const loop_work&) = delete;

    /// Ends it: runs it or, if the loop ends before its turn came, only gives back what it holds. It may be gone when
    /// this returns.
    /// @param to_run  false: without running it
    void end(bool to_run) { end_(*this, to_run); }

protected:
    using ender = void (*)(loop_work& self, bool to_run);
    explicit loop_work(ender end) noexcept : end_(end) {}
    ~loop_work() = default;

private:
    friend class loop_queue;
    friend class event_loop;
    ender end_;
    loop_work* next_ = nullptr;
};

/// Work in the order in which it came. Owns nothing and allocates nothing.
///
/// @par Thread safety  Unsafe.
class loop_queue {
public:
    bool empty() const noexcept { return first_ == nullptr; }

    void push(loop_work& work) noexcept {
        work.next_ = nullptr;
        *last_ = &work;
        last_ = &work.next_;
    }

    /// The first one, which leaves the queue; null if there is none.
    loop_work* pop() noexcept {
        loop_work* const first = first_;
        if (first == nullptr) return nullptr;
        first_ = first->next_;
        if (first_ == nullptr) last_ = &first_;
        return first;
    }

private:
    loop_work* first_ = nullptr;
    loop_work** last_ = &first_;
};

}  // namespace farcall::detail
