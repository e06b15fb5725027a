#pragma once

namespace farcall::detail {

class io_driver;

/// A piece of work for a client's I/O thread; stays where it is until it has run.
class io_task {
public:
    virtual void run() noexcept = 0;
    /// Called in place of `run` when the user's executor is destroyed with the work in its queue.
    virtual void abandon() noexcept = 0;

protected:
    ~io_task() = default;

    /// In `run`: whether time has passed since it was handed over.
    bool queued() const noexcept { return queued_; }

private:
    friend class io_driver;
    bool queued_ = false;
};

}  // namespace farcall::detail
