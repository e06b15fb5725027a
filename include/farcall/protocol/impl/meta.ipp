#pragma once

#include <algorithm>
#include <charconv>

#include <farcall/codec/scan.hpp>
#include <farcall/protocol/json_text.hpp>
#include <farcall/protocol/meta.hpp>

namespace farcall::detail {

FARCALL_DECL void append_meta(text_buffer& out, const call_meta& meta) {
    if (meta.empty()) return;
    append_literal(out, "\"meta\":{");
    const std::size_t first = out.size();
    const auto name = [&](std::string_view text) {
        if (out.size() != first) out.push_back(',');
        out.push_back('"');
        out.append(text);
        append_literal(out, "\":");
    };
    if (meta.timeout) {
        append_literal(out, "\"timeout_ms\":");
        append_integer(out, meta.timeout->count() > 0 ? meta.timeout->count() : 0);
    }
    if (meta.attempt != 0) {
        name("attempt");
        append_integer(out, meta.attempt);
    }
    if (!meta.traceparent.empty()) {
        name("traceparent");
        append_string(out, meta.traceparent);
    }
    if (!meta.tracestate.empty()) {
        name("tracestate");
        append_string(out, meta.tracestate);
    }
    if (!meta.session.empty()) {
        name("session");
        append_string(out, meta.session);
    }
    if (meta.seq) {
        name("seq");
        append_integer(out, *meta.seq);
    }
    if (meta.ack) {
        name("ack");
        append_integer(out, *meta.ack);
    }
    if (!meta.headers.empty()) {
        name("headers");
        out.push_back('{');
        bool more = false;
        for (const auto& [key, value] : meta.headers) {
            if (more) out.push_back(',');
            more = true;
            append_string(out, key);
            out.push_back(':');
            append_string(out, value);
        }
        out.push_back('}');
    }
    append_literal(out, "},");
}

/// Collects the members of `meta`.
class meta_visitor final : public scan_visitor {
public:
    meta_visitor(call_meta& meta, std::string& error) noexcept : meta_(meta), error_(error) {}

    void member(std::string_view name, const scan_value& value) override {
        if (failed_) return;
        if (name == "timeout_ms") {
            if (std::uint64_t number = 0; once(0, name) && whole(name, value, number, UINT64_MAX))
                meta_.timeout = std::chrono::milliseconds{static_cast<std::int64_t>(std::min(number, longest_meta_timeout))};
        } else if (name == "attempt") {
            if (std::uint64_t number = 0; once(1, name) && whole(name, value, number, 0xFFFFFFFFu))
                meta_.attempt = static_cast<std::uint32_t>(number);
        } else if (name == "traceparent") {
            if (once(2, name)) text(name, value, meta_.traceparent, 128);
        } else if (name == "tracestate") {
            if (once(3, name)) text(name, value, meta_.tracestate, 512);
        } else if (name == "session") {
            if (once(4, name)) text(name, value, meta_.session, 64);
        } else if (name == "seq") {
            if (std::uint64_t number = 0; once(5, name) && whole(name, value, number, UINT64_MAX)) meta_.seq = number;
        } else if (name == "ack") {
            if (std::uint64_t number = 0; once(6, name) && whole(name, value, number, UINT64_MAX)) meta_.ack = number;
        } else if (name == "headers") {
            if (!once(7, name)) return;
            if (value.kind != json_kind::object) return wrong(name, "expected object, found ", value.kind);
            headers_ = value.text;
        }
    }
    void element(const scan_value&) override {}

    bool failed() const noexcept { return failed_; }
    std::string_view headers() const noexcept { return headers_; }

private:
    void wrong(std::string_view name, std::string_view what, json_kind kind) {
        failed_ = true;
        error_ = "meta.";
        error_ += name;
        error_ += ": ";
        error_ += what;
        if (kind != json_kind::none) error_ += to_string(kind);
    }

