#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

namespace farcall::detail {

/// @{ What a server of farcall answers by itself, beside the methods of the application.
inline constexpr std::string_view hello_name = "rpc.hello";
inline constexpr std::string_view health_name = "rpc.health";            ///< whether calls are wanted
inline constexpr std::string_view discover_name = "rpc.discover";        ///< its result is the OpenRPC document
inline constexpr std::string_view debug_calls_name = "rpc.debug_calls";  ///< slow and failed calls
inline constexpr std::string_view metrics_name = "rpc.metrics";          ///< what the server has counted
/// @}

/// Whether the library has a call of that name.
constexpr bool library_call(std::string_view method) noexcept {
    constexpr std::string_view names[] = {hello_name, discover_name, health_name, metrics_name, debug_calls_name};
    return std::find(std::begin(names), std::end(names), method) != std::end(names);
}

}  // namespace farcall::detail
