#pragma once

#include <cstdint>
#include <string_view>

namespace farcall {

/// Which of the two processes of a call this is.
enum class call_side : std::uint8_t {
    client,  ///< The one that makes the call.
    server,  ///< The one that answers it.
};

/// The name as it is written in code.
constexpr std::string_view to_string(call_side value) noexcept {
    return value == call_side::client ? "client" : "server";
}

}  // namespace farcall
