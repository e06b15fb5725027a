#pragma once

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include <farcall/codec/codec_error.hpp>
#include <farcall/detail/json_text.hpp>
#include <farcall/protocol/http/call_fields.hpp>
#include <farcall/protocol/http/chunked.hpp>
#include <farcall/protocol/http/client_framing.hpp>
#include <farcall/protocol/http/response.hpp>
#include <farcall/protocol/http/target.hpp>
#include <farcall/protocol/side_message.hpp>

namespace farcall::detail {

/// What a response without a JSON-RPC answer in it means for its call.
/// @see https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
constexpr status status_of_http(unsigned number) noexcept {
    switch (number) {
        case 401: return status::unauthenticated;
        case 403: return status::permission_denied;
        case 404:
        case 405: return status::unimplemented;
        case 413: return status::resource_exhausted;
        case 429:
        case 502:
        case 503: return status::unavailable;
        case 408:
        case 504: return status::deadline_exceeded;
        default: return status::internal;
    }
}

class http_client_framing final : public client_framing {
public:
    http_client_framing(const endpoint& server, const limits& bounds)
        : chunks_(bounds), most_(std::min(bounds.frame, limits::frame_ceiling)) {
        append_literal(front_, "POST ");
        front_.append(server.path);
        append_literal(front_, " HTTP/1.1\r\nHost: ");
        front_.append(http_host(server));
        append_literal(front_, "\r\nContent-Type: application/json\r\nAccept: application/json\r\n");
    }

    bool open(text_buffer&) override { return false; }

    bool end_message(text_buffer& out, std::size_t mark, std::uint64_t id, const outer_fields& fields) override {
        const std::size_t length = out.size() - mark;
        if (length > limits::frame_ceiling) return false;
        head_text_.clear();
        head_text_.append(front_.view());
        if (fields.trace != nullptr) {
            append_field("traceparent", fields.trace->traceparent);
            if (!fields.trace->tracestate.empty()) append_field("tracestate", fields.trace->tracestate);
        }
        if (fields.headers != nullptr)
            for (const auto& [key, value] : *fields.headers) append_field(key, value);
        append_literal(head_text_, "Content-Length: ");
        append_integer(head_text_, length);
        append_literal(head_text_, "\r\n\r\n");
        out.insert(mark, head_text_.view());
        const request made{id, appended_, head_text_.size(), out.size() - mark};
        appended_ += made.size;
        if (!sent_) {
            sent_ = made;
            return true;
        }
        waiting_.push_back(made);
        held_.append(out.view().substr(mark));
        out.truncate(mark);
        return true;
    }

    std::size_t held() const noexcept override { return held_.size() - gone_; }
    std::uint64_t take_held() override {
        if (!finished_ || waiting_.empty()) return 0;
        const std::uint64_t id = waiting_.front().id;
        drop_first();
        return id;
    }
    bool answers_all() const noexcept override { return true; }

    void cancel(text_buffer& out, std::size_t at) override {
        // What has not been sent is the one whose turn it is, in the output, or one of those that are held.
        if (at < out.size()) {
            blank(out.data() + at, *sent_);
            return give_up(sent_->id);
        }
        if (waiting_.empty()) return;
        const std::uint64_t place = waiting_.front().place + (at - out.size());
        const auto found = std::lower_bound(waiting_.begin(), waiting_.end(), place,
                                            [](const request& each, std::uint64_t where) { return each.place < where; });
        if (found != waiting_.end() && found->place == place) blank(held_.data() + gone_ + (at - out.size()), *found);
    }

    void give_up(std::uint64_t id) override {
        // Its answer may never come, and whatever comes is that one.
        if (!sent_ || sent_->id != id) return;
        sent_.reset();
        finished_ = true;
    }

    bool takes_headers(const metadata& headers) const noexcept override {
        // HTTP drops blanks around a value.
        const auto fits = [](const metadata::entry& each) {
            return field_is_metadata(each.key) && !each.value.starts_with(' ') && !each.value.ends_with(' ');
        };
        return headers.bytes() <= most_header_bytes && headers.size() <= most_headers &&
               std::all_of(headers.begin(), headers.end(), fits);
    }

