#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

inline constexpr std::size_t header_size = 4;

/// Length of the payload behind a native frame's header.
inline std::size_t payload_size(const char* header) {
    const auto byte = [&](int at) { return static_cast<std::size_t>(static_cast<unsigned char>(header[at])); };
    return byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
}

/// `payload` with its header in front.
inline std::string framed(std::string_view payload) {
    std::string frame;
    for (int shift = 24; shift >= 0; shift -= 8) frame += static_cast<char>(static_cast<unsigned char>(payload.size() >> shift));
    frame += payload;
    return frame;
}

/// One request and its reply as farcall sends them, for the subjects that only move bytes.
struct frame_pair {
    std::string request;
    std::string reply;

    void save(const std::string& path) const {
        std::ofstream file{path, std::ios::binary};
        file << request << reply;
        if (!file.flush()) throw std::runtime_error{"cannot write " + path};
    }

    static frame_pair load(const std::string& path) {
        std::ifstream file{path, std::ios::binary};
        const std::string all{std::istreambuf_iterator<char>{file}, {}};
        if (all.size() < header_size) throw std::runtime_error{"no frames in " + path};
        const std::size_t first = header_size + payload_size(all.data());
        if (all.size() < first + header_size) throw std::runtime_error{"no reply in " + path};
        return {all.substr(0, first), all.substr(first)};
    }
};

/// What arrives is cut into frames: all that a subject without RPC has to do with it.
///
/// A frame is looked at where it arrived; of one that is longer than the buffer, bytes are only counted.
class frame_cutter {
public:
    char* room() { return in_.data() + filled_; }
    std::size_t room_size() const { return in_.size() - filled_; }

    /// Calls `on_frame()` for every frame that ends in the `count` bytes that came.
    template <class OnFrame>
    void take(std::size_t count, OnFrame&& on_frame) {
        filled_ += count;
        std::size_t at = 0;
        if (skip_ != 0) {
            at = std::min(skip_, filled_);
            skip_ -= at;
            if (skip_ == 0) on_frame();
        }
        while (skip_ == 0 && filled_ - at >= header_size) {
            const std::size_t size = header_size + payload_size(in_.data() + at);
            if (size > in_.size()) {
                skip_ = size - (filled_ - at);
                at = filled_;
                break;
            }
            if (filled_ - at < size) break;
            at += size;
            on_frame();
        }
        filled_ -= at;
        if (filled_ != 0 && at != 0) std::memmove(in_.data(), in_.data() + at, filled_);
    }

private:
    static constexpr std::size_t capacity = 64u << 10;
    std::vector<char> in_ = std::vector<char>(capacity);
    std::size_t filled_ = 0;
    std::size_t skip_ = 0;  ///< bytes that are still to come of a long frame
};

/// Frames on their way out: short ones are gathered, long ones are sent from where they are.
class frame_queue {
public:
    /// Pending bytes from which on they are written before the rest of a batch is handled: as farcall does on both sides.
    static constexpr std::size_t early_flush = 4096;

    /// @param frame  must outlive the queue, as those of a `frame_pair` do
    void add(std::string_view frame) {
        // What was gathered goes out before the long one, so nothing may be gathered behind it.
        gathered_ += std::exchange(long_, {});
        if (frame.size() < early_flush)
            gathered_ += frame;
        else
            long_ = frame;
    }
    bool empty() const { return gathered_.empty() && long_.empty(); }
    bool wants_flush() const { return gathered_.size() >= early_flush || !long_.empty(); }

    /// Sends by `write(view)`, which says how many bytes it took, until it takes less than it got.
    /// @returns whether all is sent
    template <class Write>
    bool flush(Write&& write) {
        if (!gathered_.empty()) {
            gathered_.erase(0, write(std::string_view{gathered_}));
            if (!gathered_.empty()) return false;
        }
        if (!long_.empty()) long_.remove_prefix(write(long_));
        return long_.empty();
    }

private:
    std::string gathered_;
    std::string_view long_;
};

}  // namespace bench
