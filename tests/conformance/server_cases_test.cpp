#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <farcall/server.hpp>

#include "conformance/case_file.hpp"
#include "integration/raw_socket.hpp"

namespace {

using integration::raw_socket;

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

/// A server with the methods of the cases, and one connection to it.
class conformance_of_the_server : public ::testing::Test {
protected:
    void SetUp() override {
        server_.add<Conformance>(handler_);
        server_.listen(0);
        server_.start();
        wire_.emplace(raw_socket::connect(server_.port()));
    }

    /// The reply to one message, if any, known from the answer to a ping that follows it on the connection.
    std::optional<std::string> replies(const std::vector<std::string>& parts) {
        for (const std::string& part : parts) EXPECT_TRUE(wire_->send(part));
        EXPECT_TRUE(wire_->send_frame(R"({"jsonrpc":"2.0","method":"ping","id":"after"})"));
        std::optional<std::string> reply;
        for (;;) {
            std::optional<std::string> next = wire_->receive();
            if (!next) {
                ADD_FAILURE() << "the server has closed the connection, or says nothing";
                wire_.emplace(raw_socket::connect(server_.port()));
                return reply;
            }
            if (*next == R"({"jsonrpc":"2.0","id":"after","result":"pong"})") return reply;
            EXPECT_FALSE(reply) << "a second reply: " << *next;
            reply = std::move(next);
        }
    }

    void check(const conformance::server_case& one, const std::vector<std::string>& parts) {
        handler_->take_notes();
        const std::optional<std::string> reply = replies(parts);
        std::string why;
        EXPECT_TRUE(conformance::matches(one.expect, reply, why)) << one.name << ": " << one.rule << "\n" << why;
        if (!one.notes) return;
        std::vector<std::string> wanted = *one.notes;
        std::sort(wanted.begin(), wanted.end());
        EXPECT_EQ(handler_->take_notes(), wanted) << one.name;
    }

    std::shared_ptr<conformance_handler> handler_ = std::make_shared<conformance_handler>();
    farcall::server server_;
    std::optional<raw_socket> wire_;
};

TEST_F(conformance_of_the_server, holds_for_every_case_on_native_frames) {
    std::size_t count = 0;
    for (const conformance::server_case& one : conformance::cases().server_cases()) {
        if (!one.applies_to("framed")) continue;
        ++count;
        check(one, {integration::frame(one.request)});
    }
    EXPECT_EQ(count, 212u);
}

TEST_F(conformance_of_the_server, does_not_depend_on_how_the_bytes_are_cut) {
    std::size_t count = 0;
    for (const conformance::server_case& one : conformance::cases().server_cases()) {
        if (!one.applies_to("framed") || one.request.size() > 120 || ++count % 4 != 0) continue;
        std::vector<std::string> bytes;
        for (const char byte : integration::frame(one.request)) bytes.emplace_back(1, byte);
        check(one, bytes);
    }
    EXPECT_GT(count, 100u);
}

}  // namespace