    bool once(unsigned bit, std::string_view name) {
        if ((seen_ >> bit & 1u) != 0) {
            wrong(name, "is there twice: send it once", json_kind::none);
            return false;
        }
        seen_ |= 1u << bit;
        return true;
    }

    bool whole(std::string_view name, const scan_value& value, std::uint64_t& number, std::uint64_t most) {
        if (value.kind != json_kind::number) {
            wrong(name, "expected a whole number, found ", value.kind);
            return false;
        }
        const char* const end = value.text.data() + value.text.size();
        const auto [stop, failure] = std::from_chars(value.text.data(), end, number);
        if (failure != std::errc{} || stop != end || number > most) {
            wrong(name, "expected a whole number from 0 to " + std::to_string(most), json_kind::none);
            return false;
        }
        return true;
    }

    void text(std::string_view name, const scan_value& value, std::string& into, std::size_t most) {
        if (value.kind != json_kind::string) return wrong(name, "expected string, found ", value.kind);
        std::string scratch;
        const std::string_view content = scan_unescape(value.text, scratch);
        if (content.size() > most)
            return wrong(name, "longer than the " + std::to_string(most) + " bytes allowed", json_kind::none);
        into = content;
    }

    call_meta& meta_;
    std::string& error_;
    std::string_view headers_{};
    unsigned seen_ = 0;
    bool failed_ = false;
};

/// Collects the members of `meta.headers`.
class headers_visitor final : public scan_visitor {
public:
    headers_visitor(metadata& headers, std::string& error) noexcept : headers_(headers), error_(error) {}

    void member(std::string_view name, const scan_value& value) override {
        if (!error_.empty()) return;
        if (value.kind != json_kind::string) {
            error_ = "meta.headers: each value is a string, found ";
            error_ += to_string(value.kind);
        } else if (headers_.contains(name)) {
            error_ = "meta.headers: a key is there twice (case does not matter): send it once";
        } else if (!headers_.try_set(name, scan_unescape(value.text, scratch_))) {
            error_ = "meta.headers: keys are tokens (RFC 9110), values hold no control characters, at most 64 entries "
                     "and 8192 bytes in all";
        }
    }
    void element(const scan_value&) override {}

private:
    metadata& headers_;
    std::string& error_;
    std::string scratch_{};
};

FARCALL_DECL bool read_timeout_meta(std::string_view text, std::chrono::milliseconds& timeout) noexcept {
    constexpr std::string_view front = "{\"timeout_ms\":";
    if (text.size() < front.size() + 2 || text.size() > front.size() + 19 || !text.starts_with(front) || text.back() != '}')
        return false;
    const std::string_view digits = text.substr(front.size(), text.size() - front.size() - 1);
    if (digits.front() == '0' && digits.size() != 1) return false;
    std::int64_t number = 0;
    for (char c : digits) {
        if (c < '0' || c > '9') return false;
        number = number * 10 + (c - '0');
    }
    timeout = std::chrono::milliseconds{std::min(number, static_cast<std::int64_t>(longest_meta_timeout))};
    return true;
}

FARCALL_DECL bool read_meta(std::string_view text, call_meta& meta, std::string& error) {
    meta.clear();
    if (text.empty()) return true;
    if (std::chrono::milliseconds timeout{}; read_timeout_meta(text, timeout)) {
        meta.timeout = timeout;
        return true;
    }
    constexpr std::size_t any_depth = static_cast<std::size_t>(-1);  // the scan of the whole message has bounded it
    error.clear();
    meta_visitor visitor{meta, error};
    const scan_result members = scan(text, any_depth, &visitor);
    if (!members || members.value.kind != json_kind::object) {
        error = "meta: expected object";
        return false;
    }
    if (visitor.failed()) return false;
    if (!visitor.headers().empty()) {
        headers_visitor headers{meta.headers, error};
        if (!scan(visitor.headers(), any_depth, &headers)) error = "meta.headers: expected object";
    }
    return error.empty();
}

}  // namespace farcall::detail
