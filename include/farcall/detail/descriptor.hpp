#pragma once

#include <utility>

#include <unistd.h>

namespace farcall::detail {

/// A descriptor of the system's, which is closed with this.
class descriptor {
public:
    /// @param number  ours from now on; negative: none
    explicit descriptor(int number) noexcept : number_(number) {}
    descriptor(descriptor&& other) noexcept : number_(other.release()) {}
    descriptor& operator=(descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~descriptor() {
        if (number_ >= 0) ::close(number_);
    }

    int number() const noexcept { return number_; }
    /// Leaves it to the caller.
    int release() noexcept { return std::exchange(number_, -1); }

private:
    int number_;
};

}  // namespace farcall::detail
