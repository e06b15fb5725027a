#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/protocol/http/http_framing.hpp>
#include <farcall/protocol/message_writer.hpp>

#include "unit/protocol/exact_text.hpp"

namespace http_test {

using farcall::detail::framing;
using farcall::detail::framing_step;
using farcall::detail::http_access;
using farcall::detail::http_framing;
using farcall::detail::http_page;
using farcall::detail::http_page_request;
using farcall::detail::http_site;
using farcall::detail::text_buffer;
using farcall::testing::exact_text;

/// What goes on behind a WebSocket's handshake: takes everything as one message each time.
class upgraded final : public framing {
public:
    framing_step next(std::string_view received, text_buffer&) override {
        return {.what = framing_step::kind::message, .consumed = received.size(), .payload = received};
    }
    bool end_message(text_buffer&, std::size_t) override { return true; }
};

/// A server with three pages, which counts how often it makes one, one method and the limits and options of a test.
class site final : public http_site {
public:
    explicit site(farcall::http_options options = {}, farcall::limits bounds = {},
                  std::vector<std::string> bound = {"127.0.0.1"})
        : access_(options, bound), limits_(bounds), notified_(options.notification_status) {}

    const http_access& access() const noexcept override { return access_; }
    const farcall::limits& limits() const noexcept override { return limits_; }
    unsigned notification_status() const noexcept override { return notified_; }
    bool has_page(const http_page_request& wanted) const override {
        return wanted.path == "/" || wanted.path == "/asked" || wanted.path == "/state";
    }
    std::optional<http_page> page(const http_page_request& wanted) const override {
        ++pages_made;
        if (wanted.path == "/") return http_page{.content_type = "text/html", .body = "<p>", .security_policy = "x"};
        if (wanted.path == "/asked")
            return http_page{.content_type = "text/plain",
                             .body = std::string{wanted.authorization} + (wanted.offered ? "" : " elsewhere"),
                             .fields = "X-More: 1\r\n"};
        if (wanted.path == "/state") return http_page{.status = 503, .content_type = "application/json", .body = "{}"};
        return std::nullopt;
    }
    bool has_method(std::string_view name, const http_page_request&) const override { return name == "Calculator.add"; }
    std::unique_ptr<framing> websocket() const override { return std::make_unique<upgraded>(); }

    mutable int pages_made = 0;

private:
    http_access access_;
    farcall::limits limits_;
    unsigned notified_;
};

/// What a connection made of a stream of bytes.
struct outcome {
    std::string sent{};                   ///< everything that was sent to the client
    std::vector<std::string> messages{};  ///< payloads, and "name params" of calls without an envelope
    bool closed = false;                  ///< by a `close` step, or because the framing was finished
    bool became = false;
    bool waits = false;
    std::string left{};  ///< bytes that nothing was made of

    /// The statuses of the responses, in order.
    std::vector<int> statuses() const {
        std::vector<int> found;
        for (std::size_t at = 0; (at = sent.find("HTTP/1.1 ", at)) != std::string::npos; at += 9)
            if (at == 0 || sent[at - 1] != '"') found.push_back(std::atoi(sent.c_str() + at + 9));
        // A message may name the version that is spoken here.
        std::erase(found, 0);
        return found;
    }
};

/// How the server answers a message; an empty text: not at all; "later": by `connection::answer`.
using answers = std::function<std::string(std::string_view message)>;

inline std::string eight(std::string_view) { return R"({"jsonrpc":"2.0","id":0,"result":8})"; }

/// A connection that speaks HTTP: what comes is handled as `server_connection` does it.
class connection {
public:
    explicit connection(const http_site& where, answers answer = eight)
        : spoken_(std::make_unique<http_framing>(where)), answer_(std::move(answer)) {}

    void receive(std::string_view bytes) {
        buffered_ += bytes;
        seen_.waits = false;
        while (!buffered_.empty() && !seen_.closed) {
            const exact_text received{buffered_};
            framing_step step = spoken_->next(received, out_);
            EXPECT_LE(step.consumed, buffered_.size());
            if (step.what == framing_step::kind::need_more) {
                EXPECT_EQ(step.consumed, 0u);
                break;
            }
            if (step.what == framing_step::kind::wait) {
                seen_.waits = true;
                break;
            }
            take(step);
            buffered_.erase(0, step.consumed);
        }
    }

    /// Answers the message that came last, or says something that answers nothing.
    void answer(std::string_view text) {
        const std::size_t mark = out_.size();
        out_.append(text);
        EXPECT_TRUE(spoken_->end_message(out_, mark));
        finish();
    }

    /// Why the connection ends.
    void end(std::string_view text) {
        const std::size_t mark = out_.size();
        out_.append(text);
        spoken_->end_last_message(out_, mark);
        finish();
    }

    framing& spoken() { return *spoken_; }
    const outcome& seen() {
        seen_.sent = out_.view();
        seen_.left = buffered_;
        return seen_;
    }

private:
    void take(framing_step& step) {
        using kind = framing_step::kind;
        if (step.what == kind::message || step.what == kind::call) {
            std::string text{step.payload};
            if (step.what == kind::call) text = std::string{step.call.method} + ' ' + std::string{step.call.params};
            seen_.messages.push_back(text);
            const std::string reply = answer_(text);
            if (reply == "later") return;
            if (reply.empty()) {
                spoken_->no_reply(out_);
                finish();
            } else {
                answer(reply);
            }
        }
        if (step.what == kind::become) {
            spoken_ = std::move(step.successor);
            seen_.became = true;
        }
        if (step.what == kind::close) seen_.closed = true;
        finish();
    }
    void finish() {
        if (spoken_->finished()) seen_.closed = true;
    }

    std::unique_ptr<framing> spoken_;
    answers answer_;
    text_buffer out_;
    std::string buffered_;
    outcome seen_;
};

/// The stream in one piece.
inline outcome serve(std::string_view stream, const http_site& where = site{}, answers answer = eight) {
    connection client{where, std::move(answer)};
    client.receive(stream);
    return client.seen();
}

inline std::string get(std::string_view target, std::string_view more = {}) {
    return "GET " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n" + std::string{more} + "\r\n";
}

inline std::string post(std::string_view target, std::string_view body, std::string_view more = {}) {
    return "POST " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
           std::string{more} + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

inline std::string answer_of(unsigned status, std::string_view reason, std::string_view body) {
    return "HTTP/1.1 " + std::to_string(status) + ' ' + std::string{reason} +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string{body};
}

}  // namespace http_test
