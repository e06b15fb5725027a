#pragma once

#include <cstdint>
#include <string_view>

#include <farcall/protocol/http/token.hpp>

namespace farcall::detail {

/// What a request's `Content-Type` says of its body.
enum class media_type : std::uint8_t {
    none,     ///< nothing
    json,     ///< JSON in UTF-8
    form,     ///< what curl says of `-d`, unless it is told otherwise
    foreign,  ///< anything else
};

/// Whether the parameters of a `Content-Type` allow for UTF-8, which US-ASCII is a part of; others do not matter.
///
/// @param parameters  what stands behind the first semicolon
inline bool allows_utf8(std::string_view parameters) noexcept {
    for (std::string_view part; next_part(parameters, part, ';');) {
        if (part.size() < 8 || !same_name(part.substr(0, 8), "charset=")) continue;
        std::string_view charset = part.substr(8);
        if (charset.size() > 1 && charset.front() == '"' && charset.back() == '"')
            charset = charset.substr(1, charset.size() - 2);
        if (!same_name(charset, "utf-8") && !same_name(charset, "utf8") && !same_name(charset, "us-ascii")) return false;
    }
    return true;
}

/// Reads the value of `Content-Type`.
///
/// JSON is `application/json`, and the two other names that JSON-RPC over HTTP has used; in UTF-8.
/// @see RFC 9110, section 8.3; RFC 8259, section 11
inline media_type read_media_type(std::string_view value) noexcept {
    std::string_view left = value, part;
    if (!next_part(left, part, ';') || part.empty()) return media_type::none;
    const bool json = same_name(part, "application/json") || same_name(part, "application/json-rpc") ||
                      same_name(part, "application/jsonrequest");
    if (!json && !same_name(part, "application/x-www-form-urlencoded")) return media_type::foreign;
    if (!allows_utf8(left)) return media_type::foreign;
    return json ? media_type::json : media_type::form;
}

}  // namespace farcall::detail
