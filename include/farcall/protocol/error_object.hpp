#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <farcall/detail/config.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/error.hpp>

namespace farcall::detail {

/// @{ Most bytes of an error's texts; what is longer is cut, written as well as read.
inline constexpr std::size_t longest_error_message = 64u << 10;
inline constexpr std::size_t longest_error_type = 256;
inline constexpr std::size_t longest_error_path = 4096;
/// @}

/// The member `error` of a response as it stands in the received text.
struct error_view {
    std::int64_t code = 0;
    std::string_view message{};  ///< Text of a JSON string, with its quotes.
    std::string_view data{};     ///< Any JSON text; empty: absent.
};

/// The number that an error is sent with: that of its status, or the application's own. A number that JSON-RPC
/// reserves is no application's to send: −32603 instead.
[[nodiscard]] FARCALL_DECL std::int64_t wire_code(const error& failure) noexcept;

/// Appends `{"code":..,"message":..,"data":{..}}`.
///
/// An error of `error::application` sends its `data` as it was given; if that is no JSON, it is sent as a string. For
/// every other, data holds what is there of `type`, `value`, `path`, `retry_after_ms`, and `executed` where it is not
/// what `executed_by_code` says; empty data is left out.
FARCALL_DECL void append_error_object(text_buffer& out, const error& failure);

/// Appends `{"code":..,"message":..}`.
FARCALL_DECL void append_error_object(text_buffer& out, std::int64_t code, std::string_view message);

/// Reads the text of a member `error` strictly: code is an integer, message is a string, neither twice.
///
/// @param text     an object that a scan has found good
/// @param problem  on failure, what is wrong
[[nodiscard]] FARCALL_DECL bool read_error_object(std::string_view text, error_view& view, std::string& problem);

/// The error that a peer sent, with its texts as they came.
///
/// `executed` is what the peer says in data, otherwise `executed_by_code`. Members of data that are not as expected
/// are passed over: data is any JSON in JSON-RPC. With an application's own code nothing in data is looked at.
[[nodiscard]] FARCALL_DECL error to_error(const error_view& view);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/impl/error_object.ipp>
#endif
