#pragma once

#include <string_view>

namespace farcall::detail {

/// Why a request is not served.
struct http_problem {
    unsigned status = 0;      ///< HTTP's, 400 to 505; 0: there is none
    std::string_view text{};  ///< what is wrong and what to do

    explicit operator bool() const noexcept { return status != 0; }
};

/// What stands behind a status in the first line of a response.
///
/// @see RFC 9110, section 15; RFC 6585
constexpr std::string_view http_reason(unsigned status) noexcept {
    switch (status) {
        case 100: return "Continue";
        case 101: return "Switching Protocols";
        case 200: return "OK";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 417: return "Expectation Failed";
        case 421: return "Misdirected Request";
        case 426: return "Upgrade Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 499: return "Client Closed Request";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 503: return "Service Unavailable";
        case 504: return "Gateway Timeout";
        case 505: return "HTTP Version Not Supported";
        default: return "Unknown";
    }
}

}  // namespace farcall::detail