    bool takes_trace() const noexcept override { return true; }

    client_step next(std::string_view received, text_buffer& out) override {
        if (!sent_)
            return broken(status::unavailable, "the server sent something that nobody had asked for");
        switch (stage_) {
            case stage::head: return read_head(received, out);
            case stage::length: return read_length(received, out);
            case stage::chunks: return read_chunks(received, out);
            case stage::close: break;
        }
        return too_long(received.size()) ? refuse_length() : client_step{};
    }

    client_step last(std::string_view rest, text_buffer& out) override {
        if (stage_ == stage::close && sent_) return take_body(rest, rest.size(), out);
        return {.what = client_step::kind::handled, .consumed = rest.size()};
    }

    bool side_messages() const noexcept override { return false; }
    bool finished() const noexcept override { return finished_; }

private:
    /// What is read next of a response.
    enum class stage : std::uint8_t { head, length, chunks, close };

    /// A request that has no response yet.
    struct request {
        std::uint64_t id;
        std::uint64_t place;  ///< among all bytes of requests
        std::size_t head;
        std::size_t size;
    };

    void append_field(std::string_view name, std::string_view value) {
        head_text_.append(name);
        append_literal(head_text_, ": ");
        head_text_.append(value);
        append_literal(head_text_, "\r\n");
    }

    static void blank(char* at, const request& which) { put_nothing(at + which.head, which.size - which.head); }

    /// Takes the first request out of those that are held.
    void drop_first() {
        gone_ += waiting_.front().size;
        waiting_.pop_front();
        if (gone_ < held_.size() - gone_) return;  // what is left is moved as often as its size doubles, not each time
        held_.consume(gone_);
        gone_ = 0;
    }

    static client_step broken(status what, std::string text) {
        return {.what = client_step::kind::broken, .failure = error{what, std::move(text)}};
    }
    bool too_long(std::uint64_t length) const noexcept { return length > most_; }
    client_step refuse_length() const {
        return broken(status::resource_exhausted, "limits.frame: the server's answer is longer than the " +
                                                      std::to_string(most_) + " bytes allowed; raise the limit");
    }

    client_step read_head(std::string_view received, text_buffer& out) {
        const auto now = reader_.next(received);
        if (now == http_response_reader::state::need_more) return {};
        if (now == http_response_reader::state::refused)
            return broken(status::internal, "the server did not answer in HTTP: " + std::string{reader_.problem()});
        const http_response_head& head = reader_.head();
        const std::size_t used = reader_.size();
        if (head.status == 101) return broken(status::internal, "the server changed the protocol, which nobody had asked for");
        if (head.status < 200) {
            reader_.reset();
            return {.what = client_step::kind::handled, .consumed = used};
        }
        status_ = head.status;
        status_text_ = http_status_text(head);
        const auto type = head.find("content-type");
        for_people_ = type && same_name(type->substr(0, 9), "text/html");
        last_ = !head.keep_alive;
        left_ = static_cast<std::size_t>(head.length);
        const auto ends = head.body;
        reader_.reset();
        switch (ends) {
            case http_response_head::body_end::none: return take_body({}, used, out);
            case http_response_head::body_end::length:
                if (too_long(left_)) return refuse_length();
                stage_ = stage::length;
                break;
            case http_response_head::body_end::chunks: stage_ = stage::chunks; break;
            case http_response_head::body_end::close: stage_ = stage::close; break;
        }
        return {.what = client_step::kind::handled, .consumed = used};
    }

    client_step read_length(std::string_view received, text_buffer& out) {
        if (received.size() < left_) return {.missing = left_ - received.size()};
        return take_body(received.substr(0, left_), left_, out);
    }

