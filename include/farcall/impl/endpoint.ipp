#pragma once

#include <charconv>

#include <farcall/endpoint.hpp>

namespace farcall {

FARCALL_DECL std::string endpoint::url() const {
    if (scheme == "unix") return path.starts_with('/') ? "unix://" + path : "unix:" + path;
    if (scheme == "tcp") {
        const bool six = host.find(':') != std::string::npos;
        return "tcp://" + (six ? '[' + host + ']' : host) + ':' + std::to_string(port);
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

inline result<endpoint> parse_host_and_port(std::string_view url, std::string_view rest) {
    endpoint made;
    made.scheme = "tcp";
    std::string_view port;
    if (const std::size_t slash = rest.find('/'); slash != std::string_view::npos)
        return bad_url(url, rest.size() == url.size() ? "is no host:port and lacks \"://\"; write tcp://127.0.0.1:5000"
                                                      : "has a path, which a TCP URL has not; write tcp://127.0.0.1:5000");
    if (rest.starts_with('[')) {
        const std::size_t close = rest.find(']');
        if (close == std::string_view::npos || !rest.substr(close + 1).starts_with(':'))
            return bad_url(url, "lacks the port behind the IPv6 address; write tcp://[::1]:5000");
        made.host = rest.substr(1, close - 1);
        if (made.host.empty()) return bad_url(url, "has no IPv6 address in its brackets; write tcp://[::1]:5000");
        port = rest.substr(close + 2);
    } else {
        const std::size_t colon = rest.rfind(':');
        if (colon == std::string_view::npos) return bad_url(url, "lacks a port; write tcp://127.0.0.1:5000");
        made.host = rest.substr(0, colon);
        if (made.host.find(':') != std::string::npos)
            return bad_url(url, "has an IPv6 address without brackets; write tcp://[::1]:5000");
        port = rest.substr(colon + 1);
    }
    if (made.host.empty()) made.host = "127.0.0.1";
    const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), made.port);
    if (problem != std::errc{} || end != port.data() + port.size())
        return bad_url(url, "has no port from 0 to 65535 at its end; write tcp://127.0.0.1:5000");
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
    if (colon == std::string_view::npos) return detail::parse_host_and_port(url, url);
    const std::string_view scheme = url.substr(0, colon);
    const std::string_view rest = url.substr(colon + 3);
    if (scheme == "tcp") return detail::parse_host_and_port(url, rest);
    if (scheme.empty() || rest.empty())
        return detail::bad_url(url, "is not complete; write tcp://127.0.0.1:5000 or unix:///path");
    endpoint made;
    made.scheme = scheme;
    made.host = rest;
    return made;
}

}  // namespace farcall
