#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "integration/raw_socket.hpp"

namespace integration {

/// A response of HTTP, as it came.
struct http_response {
    int status = 0;
    std::string head{};
    std::string body{};

    bool says(std::string_view line) const {
        return head.find("\r\n" + std::string{line} + "\r\n") != std::string::npos;
    }
};

inline std::string http_post(std::string_view target, std::string_view body, std::string_view more = {}) {
    return "POST " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
           std::string{more} + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

inline std::string http_get(std::string_view target, std::string_view more = {}) {
    return "GET " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n" + std::string{more} + "\r\n";
}

/// The next response on a connection; nothing if none comes that is whole.
inline std::optional<http_response> receive_http(raw_socket& wire, bool with_body = true) {
    http_response made;
    for (;;) {
        const auto line = wire.receive_line();
        if (!line) return std::nullopt;
        made.head += *line + (line->ends_with('\n') ? "" : "\n");
        if (*line == "\r" || *line == "\r\n") break;
    }
    if (!made.head.starts_with("HTTP/1.1 ")) return std::nullopt;
    made.status = std::atoi(made.head.c_str() + 9);
    const std::size_t length = made.head.find("\r\nContent-Length: ");
    if (with_body && length != std::string::npos)
        made.body = wire.receive_bytes(static_cast<std::size_t>(std::atol(made.head.c_str() + length + 18)));
    return made;
}

/// What is answered to one request on a connection of its own.
inline http_response http_ask(std::uint16_t port, std::string_view request) {
    raw_socket wire = raw_socket::connect(port);
    wire.send(request);
    return receive_http(wire).value_or(http_response{});
}

}  // namespace integration
