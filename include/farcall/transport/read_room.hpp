#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include <farcall/detail/text_buffer.hpp>

namespace farcall::detail {

/// Where the connections of one thread read into, one after another, so that those that wait hold no memory for it.
///
/// What was read is handled at once; only a message that is not complete yet is kept apart. What is said to it at once
/// goes out through one buffer of all of them, too: it is warm, and of the right size already.
/// @par Thread safety  Unsafe: lives where its connections live.
class read_room {
public:
    static constexpr std::size_t size = 64u << 10;

    /// The right to use it, until it is destroyed.
    class lease {
    public:
        /// Gets none while another one has it: a handler may run the loop on which it was called.
        explicit lease(read_room& room) : room_(std::exchange(room.leased_, true) ? nullptr : &room) {
            if (room_ != nullptr && !room_->bytes_) room_->bytes_ = std::make_unique_for_overwrite<char[]>(size);
        }
        lease(const lease&) = delete;
        lease& operator=(const lease&) = delete;
        ~lease() {
            if (room_ != nullptr) room_->leased_ = false;
        }

        explicit operator bool() const noexcept { return room_ != nullptr; }
        char* bytes() const noexcept { return room_->bytes_.get(); }
        /// Lends a buffer to write into, which is empty, to one that has none.
        void lend(text_buffer& out) const noexcept {
            if (out.capacity() == 0) out.swap(room_->spare_);
        }
        /// Takes it back, or what has become of it, if it is empty again.
        void take_back(text_buffer& out) const noexcept {
            if (out.empty() && room_->spare_.capacity() == 0) out.swap(room_->spare_);
        }

    private:
        read_room* room_;
    };

private:
    std::unique_ptr<char[]> bytes_;
    text_buffer spare_;
    bool leased_ = false;
};

}  // namespace farcall::detail
