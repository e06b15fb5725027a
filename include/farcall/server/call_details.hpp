#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <farcall/error.hpp>

namespace farcall::detail {

/// What observers are told of a call beside its account: gathered only where one watches calls.
struct call_details {
    /// Bytes of a name or an id that are kept: the peer chooses how long those are.
    static constexpr std::size_t most_text = 1'024;

    std::string method{};       ///< as the caller wrote it; perhaps cut
    std::string id{};           ///< as JSON text; empty: a notification; perhaps cut
    std::string params{};       ///< as much of them as an observer wants
    std::size_t params_size = 0;
    std::string request_id{};
    std::string traceparent{};
    unsigned attempt = 1;
    std::optional<error> failure{};  ///< what the caller was told, or would be; empty: the call succeeded
};

}  // namespace farcall::detail
