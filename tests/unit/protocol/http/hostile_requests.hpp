#pragma once

#include <string>
#include <vector>

namespace http_test {

/// A request that two readers could read in two ways, or that is simply wrong: it is refused, the connection closed.
struct hostile_request {
    std::string name;
    std::string bytes;
    int status;
};

/// Requests of which nothing may run. Behind each of them a client may have hidden another one.
inline std::vector<hostile_request> hostile_requests() {
    const std::string post = "POST / HTTP/1.1\r\n", host = "Host: localhost\r\n",
                      json = "Content-Type: application/json\r\n";
    const std::string good = post + host + json;
    const std::string add = R"({"jsonrpc":"2.0","id":1,"method":"Probe.add","params":[2,3]})";
    const std::string length = "Content-Length: " + std::to_string(add.size()) + "\r\n";
    const std::string chunked = good + "Transfer-Encoding: chunked\r\n\r\n";
    const std::string nul(1, '\0');
    const auto with = [&](const std::string& lines) { return good + lines + "\r\n" + add; };
    const auto get = [&](const std::string& first) { return first + "\r\n" + host + "\r\n"; };
    const auto at = [&](const std::string& name) { return post + name + "\r\n" + json + length + "\r\n" + add; };
    std::string many, extended;
    for (int i = 0; i < 65; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
    for (int i = 0; i < 60; ++i) extended += "1;" + std::string(200, 'x') + "\r\nx\r\n";

    return {
        // Two lengths, or one that is none.
        {"two equal lengths", with(length + length), 400},
        {"two lengths", with(length + "Content-Length: 3\r\n"), 400},
        {"two lengths in other case", with(length + "content-length: 3\r\n"), 400},
        {"a list of lengths", with("Content-Length: 61, 61\r\n"), 400},
        {"a length with a plus", with("Content-Length: +61\r\n"), 400},
        {"a negative length", with("Content-Length: -1\r\n"), 400},
        {"a hexadecimal length", with("Content-Length: 0x3d\r\n"), 400},
        {"a length with a point", with("Content-Length: 61.0\r\n"), 400},
        {"a length with an exponent", with("Content-Length: 6e1\r\n"), 400},
        {"a length with a space in it", with("Content-Length: 6 1\r\n"), 400},
        {"a length with a leading zero", with("Content-Length: 061\r\n"), 400},
        {"a length of nothing", with("Content-Length:\r\n"), 400},
        {"a length of blanks", with("Content-Length:   \r\n"), 400},
        {"a length in words", with("Content-Length: many\r\n"), 400},
        {"a quoted length", with("Content-Length: \"61\"\r\n"), 400},
        {"a length with a semicolon", with("Content-Length: 61;\r\n"), 400},
        {"a length with a vertical tab", with("Content-Length: \v61\r\n"), 400},
        {"a length with a NUL", with("Content-Length: 61" + nul + "\r\n"), 400},
        {"a length in Arabic digits", with("Content-Length: \xD9\xA6\xD9\xA1\r\n"), 400},
        {"a length above the limit", with("Content-Length: 4194305\r\n"), 413},
        {"a length of 2 to the 32", with("Content-Length: 4294967296\r\n"), 413},
        {"a length of 2 to the 64", with("Content-Length: 18446744073709551616\r\n"), 413},
        {"a length of 2 to the 64 and the right one", with("Content-Length: 18446744073709551677\r\n"), 413},
        {"a length of a thousand digits", with("Content-Length: " + std::string(1000, '9') + "\r\n"), 413},

        // Chunks and a length, or another coding.
        {"a length and chunks", with(length + "Transfer-Encoding: chunked\r\n"), 400},
        {"chunks and a length", with("Transfer-Encoding: chunked\r\n" + length), 400},
        {"chunks and a length of zero", with("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"), 400},
        {"chunks twice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
        {"chunks twice in a list", with("Transfer-Encoding: chunked, chunked\r\n"), 400},
        {"chunks and identity", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"), 400},
        {"identity", with("Transfer-Encoding: identity\r\n"), 400},
        {"gzip", with("Transfer-Encoding: gzip\r\n"), 400},
        {"gzip, then chunks", with("Transfer-Encoding: gzip, chunked\r\n"), 400},
        {"chunks, then gzip", with("Transfer-Encoding: chunked, gzip\r\n"), 400},
        {"an empty coding", with("Transfer-Encoding:\r\n"), 400},
        {"a comma before chunked", with("Transfer-Encoding: ,chunked\r\n"), 400},
        {"a comma behind chunked", with("Transfer-Encoding: chunked,\r\n"), 400},
        {"chunked with a parameter", with("Transfer-Encoding: chunked;q=1\r\n"), 400},
        {"chunked in quotes", with("Transfer-Encoding: \"chunked\"\r\n"), 400},
        {"almost chunked", with("Transfer-Encoding: xchunked\r\n"), 400},
        {"chunked with a vertical tab", with("Transfer-Encoding: \vchunked\r\n"), 400},
        {"chunked with a form feed", with("Transfer-Encoding: chunked\f\r\n"), 400},
        {"chunked with a NUL", with("Transfer-Encoding: chunked" + nul + "\r\n"), 400},
        {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\n" + host + json + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         400},

        // Lines.
        {"LF alone", "POST / HTTP/1.1\n" + host + json + length + "\r\n" + add, 400},
        {"LF alone behind a header", post + host + "Content-Type: application/json\n" + length + "\r\n" + add, 400},
        {"LF LF for the end", good + "Content-Length: 61\n\n" + add, 400},
        {"CR LF LF for the end", good + length + "\n" + add, 400},
        {"CR alone behind a header", post + "Host: localhost\r" + json + length + "\r\n" + add, 400},
        {"CR alone in a value", with(length + "X: a\rTransfer-Encoding: chunked\r\n"), 400},
        {"CR CR LF", post + "Host: localhost\r\r\n" + json + length + "\r\n" + add, 400},
        {"CR alone without an end", good + "X: a\rb", 400},
        {"CR alone in the first line", "POST / HTTP/1.1\rX\r\n" + host + json + length + "\r\n" + add, 400},
        {"a folded line", with("X: a\r\n b\r\n" + length), 400},
        {"a folded line by a tab", with("X: a\r\n\tb\r\n" + length), 400},
        {"a folded coding", with("Transfer-Encoding:\r\n chunked\r\n"), 400},
        {"a fold behind the first line", post + " X: a\r\n" + host + json + length + "\r\n" + add, 400},
        {"a space before the colon", with("Content-Length : 61\r\n"), 400},
        {"a tab before the colon", with("Transfer-Encoding\t: chunked\r\n"), 400},
        {"a space in a name", with("Content Length: 61\r\n"), 400},
        {"no name", with(": 61\r\n" + length), 400},
        {"no colon", with("Content-Length\r\n"), 400},
        {"a control character in a name", with("Content-Length\x01: 61\r\n"), 400},
        {"a NUL in a name", with("Content-Length" + nul + ": 61\r\n"), 400},
        {"a letter beyond ASCII in a name", with("Cont\xC3\xA9nt: 61\r\n"), 400},
        {"a bracket in a name", with("Content(Length): 61\r\n"), 400},
        {"a NUL in a value", with("X: a" + nul + "b\r\n" + length), 400},
        {"a control character in a value", with("X: a\x1F\r\n" + length), 400},
        {"a DEL in a value", with("X: a\x7F\r\n" + length), 400},
        {"65 headers", with(many), 431},
        {"9000 bytes of a header", with("X: " + std::string(9000, 'x') + "\r\n"), 431},
        {"9000 bytes without an end", good + "X: " + std::string(9000, 'x'), 431},

        // The first line.
        {"a target of 9000 bytes", get("GET /" + std::string(9000, 'x') + " HTTP/1.1"), 414},
        {"no version (HTTP/0.9)", get("GET /"), 400},
        {"no target", get("GET HTTP/1.1"), 400},
        {"an empty target", get("GET  HTTP/1.1"), 400},
        {"two spaces", get("GET  / HTTP/1.1"), 400},
        {"two spaces before the version", get("GET /  HTTP/1.1"), 400},
        {"a tab between", get("GET\t/ HTTP/1.1"), 400},
        {"a space behind the version", get("GET / HTTP/1.1 "), 400},
        {"a space in the target", get("GET /a b HTTP/1.1"), 400},
        {"a NUL in the target", get("GET /" + nul + " HTTP/1.1"), 400},
        {"a target without a slash", get("GET state HTTP/1.1"), 400},
        {"a fragment in the target", get("GET /#a HTTP/1.1"), 400},
        {"UTF-8 in the target", get("GET /\xC3\xA9 HTTP/1.1"), 400},
        {"a star for GET", get("GET * HTTP/1.1"), 400},
        {"another scheme", get("GET ftp://localhost/ HTTP/1.1"), 400},
        {"a URL of another host", get("GET http://elsewhere/ HTTP/1.1"), 400},
        {"a URL without a host", get("GET http:///a HTTP/1.1"), 400},
        {"a tunnel", get("CONNECT localhost:80 HTTP/1.1"), 400},
        {"a method that is no token", get("G(T / HTTP/1.1"), 400},
        {"a version in lower case", get("GET / http/1.1"), 400},
        {"a version without a point", get("GET / HTTP/11"), 400},
        {"a version with two digits", get("GET / HTTP/1.10"), 400},
        {"a version of a letter", get("GET / HTTP/1.x"), 400},
        {"HTTP/1.2", get("GET / HTTP/1.2"), 505},
        {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},

        // The host.
        {"no host", post + json + length + "\r\n" + add, 400},
        {"two hosts", with("Host: localhost\r\n" + length), 400},
        {"two different hosts", with("host: elsewhere\r\n" + length), 400},
        {"an empty host", at("Host:"), 400},
        {"a host with a user", at("Host: a@localhost"), 400},
        {"a host with a path", at("Host: localhost/a"), 400},
        {"a list of hosts", at("Host: localhost, elsewhere"), 400},
        {"a host with a space", at("Host: local host"), 400},
        {"a host with a bad port", at("Host: localhost:x"), 400},
        {"a host with a high port", at("Host: localhost:65536"), 400},
        {"a host with an empty port", at("Host: localhost:"), 400},
        {"a host with an open bracket", at("Host: [::1"), 400},
        {"a host of no address", at("Host: [localhost]"), 400},

        // Chunks.
        {"a chunk without a size", chunked + "\r\n", 400},
        {"a chunk of no number", chunked + "g\r\n", 400},
        {"a chunk of a negative size", chunked + "-1\r\n", 400},
        {"a chunk size with 0x", chunked + "0x5\r\nhello\r\n0\r\n\r\n", 400},
        {"a chunk size with a plus", chunked + "+5\r\nhello\r\n0\r\n\r\n", 400},
        {"a chunk size with a space behind", chunked + "5 \r\nhello\r\n0\r\n\r\n", 400},
        {"a chunk size with a space in front", chunked + " 5\r\nhello\r\n0\r\n\r\n", 400},
        {"a chunk size of 17 digits", chunked + "00000000000000005\r\nhello\r\n0\r\n\r\n", 400},
        {"a chunk size with an underscore", chunked + "1_0\r\nhello\r\n0\r\n\r\n", 400},
        {"a chunk above the limit", chunked + "400001\r\n", 413},
        {"a chunk of 2 to the 64 less one", chunked + "ffffffffffffffff\r\n", 413},
        {"chunks above the limit together", chunked + "1\r\nx\r\n400000\r\n", 413},
        {"a chunk size ended by LF", chunked + "5\nhello\r\n0\r\n\r\n", 400},
        {"a chunk size ended by CR", chunked + "5\rhello\r\n0\r\n\r\n", 400},
        {"a chunk size ended by CR and another byte", chunked + "5\rXhello\r\n0\r\n\r\n", 400},
        {"a chunk shorter than its size", chunked + "5\r\nhell\r\n0\r\n\r\n", 400},
        {"a chunk longer than its size", chunked + "5\r\nhello!\r\n0\r\n\r\n", 400},
        {"a chunk ended by LF", chunked + "5\r\nhello\n0\r\n\r\n", 400},
        {"a chunk ended by CR", chunked + "5\r\nhello\r0\r\n\r\n", 400},
        {"a NUL in an extension", chunked + "5;a=" + nul + "\r\nhello\r\n0\r\n\r\n", 400},
        {"a CR in an extension", chunked + "5;a\rb\r\nhello\r\n0\r\n\r\n", 400},
        {"a size line of 257 bytes", chunked + "5;" + std::string(255, 'x') + "\r\nhello\r\n0\r\n\r\n", 400},
        {"an extension of 300 bytes", chunked + "5;" + std::string(300, 'x') + "\r\nhello\r\n0\r\n\r\n", 400},
        {"an extension without an end", chunked + "5;" + std::string(300, 'x'), 400},
        {"extensions of 12000 bytes together", chunked + extended + "0\r\n\r\n", 400},
        {"a trailer without a colon", chunked + "0\r\nabc\r\n\r\n", 400},
        {"a folded trailer", chunked + "0\r\nX: a\r\n b\r\n\r\n", 400},
        {"a trailer ended by LF", chunked + "0\r\nX: a\n\r\n", 400},
        {"a trailer of 9000 bytes", chunked + "0\r\nX: " + std::string(9000, 'x') + "\r\n\r\n", 400},
        {"65 trailers", chunked + "0\r\n" + many + "\r\n", 431},
        {"an end ended by LF", chunked + "0\r\n\n", 400},
    };
}

}  // namespace http_test
