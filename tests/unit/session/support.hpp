#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <farcall/session/client_session.hpp>

/// What the tests of sessions share.
namespace session_test {

using farcall::error;
using farcall::limits;
using farcall::time_point;
using farcall::detail::client_session;
using farcall::detail::reply;
using farcall::detail::text_buffer;
using namespace std::chrono_literals;

inline constexpr time_point start{1000h};
inline const error given_up{farcall::status::cancelled, "the caller gave up"};

/// A call that remembers its end.
struct recorded_call final : farcall::detail::outgoing_call {
    explicit recorded_call(std::string_view name = "add", std::string_view arguments = "[5,3]") {
        method = name;
        params = arguments;
    }

    void complete(const reply& end) noexcept override {
        ++ends;
        if (end.meta != nullptr) said = *end.meta;
        if (end.failure != nullptr)
            failure = *end.failure;
        else
            result = std::string{end.result};
        if (then) then();
    }

    void abandon() noexcept override { ++abandoned; }

    int ends = 0;
    int abandoned = 0;
    std::optional<error> failure;
    farcall::detail::reply_meta said;
    std::optional<std::string> result;
    std::function<void()> then;
};

inline std::string frame(std::string_view text) {
    const auto length = static_cast<std::uint32_t>(text.size());
    return std::string{static_cast<char>(length >> 24), static_cast<char>(length >> 16), static_cast<char>(length >> 8),
                       static_cast<char>(length)} +
           std::string{text};
}
inline std::string result(std::uint64_t id, std::string_view value) {
    return frame(R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":)" + std::string{value} + "}");
}

class session : public ::testing::Test {
protected:
    /// Bytes in a buffer of exactly their size, so that a sanitizer sees one read too many.
    client_session::progress feed(std::string_view bytes) {
        const std::unique_ptr<char[]> exact{new char[bytes.size()]};
        std::copy(bytes.begin(), bytes.end(), exact.get());
        return side.on_bytes({exact.get(), bytes.size()}, out);
    }
    /// What was appended since the last look; it has left by now.
    std::string written() {
        std::string text{out.view()};
        out.clear();
        return text;
    }

    client_session side{limits{}};
    text_buffer out;
};

}  // namespace session_test
