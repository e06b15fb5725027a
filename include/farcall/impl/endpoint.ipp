#pragma once

#include <charconv>

#include <farcall/endpoint.hpp>

namespace farcall {

FARCALL_DECL std::string endpoint::url() const {
    if (scheme == "unix") return path.starts_with('/') ? "unix://" + path : "unix:" + path;
    if (scheme == "tcp" || scheme == "ws" || scheme == "http") {
        const bool six = host.find(':') != std::string::npos;
        return scheme + "://" + (six ? '[' + host + ']' : host) + ':' + std::to_string(port) + path;
    }
    return scheme + "://" + host;
}

namespace detail {

inline error bad_url(std::string_view url, std::string_view reason) {
    std::string text{"the URL \""};
    text += url.substr(0, 200);
    text += "\" ";
    text += reason;
    return error{status::invalid_argument, std::move(text)}.with_executed(executed::no);
}

/// Splits `host`, `host:port` or `[address]:port`; the port is optional where there is a default.
inline result<endpoint> parse_host_and_port(std::string_view url, std::string_view rest, std::string_view example,
                                            std::uint16_t default_port) {
    const auto wrong = [&](std::string_view what) { return bad_url(url, std::string{what} + "; write " + std::string{example}); };
    endpoint made;
    made.port = default_port;
    std::size_t end_of_host = rest.rfind(':');
    if (rest.starts_with('[')) {
        const std::size_t close = rest.find(']');
        const bool more = close != std::string_view::npos && close + 1 != rest.size();
        if (close == std::string_view::npos || (more && rest[close + 1] != ':') || (!more && default_port == 0))
            return wrong("lacks the port behind the IPv6 address");
        made.host = rest.substr(1, close - 1);
        if (made.host.empty()) return wrong("has no IPv6 address in its brackets");
        end_of_host = more ? close + 1 : std::string_view::npos;
    } else {
        if (end_of_host == std::string_view::npos && default_port == 0) return wrong("lacks a port");
        made.host = rest.substr(0, end_of_host);
        if (made.host.find(':') != std::string::npos) return wrong("has an IPv6 address without brackets");
    }
    if (made.host.empty()) made.host = "127.0.0.1";
    if (end_of_host == std::string_view::npos) return made;
    const std::string_view port = rest.substr(end_of_host + 1);
    const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), made.port);
    if (problem != std::errc{} || end != port.data() + port.size()) return wrong("has no port from 0 to 65535 at its end");
    return made;
}

inline result<endpoint> parse_tcp(std::string_view url, std::string_view rest) {
    constexpr std::string_view example = "tcp://127.0.0.1:5000";
    if (rest.find('/') != std::string_view::npos)
        return bad_url(url, rest.size() == url.size()
                                ? "is no host:port and lacks \"://\"; write tcp://127.0.0.1:5000"
                                : "has a path, which a TCP URL has not; write tcp://127.0.0.1:5000");
    auto made = parse_host_and_port(url, rest, example, 0);
    if (made) made->scheme = "tcp";
    return made;
}

/// `host:port/path?query` of a ws:// or http:// URL.
inline result<endpoint> parse_web(std::string_view url, std::string_view scheme, std::string_view rest) {
    const std::string example = std::string{scheme} + "://127.0.0.1:5000/";
    const auto wrong = [&](std::string_view what) { return bad_url(url, std::string{what} + "; write " + example); };
    const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
    std::string_view path = rest.substr(host.size());
    if (host.empty()) return wrong("has no host");
    if (host.find('@') != std::string_view::npos)
        return wrong("has a name or password in it; send them as metadata, such as Authorization");
    if (path.find('#') != std::string_view::npos) return wrong("has a fragment, which no server is sent");
    // The path stands in the first line of a request: a blank would end it, a line end would begin another header.
    for (const char c : rest)
        if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F)
            return wrong("has a character that must be written as a percent sign and two digits");
    auto made = parse_host_and_port(url, host, example, 80);
    if (!made) return made;
    made->scheme = scheme;
    made->path = path.starts_with('/') ? "" : "/";
    made->path += path;
    return made;
}

}  // namespace detail

FARCALL_DECL result<endpoint> parse_endpoint(std::string_view url) {
    if (url.find('\0') != std::string_view::npos) return detail::bad_url("", "has a NUL character in it");
    if (url.starts_with("unix:")) {
        std::string_view path = url.substr(5);
        if (path.starts_with("//")) path.remove_prefix(2);
        if (path.empty()) return detail::bad_url(url, "lacks a path; write unix:///run/calculator.sock");
        endpoint made;
        made.scheme = "unix";
        made.path = path;
        return made;
    }
    const std::size_t colon = url.find("://");
    if (colon == std::string_view::npos) return detail::parse_tcp(url, url);
    const std::string_view scheme = url.substr(0, colon);
    const std::string_view rest = url.substr(colon + 3);
    if (scheme == "tcp") return detail::parse_tcp(url, rest);
    if (scheme == "ws" || scheme == "http") return detail::parse_web(url, scheme, rest);
    if (scheme == "wss" || scheme == "https")
        return detail::bad_url(url, "wants TLS, which is not there yet; write " +
                                        std::string{scheme.substr(0, scheme.size() - 1)} + "://127.0.0.1:5000/");
    if (scheme.empty() || rest.empty())
        return detail::bad_url(url, "is not complete; write tcp://127.0.0.1:5000 or unix:///path");
    endpoint made;
    made.scheme = scheme;
    made.host = rest;
    return made;
}

}  // namespace farcall
