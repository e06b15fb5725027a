#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>

#include <future>
#include <map>
#include <optional>
#include <string>

#include <farcall/client.hpp>

#include "conformance/case_file.hpp"
#include "integration/raw_socket.hpp"

namespace {

using namespace std::chrono_literals;
using end_of_call = farcall::result<farcall::json>;

/// A client whose calls have the ids that a case names, and the server that the case speaks for.
class fed_client {
public:
    explicit fed_client(const conformance::client_case& one)
        : case_(one), client_(listener_.url(), {.timeout = 10 * integration::patience}) {
        for (const std::uint64_t id : one.pending) calls_.emplace(id, start(one.rule));
        wire_.emplace(listener_.accept());
        for (const std::uint64_t id : one.pending) {
            // Answers go to ids, so the client must have counted as the case does.
            if (next_id() != std::to_string(id)) throw std::runtime_error{"the client does not count from 1"};
        }
    }

    /// Feeds the case, and returns when the client has read it: it answers a further call, or has given up.
    void feed() {
        auto last = start("");
        const std::optional<std::string> id = next_id();
        for (const std::string& text : case_.receive) wire_->send_frame(text);
        answer(id.value());
        if (last.wait_for(integration::patience) != std::future_status::ready)
            throw std::runtime_error{"the client does not end its calls"};
        open_ = last.get().has_value();
    }

    /// Whether the client goes on with the connection.
    bool open() const { return open_; }

    /// What a call has ended with; empty if it still waits, which it is not given time for unless it `should_end`.
    std::optional<end_of_call> end_of(std::uint64_t id, bool should_end) {
        std::future<end_of_call>& call = calls_.at(id);
        if (call.wait_for(should_end ? integration::patience : 0s) != std::future_status::ready) return std::nullopt;
        return call.get();
    }

private:
    std::future<end_of_call> start(const std::string& rule) {
        const auto token = farcall::as_result(boost::asio::use_future);
        if (rule.find("int here") == std::string::npos) return client_.async_call(token, "ask");
        // The declared type is int; what comes of it is told as JSON like everything else.
        return std::async(std::launch::async, [typed = client_.async_call<int>(token, "ask")]() mutable -> end_of_call {
            const farcall::result<int> end = typed.get();
            if (!end) return end.error();
            return farcall::json::parse(std::to_string(*end)).value();
        });
    }

    /// The id of the next request, as it was written.
    std::optional<std::string> next_id() {
        const std::optional<std::string> request = wire_->receive();
        if (!request) return std::nullopt;
        return std::string{conformance::json_value{*request}["id"].text()};
    }

    void answer(const std::string& id) { wire_->send_frame(R"({"jsonrpc":"2.0","result":null,"id":)" + id + "}"); }

    const conformance::client_case& case_;
    integration::raw_listener listener_;
    farcall::client client_;
    std::map<std::uint64_t, std::future<end_of_call>> calls_;
    std::optional<integration::raw_socket> wire_;
    bool open_ = false;
};

/// An error that a peer's answer cannot have made, because the answer made no sense.
bool malformed(const end_of_call& end) {
    return !end && end.error().status() == farcall::status::internal && end.error().origin() == farcall::origin::local;
}

void check(const std::string& name, const conformance::client_outcome& wanted, std::optional<end_of_call> end) {
    SCOPED_TRACE(name + ", wanted: " + wanted.kind +
                 (!end ? ", still waits" : *end ? ", succeeded" : ", " + std::string{end->error().message()}));
    const bool pending = !end;
    if (wanted.kind == "result") {
        ASSERT_TRUE(end && *end);
        EXPECT_TRUE(conformance::same_json(*wanted.result, end->value().text()));
    } else if (wanted.kind == "error") {
        ASSERT_TRUE(end && !*end);
        EXPECT_EQ(end->error().code(), wanted.code);
        EXPECT_EQ(end->error().message(), wanted.message);
        EXPECT_EQ(end->error().origin(), farcall::origin::peer);
        if (wanted.data != nullptr) {
            EXPECT_TRUE(conformance::same_json(*wanted.data, end->error().data()));
        }
    } else if (wanted.kind == "pending") {
        EXPECT_TRUE(pending);
    } else if (wanted.kind == "malformed") {
        EXPECT_TRUE(!pending && malformed(*end));
    } else if (wanted.kind == "bad_result") {
        ASSERT_TRUE(!pending && malformed(*end));
        EXPECT_EQ(end->error().executed(), farcall::executed::yes);
    } else if (wanted.kind == "malformed_or_pending") {
        EXPECT_TRUE(pending || malformed(*end));
    } else if (wanted.kind == "connection_error_or_pending") {
        EXPECT_TRUE(pending || !*end);
    } else {
        FAIL() << "the file has an outcome that this test does not know";
    }
}

TEST(conformance_of_the_client, holds_for_every_case) {
    std::size_t count = 0;
    for (const conformance::client_case& one : conformance::cases().client_cases()) {
        ++count;
        SCOPED_TRACE(one.name + ": " + one.rule);
        fed_client client{one};
        client.feed();
        for (const auto& [id, wanted] : one.outcome) {
            const bool should_end = wanted.kind.find("pending") == std::string::npos;
            check(one.name, wanted, client.end_of(id, should_end));
        }
        if (one.connection_after == "open") {
            EXPECT_TRUE(client.open());
        }
    }
    EXPECT_EQ(count, 24u);
}

}  // namespace
