#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <farcall/detail/utf8.hpp>
#include <farcall/server.hpp>

#include "conformance/case_file.hpp"
#include "integration/raw_socket.hpp"
#include "integration/raw_websocket.hpp"

namespace {

using integration::raw_socket;
using integration::raw_websocket;

RPC_SERVICE(Conformance,
    (sub, int(int a, int b), farcall::alias<"sub">),
    (sum, std::int64_t(std::vector<std::int64_t> v), farcall::alias<"sum">),
    (echo, farcall::json(farcall::json value), farcall::alias<"echo">),
    (ping, std::string(), farcall::alias<"ping">),
    (note, void(std::string text), farcall::alias<"note">),
    (half, double(double x), farcall::alias<"half">),
    (flag, bool(bool on), farcall::alias<"flag">),
    (opt, int(int a, std::optional<int> b), farcall::alias<"opt">),
    (i64, std::int64_t(std::int64_t v), farcall::alias<"i64">),
    (u64, std::uint64_t(std::uint64_t v), farcall::alias<"u64">),
    (fail, void(int code, std::string message), farcall::alias<"fail">),
    (boom, void(), farcall::alias<"boom">))

class conformance_handler {
public:
    int sub(int a, int b) const { return a - b; }
    std::int64_t sum(const std::vector<std::int64_t>& v) const {
        std::int64_t all = 0;
        for (const std::int64_t one : v) all += one;
        return all;
    }
    farcall::json echo(farcall::json value) const { return value; }
    std::string ping() const { return "pong"; }
    void note(std::string text) {
        const std::lock_guard lock(mutex_);
        notes_.push_back(std::move(text));
    }
    double half(double x) const { return x / 2; }
    bool flag(bool on) const { return !on; }
    int opt(int a, std::optional<int> b) const { return a + b.value_or(10); }
    std::int64_t i64(std::int64_t v) const { return v; }
    std::uint64_t u64(std::uint64_t v) const { return v; }
    void fail(int code, std::string message) const {
        throw farcall::error::application(code, std::move(message), R"({"why":"asked"})");
    }
    void boom() const { throw std::runtime_error{"boom"}; }

    std::vector<std::string> take_notes() {
        const std::lock_guard lock(mutex_);
        std::vector<std::string> all;
        all.swap(notes_);
        std::sort(all.begin(), all.end());
        return all;
    }

private:
    std::mutex mutex_;
    std::vector<std::string> notes_;
};

/// How messages travel: what is sent for one, and what of the answer is a message.
struct spoken {
    const char* name;  ///< as the case file calls it
    std::string (*framed)(std::string_view message);
    std::optional<std::string> (*receive)(raw_socket& wire);  ///< an empty text: an answer without a message
};

/// The body of the next response, which is a 200.
std::optional<std::string> receive_body(raw_socket& wire) {
    std::optional<std::string> line = wire.receive_line();
    if (!line || *line != "HTTP/1.1 200 OK\r") return std::nullopt;
    std::size_t length = 0;
    while ((line = wire.receive_line()) && *line != "\r")
        if (line->starts_with("Content-Length: ")) length = std::stoul(line->substr(16));
    return wire.receive_bytes(length);
}

const spoken frames{"framed", &integration::frame, [](raw_socket& wire) { return wire.receive(); }};
const spoken lines{"line", [](std::string_view message) { return std::string{message} + '\n'; },
                   [](raw_socket& wire) { return wire.receive_line(); }};
/// As native frames, with another header.
const spoken content_length{"framed",
                            [](std::string_view message) {
                                return "Content-Length: " + std::to_string(message.size()) + "\r\n\r\n" +
                                       std::string{message};
                            },
                            [](raw_socket& wire) -> std::optional<std::string> {
                                const std::optional<std::string> line = wire.receive_line();
                                if (!line || !line->starts_with("Content-Length: ") || wire.receive_line() != "\r")
                                    return std::nullopt;
                                return wire.receive_bytes(std::stoul(line->substr(16)));
                            }};
const spoken http{
    "http",
    [](std::string_view message) {
        return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
               std::to_string(message.size()) + "\r\n\r\n" + std::string{message};
    },
    &receive_body};
const spoken websocket{"ws", &farcall::testing::masked_text,
                       [](raw_socket& wire) { return raw_websocket::receive(wire); }};

/// Which cases are left out.
using exception = std::function<bool(const conformance::server_case&)>;
const exception none = [](const conformance::server_case&) { return false; };

/// A server with the methods of the cases, and one connection to it.
class conformance_of_the_server : public ::testing::Test {
protected:
    void SetUp() override {
        server_.add<Conformance>(handler_);
        server_.listen(0);
        server_.start();
        connect();
    }

