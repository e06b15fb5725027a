#pragma once

#include <algorithm>
#include <cstring>
#include <utility>

#include <farcall/codec/scan.hpp>
#include <farcall/protocol/error_object.hpp>
#include <farcall/protocol/http/call_fields.hpp>
#include <farcall/protocol/http/http_framing.hpp>
#include <farcall/protocol/message_writer.hpp>
#include <farcall/protocol/reply_meta.hpp>

namespace farcall::detail {

/// The id of calls that came without an envelope: there is one at a time.
inline constexpr std::string_view bare_call_id = "0";

/// Without JSON's white space in front.
inline std::string_view without_blanks(std::string_view text) noexcept {
    return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

FARCALL_DECL http_framing::http_framing(const http_site& site, bool offers_pages)
    : site_(site), head_(site.limits()), chunks_(site.limits()), offers_pages_(offers_pages) {}

FARCALL_DECL framing_step http_framing::next(std::string_view received, text_buffer& out) {
    switch (stage_) {
        case stage::head: return read_head(received, out);
        case stage::body: return read_body(received, 0, out);
        case stage::chunks: return read_chunks(received, 0, out);
        case stage::answer: break;
    }
    return {.what = framing_step::kind::wait};
}

FARCALL_DECL framing_step http_framing::last(std::string_view rest, text_buffer&) {
    // The peer knows that it did not say all of it: no answer, and nothing has run.
    finished_ = true;
    return {.what = framing_step::kind::close, .consumed = rest.size()};
}

FARCALL_DECL framing_step http_framing::read_head(std::string_view received, text_buffer& out) {
    // Old clients send an empty line behind a body.
    constexpr std::string_view empty_line = "\r\n";
    std::size_t used = 0;
    if (empty_line.starts_with(received.substr(0, 2))) {
        if (received.size() < 2) return {.missing = 1};
        used = 2;
    }
    // What a head that cannot be read is answered with.
    minor_ = 1;
    with_body_ = true;
    fields_.clear();
    switch (head_.next(received.substr(used))) {
        case http_head_reader::state::need_more: return {.missing = 1};
        case http_head_reader::state::refused:
            return close(head_.problem().status, head_.problem().text, received.size(), out);
        case http_head_reader::state::complete: break;
    }
    used += head_.size();
    const http_head& head = head_.head();
    judge(head);
    constexpr std::size_t kept_room = 1u << 20;
    if (body_.capacity() > kept_room) body_.release();
    body_.clear();
    if (head.length > site_.limits().frame)
        return close(413, "limits.frame: the body is longer than allowed; send less at a time", received.size(), out);
    left_ = static_cast<std::size_t>(head.length);
    const bool asks = minor_ == 1 && head.has_body() && head.find("expect").has_value() &&
                      (head.chunked || received.size() - used < left_);
    if (asks && purpose_ == purpose::refusal) {
        // The body is not wanted, and whether it comes now, nobody knows.
        keep_alive_ = false;
        finished_ = true;
        answer_problem(refusal_.status, refusal_.text, refusal_.fields, out);
        return {.what = framing_step::kind::close, .consumed = received.size()};
    }
    if (asks) append_literal(out, "HTTP/1.1 100 Continue\r\n\r\n");
    stage_ = head.chunked ? stage::chunks : stage::body;
    return head.chunked ? read_chunks(received, used, out) : read_body(received, used, out);
}

FARCALL_DECL framing_step http_framing::read_body(std::string_view received, std::size_t used, text_buffer& out) {
    const std::size_t there = received.size() - used;
    if (there >= left_) return take_request(received.substr(used, left_), used + left_, out);
    if (purpose_ == purpose::refusal) {
        left_ -= there;
        used = received.size();
    }
    if (used != 0) return {.what = framing_step::kind::progress, .consumed = used};
    return {.missing = left_ - there};
}

FARCALL_DECL framing_step http_framing::read_chunks(std::string_view received, std::size_t used, text_buffer& out) {
    const chunked_reader::step found = chunks_.next(received.substr(used), body_);
    used += found.consumed;
    if (purpose_ == purpose::refusal) body_.clear();
    switch (found.what) {
        case chunked_reader::state::refused:
            return close(chunks_.problem().status, chunks_.problem().text, received.size(), out);
        case chunked_reader::state::complete: return take_request(body_.view(), used, out);
        case chunked_reader::state::need_more: break;
    }
    if (used != 0) return {.what = framing_step::kind::progress, .consumed = used};
    return {.missing = 1};
}

FARCALL_DECL framing_step http_framing::take_request(std::string_view body, std::size_t used, text_buffer& out) {
    switch (purpose_) {
        case purpose::message:
            if (!meta_.idempotency_key.empty() && without_blanks(body).starts_with('[')) {
                refuse(400, "an Idempotency-Key names one call, and this is a batch of them");
                break;
            }
            stage_ = stage::answer;
            return {.what = framing_step::kind::message, .consumed = used, .payload = body};
        case purpose::call: return take_call(body, used, out);
        case purpose::page: return take_page(used, out);
        case purpose::preflight: append_http_reply(out, reply(204), {}); return handled(used);
        case purpose::upgrade: return take_upgrade(used, out);
        case purpose::refusal: break;
    }
    answer_problem(refusal_.status, refusal_.text, refusal_.fields, out);
    return handled(used);
}

FARCALL_DECL framing_step http_framing::take_call(std::string_view body, std::size_t used, text_buffer& out) {
    std::string_view params;
    if (!without_blanks(body).empty()) {
        // The message would be one level of its own.
        const std::size_t depth = std::max<std::size_t>(site_.limits().depth, 1) - 1;
        const scan_result found = scan(body, depth);
        if (!found)
            refuse(400, "the arguments are " + describe(found, depth));
        else if (found.value.kind != json_kind::array && found.value.kind != json_kind::object)
            refuse(400, "the arguments are an array, such as [5,3], or an object with their names; this is " +
                            std::string{to_string(found.value.kind)});
        if (purpose_ == purpose::refusal) {
            answer_problem(refusal_.status, refusal_.text, {}, out);
            return handled(used);
        }
        params = found.value.text;
    }
    stage_ = stage::answer;
    return {.what = framing_step::kind::call,
            .consumed = used,
            .payload = params,
            .call = {.id = bare_call_id, .method = name_, .params = params}};
}

FARCALL_DECL framing_step http_framing::take_page(std::size_t used, text_buffer& out) {
    const http_page_request asked{.path = name_, .authorization = authorization_, .offered = offers_pages_};
    const auto found = site_.page(asked);
    if (!found) {
        std::string method;
        if (decode_path(name_, method) && site_.has_method(method, asked))
            answer_problem(405, "a method is called by POST, with its arguments as JSON body", "Allow: POST\r\n", out);
        else
            answer_problem(404, "there is no such page; / lists what this server offers", {}, out);
        return handled(used);
    }
    std::string fields = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: ";
    fields += found->security_policy.empty() ? "default-src 'none'; frame-ancestors 'none'" : found->security_policy;
    fields += "\r\n" + found->fields;
    append_http_reply(out, reply(found->status, found->content_type, fields), found->body, with_body_);
    return handled(used);
}

FARCALL_DECL framing_step http_framing::take_upgrade(std::size_t used, text_buffer& out) {
    append_literal(out,
                   "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   "Sec-WebSocket-Accept: ");
    out.append(accept_);
    append_literal(out, "\r\n\r\n");
    return {.what = framing_step::kind::become, .consumed = used, .successor = site_.websocket()};
}

FARCALL_DECL framing_step http_framing::handled(std::size_t used) noexcept {
    end_answer();
    return {.what = framing_step::kind::handled, .consumed = used};
}

FARCALL_DECL framing_step http_framing::close(unsigned status, std::string_view text, std::size_t used,
                                              text_buffer& out) {
    keep_alive_ = false;
    finished_ = true;
    answer_problem(status, text, {}, out);
    return {.what = framing_step::kind::close, .consumed = used, .limit = limit_named_in(text)};
}

FARCALL_DECL http_reply http_framing::reply(unsigned status, std::string_view content_type,
                                            std::string_view fields) const noexcept {
    return {.status = status,
            .content_type = content_type,
            .fields = fields,
            .more_fields = fields_.view(),
            .minor = minor_,
            .keep_alive = keep_alive_ && !draining_};
}

FARCALL_DECL void http_framing::answer_problem(unsigned status, std::string_view text, std::string_view fields,
                                               text_buffer& out) {
    text_buffer body;
    append_literal(body, "{\"error\":");
    append_error_object(body, code_of_http(status), text);
    body.push_back('}');
    append_http_reply(out, reply(status, json_type, fields), body.view(), with_body_);
}

FARCALL_DECL bool http_framing::end_message(text_buffer& out, std::size_t mark) {
    if (stage_ != stage::answer) {
        // The request has its answer: why the connection ends.
        out.truncate(mark);
        return true;
    }
    if (purpose_ == purpose::call)
        end_call(out, mark);
    else
        wrap_http_reply(out, mark, reply(200, json_type), scratch_);
    end_answer();
    return true;
}

FARCALL_DECL void http_framing::end_last_message(text_buffer& out, std::size_t mark) {
    // It is the answer to the request that is under way, too, if there is one.
    keep_alive_ = false;
    wrap_http_reply(out, mark, reply(503, json_type), scratch_);
    end_answer();
}

/// The line that lets scripts of another origin read these lines of a head.
/// @see https://fetch.spec.whatwg.org/#http-access-control-expose-headers
inline std::string exposing(std::string_view lines) {
    std::string line = "Access-Control-Expose-Headers: ";
    for (std::size_t at = 0; at < lines.size(); at = lines.find("\r\n", at) + 2) {
        if (at != 0) line += ", ";
        line += lines.substr(at, lines.find(':', at) - at);
    }
    return line + "\r\n";
}

FARCALL_DECL void http_framing::end_call(text_buffer& out, std::size_t mark) {
    constexpr std::string_view result = "\"result\":", failure = "\"error\":";
    const std::size_t front = response_front_size(bare_call_id);
    std::string fields = meta_.trailers ? take_notes(out, mark) : std::string{};
    const auto expose = [&] {
        const bool foreign = fields_.view().find("Allow-Origin") != std::string_view::npos;
        if (foreign && !fields.empty()) fields += exposing(fields);
    };
    const std::string_view said = out.view().substr(mark + front);
    if (said.starts_with(result)) {
        const std::size_t size = said.size() - result.size() - 1;
        std::memmove(out.data() + mark, said.data() + result.size(), size);
        out.truncate(mark + size);
        expose();
        return wrap_http_reply(out, mark, reply(200, json_type, fields), scratch_);
    }
    error_view seen;
    std::string problem;
    unsigned status = 500;
    if (read_error_object(said.substr(failure.size(), said.size() - failure.size() - 1), seen, problem)) {
        status = http_status_of(seen.code);
        const auto pause = to_error(seen).retry_after();
        if (pause.count() > 0)
            fields += "Retry-After: " + std::to_string(std::chrono::ceil<std::chrono::seconds>(pause).count()) + "\r\n";
    }
    std::memmove(out.data() + mark + 1, said.data(), said.size());
    out.truncate(mark + 1 + said.size());
    expose();
    wrap_http_reply(out, mark, reply(status, json_type, fields), scratch_);
}

/// Takes the notes out of a response.
/// @returns the lines that say the same in a head; empty: there were none
FARCALL_DECL std::string http_framing::take_notes(text_buffer& out, std::size_t mark) {
    struct finder final : scan_visitor {
        void member(std::string_view name, const scan_value& value) override {
            if (name == "meta") meta = value.text;
        }
        void element(const scan_value&) override {}
        std::string_view meta;
    } parts;
    constexpr std::string_view name = ",\"meta\":";
    if (!scan(out.view().substr(mark), static_cast<std::size_t>(-1), &parts) || parts.meta.empty()) return {};
    const reply_meta said = read_reply_meta(parts.meta);
    std::string lines;
    if (said.server_time) {
        const std::string digits = std::to_string(1'000'000'000 + said.server_time->count() % 1000).substr(7);
        lines = "Server-Timing: rpc;dur=" + std::to_string(said.server_time->count() / 1000) + '.' + digits + "\r\n";
    }
    for (const auto& [key, value] : said.headers) lines += "Trailer-" + key + ": " + value + "\r\n";
    out.truncate(static_cast<std::size_t>(parts.meta.data() - out.data()) - name.size());
    out.push_back('}');
    return lines;
}

FARCALL_DECL void http_framing::no_reply(text_buffer& out) {
    if (stage_ != stage::answer) return;
    append_http_reply(out, reply(site_.notification_status()), {});
    end_answer();
}

FARCALL_DECL void http_framing::drain() { draining_ = true; }

FARCALL_DECL void http_framing::farewell(text_buffer& out) {
    if (owes()) close(408, "the rest of the request did not come in time; nothing of it ran", 0, out);
}

FARCALL_DECL void http_framing::end_answer() noexcept {
    stage_ = stage::head;
    finished_ = !keep_alive_ || draining_;
    head_.reset();
    chunks_.reset();
}

}  // namespace farcall::detail
