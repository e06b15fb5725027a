#pragma once

#include <cstddef>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Pending bytes from which on they are written before the rest of a batch is handled: as farcall does on both sides.
inline constexpr std::size_t early_flush = 4096;

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

/// What arrives is cut into frames, and each may be answered: all that a subject without RPC has to do.
///
/// The buffers keep their memory, and frames are looked at where they arrived.
class frame_pump {
public:
    char* room() { return in_.data() + filled_; }
    std::size_t room_size() const { return in_.size() - filled_; }

    /// Calls `on_frame()` for every whole frame of the `count` bytes that came, and `flush()` whenever much is pending
    /// and at the end.
    template <class OnFrame, class Flush>
    void take(std::size_t count, OnFrame&& on_frame, Flush&& flush) {
        filled_ += count;
        std::size_t at = 0;
        while (filled_ - at >= header_size) {
            const std::size_t size = header_size + payload_size(in_.data() + at);
            if (size > in_.size()) throw std::runtime_error{"a frame of " + std::to_string(size) + " bytes"};
            if (filled_ - at < size) break;
            at += size;
            on_frame();
            if (out_.size() >= early_flush) flush();
        }
        filled_ -= at;
        if (filled_ != 0 && at != 0) std::memmove(in_.data(), in_.data() + at, filled_);
        if (!out_.empty()) flush();
    }

    std::string& out() { return out_; }

private:
    static constexpr std::size_t capacity = 64u << 10;
    std::vector<char> in_ = std::vector<char>(capacity);
    std::size_t filled_ = 0;
    std::string out_;
};

}  // namespace bench