    void connect() { wire_.emplace(raw_socket::connect(server_.port())); }

    /// The replies to what was sent, known from the answer to a ping that follows on the connection.
    std::vector<std::string> replies(const spoken& by, const std::vector<std::string>& parts) {
        for (const std::string& part : parts) EXPECT_TRUE(wire_->send(part));
        EXPECT_TRUE(wire_->send(by.framed(R"({"jsonrpc":"2.0","method":"ping","id":"after"})")));
        std::vector<std::string> all;
        for (;;) {
            std::optional<std::string> next = by.receive(*wire_);
            if (!next) {
                ADD_FAILURE() << "the server has closed the connection, or says nothing";
                connect();
                return all;
            }
            if (*next == R"({"jsonrpc":"2.0","id":"after","result":"pong"})") return all;
            if (!next->empty()) all.push_back(std::move(*next));
        }
    }

    void check_notes(const std::string& name, const std::optional<std::vector<std::string>>& expected) {
        if (!expected) return;
        std::vector<std::string> wanted = *expected;
        std::sort(wanted.begin(), wanted.end());
        EXPECT_EQ(handler_->take_notes(), wanted) << name;
    }

    void check(const conformance::server_case& one, const spoken& by, const std::vector<std::string>& parts) {
        handler_->take_notes();
        const std::vector<std::string> all = replies(by, parts);
        EXPECT_LE(all.size(), 1u) << one.name;
        std::optional<std::string> reply;
        if (!all.empty()) reply = all.front();
        std::string why;
        EXPECT_TRUE(conformance::matches(one.expect, reply, why)) << one.name << ": " << one.rule << "\n" << why;
        check_notes(one.name, one.notes);
    }

    /// @param except  cases that are not checked
    /// @returns how many cases there were
    std::size_t check_all(const spoken& by, const exception& except = none) {
        std::size_t count = 0;
        for (const conformance::server_case& one : conformance::cases().server_cases()) {
            if (!one.applies_to(by.name) || except(one)) continue;
            ++count;
            check(one, by, {by.framed(one.request)});
        }
        return count;
    }

    /// Every fourth of the short cases, byte by byte.
    std::size_t check_bytes(const spoken& by, const exception& except = none) {
        std::size_t count = 0;
        std::size_t checked = 0;
        for (const conformance::server_case& one : conformance::cases().server_cases()) {
            if (!one.applies_to(by.name) || one.request.size() > 120 || except(one)) continue;
            if (++count % 4 != 0) continue;
            ++checked;
            std::vector<std::string> bytes;
            for (const char byte : by.framed(one.request)) bytes.emplace_back(1, byte);
            check(one, by, bytes);
        }
        return checked;
    }