    client_step read_chunks(std::string_view received, text_buffer& out) {
        const chunked_reader::step step = chunks_.next(received, body_);
        if (step.what == chunked_reader::state::refused)
            return broken(status::internal, "the server's answer cannot be read: " + std::string{chunks_.problem().text});
        if (step.what == chunked_reader::state::complete) return take_body(body_.view(), step.consumed, out);
        if (step.consumed == 0) return {};
        return {.what = client_step::kind::handled, .consumed = step.consumed};
    }

    /// A whole response is there: the next request may go.
    client_step take_body(std::string_view body, std::size_t used, text_buffer& out) {
        const request done = *sent_;
        sent_.reset();
        finished_ = last_;  // not before: until now the request was under way
        stage_ = stage::head;
        chunks_.reset();
        body_.swap(answer_);  // the step refers to it
        body_.clear();
        if (!finished_ && !waiting_.empty()) {
            sent_ = waiting_.front();
            out.append(held_.view().substr(gone_, sent_->size));
            drop_first();
        }
        client_step step{.what = client_step::kind::handled, .consumed = used, .id = done.id};
        if (is_answer(body)) {
            step.what = client_step::kind::message;
            step.payload = body;
        } else {
            step.what = client_step::kind::unanswered;
            step.failure = refusal(body);
        }
        return step;
    }

    /// A page of a proxy in between is no answer, nor is JSON that says something else with an error's status.
    bool is_answer(std::string_view body) const noexcept {
        const std::size_t first = body.find_first_not_of(" \t\r\n");
        if (first == std::string_view::npos || (body[first] != '{' && body[first] != '[')) return false;
        return status_ == 200 || body.find("\"jsonrpc\"") != std::string_view::npos;
    }

    /// An excerpt of a body, which is JSON more often than not.
    static std::string legible(std::string_view body) {
        const std::string escaped = excerpt(body, 200);
        std::string text;
        for (std::size_t i = 0; i != escaped.size(); ++i)
            if (escaped[i] != '\\' || i + 1 == escaped.size() || escaped[i + 1] != '"') text += escaped[i];
        return text;
    }

    error refusal(std::string_view body) const {
        const bool good = status_ / 100 == 2;
        std::string text = good ? "the server's answer is no JSON-RPC: " : "the server refused the request: ";
        text += status_text_;
        if (!body.empty() && !for_people_) text += ": " + legible(body);
        if (status_ == 400 || status_ == 404 || status_ == 405) text += "; is that the path where it takes JSON-RPC?";
        const bool refused = status_ / 100 == 4 && status_ != 408;
        return error{good ? status::internal : status_of_http(status_), std::move(text)}
            .with_origin(origin::peer)
            .with_executed(refused ? executed::no : executed::unknown);
    }

    /// More metadata than this travels in the message: servers bound what they take in headers.
    static constexpr std::size_t most_header_bytes = 4096;
    static constexpr std::size_t most_headers = 32;

    text_buffer front_;      ///< what all requests begin with
    text_buffer head_text_;  ///< of the request that is written
    text_buffer held_;
    std::optional<request> sent_;  ///< the one whose turn it is: it was handed to the output
    std::deque<request> waiting_;  ///< those that are held
    http_response_reader reader_;
    chunked_reader chunks_;
    text_buffer body_;    ///< of a response in chunks
    text_buffer answer_;  ///< the one before
    std::string status_text_;
    std::uint64_t appended_ = 0;  ///< bytes of all requests
    std::size_t gone_ = 0;        ///< bytes at the front of `held_` that are held no more
    std::size_t most_;
    std::size_t left_ = 0;
    unsigned status_ = 0;
    stage stage_ = stage::head;
    bool for_people_ = false;  ///< the body is a page
    bool last_ = false;  ///< nothing follows the response that is read
    bool finished_ = false;
};

FARCALL_DECL std::unique_ptr<client_framing> make_http_client_framing(const endpoint& server, const limits& bounds) {
    return std::make_unique<http_client_framing>(server, bounds);
}

}  // namespace farcall::detail