    std::shared_ptr<conformance_handler> handler_ = std::make_shared<conformance_handler>();
    farcall::server server_;
    std::optional<raw_socket> wire_;
};

/// Something behind the closing bracket: of a line that comes in pieces, the first text was a message before it came.
const std::set<std::string> more_on_the_line = {"parse_line_comment",     "parse_trailing_garbage",
                                                "parse_two_values",       "parse_nul_after_value",
                                                "parse_nul_then_garbage", "parse_mismatched_brackets"};

TEST_F(conformance_of_the_server, holds_for_every_case_on_native_frames) {
    EXPECT_EQ(check_all(frames), 212u);
}

TEST_F(conformance_of_the_server, does_not_depend_on_how_native_frames_are_cut) {
    EXPECT_GT(check_bytes(frames), 40u);
}

TEST_F(conformance_of_the_server, holds_for_every_case_on_lines) {
    ASSERT_EQ(replies(lines, {lines.framed(R"({"jsonrpc":"2.0","method":"ping","id":1})")}).size(), 1u);
    EXPECT_EQ(check_all(lines), 204u);
}

TEST_F(conformance_of_the_server, does_not_depend_on_how_lines_are_cut) {
    ASSERT_EQ(replies(lines, {lines.framed(R"({"jsonrpc":"2.0","method":"ping","id":1})")}).size(), 1u);
    EXPECT_GT(check_bytes(lines, [](const auto& one) { return more_on_the_line.contains(one.name); }), 40u);
}

TEST_F(conformance_of_the_server, holds_for_every_case_behind_content_length_headers) {
    EXPECT_EQ(check_all(content_length), 212u);
    EXPECT_GT(check_bytes(content_length), 40u);
}

TEST_F(conformance_of_the_server, holds_for_every_case_on_http) {
    EXPECT_EQ(check_all(http), 212u);
}

TEST_F(conformance_of_the_server, holds_for_every_case_on_websocket) {
    // The file wants a message that is not UTF-8 closed there, and not answered.
    const auto no_text = [](const conformance::server_case& one) {
        return farcall::detail::utf8_prefix(one.request) != one.request.size();
    };
    const auto upgrade = [&] { wire_.emplace(std::move(raw_websocket{raw_socket::connect(server_.port())}.wire())); };
    upgrade();
    const std::size_t texts = check_all(websocket, no_text);
    EXPECT_GT(check_bytes(websocket, no_text), 40u);
    std::size_t others = 0;
    for (const conformance::server_case& one : conformance::cases().server_cases()) {
        if (!one.applies_to("ws") || !no_text(one)) continue;
        ++others;
        handler_->take_notes();
        upgrade();
        ASSERT_TRUE(wire_->send(websocket.framed(one.request)));
        EXPECT_EQ(websocket.receive(*wire_), "close:1007") << one.name;
        EXPECT_TRUE(handler_->take_notes().empty()) << one.name;
    }
    EXPECT_GT(others, 5u);
    EXPECT_EQ(texts + others, 212u);
}

TEST_F(conformance_of_the_server, holds_for_every_stream_case) {
    // The file does not run a last line without its line feed, because it may be cut. Here it is run if its brackets
    // close, so that it is not.
    const std::string run_here = "stream_unterminated_last_line";
    std::size_t count = 0;
    for (const conformance::stream_case& one : conformance::cases().stream_cases()) {
        SCOPED_TRACE(one.name + ": " + one.rule);
        ++count;
        connect();
        handler_->take_notes();
        for (const std::string& part : one.send) ASSERT_TRUE(wire_->send(part));
        if (one.name == run_here) {
            wire_->half_close();
            EXPECT_EQ(wire_->receive_all(), "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}\n");
            EXPECT_EQ(handler_->take_notes(), std::vector<std::string>{"cut"});
            continue;
        }
        std::vector<std::string> all;
        if (one.connection_after == "open") {
            all = replies(lines, {});
        } else {
            wire_->half_close();
            while (std::optional<std::string> next = wire_->receive_line()) all.push_back(std::move(*next));
        }
        // An answer of HTTP counts for none.
        if (!all.empty() && all.front().starts_with("HTTP/")) all.clear();
        std::vector<conformance::expectation> expected = one.expect;
        // After what is no JSON the connection goes on here, which is the second of the file's alternatives.
        for (conformance::expectation& each : expected) each.first_only = false;
        std::string why;
        EXPECT_TRUE(conformance::matches(expected, all, why)) << why;
        check_notes(one.name, one.notes);
    }
    EXPECT_EQ(count, 11u);
}

}  // namespace
