#pragma once

#include <algorithm>
#include <cstring>
#include <iterator>

#include <farcall/codec/json_reader.hpp>
#include <farcall/detail/json_text.hpp>
#include <farcall/protocol/meta.hpp>

namespace farcall::detail {

FARCALL_DECL void call_meta::add(const call_meta& around) {
    if (around.timeout) timeout = timeout ? std::min(*timeout, *around.timeout) : *around.timeout;
    if (attempt == 0) attempt = around.attempt;
    trailers = trailers || around.trailers;
    if (traceparent.empty()) {
        traceparent = around.traceparent;
        tracestate = around.tracestate;
    }
    // A session's numbers belong together, and in place of a key.
    if (session.empty() && idempotency_key.empty()) {
        session = around.session;
        seq = around.seq;
        ack = around.ack;
        idempotency_key = around.idempotency_key;
    }
    for (const metadata::entry& each : around.headers)
        if (!headers.contains(each.key)) static_cast<void>(headers.try_set(each.key, each.value));
}

FARCALL_DECL void append_metadata(text_buffer& out, const metadata& entries) {
    out.push_back('{');
    bool more = false;
    for (const auto& [key, value] : entries) {
        if (more) out.push_back(',');
        more = true;
        append_string(out, key);
        out.push_back(':');
        append_string(out, value);
    }
    out.push_back('}');
}

FARCALL_DECL void append_meta(text_buffer& out, const meta_view& meta) {
    const std::size_t before = out.size();
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
    if (meta.trailers) {
        name("trailers");
        append_literal(out, "true");
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
    if (!meta.idempotency_key.empty()) {
        name("idempotency_key");
        append_string(out, meta.idempotency_key);
    }
    if (meta.headers != nullptr && !meta.headers->empty()) {
        name("headers");
        append_metadata(out, *meta.headers);
    }
    if (out.size() == first) return out.truncate(before);
    append_literal(out, "},");
}

/// Reads the value of one member of `meta` that is a string of at most `most` bytes.
inline bool read_meta_text(json_reader& in, std::string& into, std::size_t most, bool may_be_empty = true) {
    if (!in.string(into)) return false;
    if (into.empty() && !may_be_empty) return in.fail("is empty: leave it out, or say which");
    return into.size() <= most || in.fail("longer than the " + std::to_string(most) + " bytes allowed");
}

inline bool read_meta_headers(json_reader& in, metadata& headers) {
    if (!in.begin_object()) return false;
    std::string key;
    for (std::string_view name; in.next_member(name);) {
        key = name;
        std::string_view value;
        if (!in.string(value)) return in.at_member(key);
        if (headers.contains(key))
            return in.fail("is there twice (case does not matter): send it once") || in.at_member(key);
        if (!headers.try_set(key, value))
            return in.fail(
                       "keys are tokens (RFC 9110), values hold no control characters, and all together are at most "
                       "64 entries and 8192 bytes") ||
                   in.at_member(key);
    }
    return in.ok();
}

/// Reads the value of the member `known` of `meta`.
inline bool read_meta_member(json_reader& in, std::size_t known, call_meta& meta) {
    switch (known) {
        case 0: {
            std::uint64_t number = 0;
            if (!in.integer(number)) return false;
            meta.timeout = std::chrono::milliseconds{static_cast<std::int64_t>(std::min(number, longest_meta_timeout))};
            return true;
        }
        case 1: return in.integer(meta.attempt);
        case 2: return read_meta_text(in, meta.traceparent, trace_context::longest_traceparent);
        case 3: return read_meta_text(in, meta.tracestate, trace_context::longest_tracestate);
        // Whoever names its call must not find that it was taken for one without a name.
        case 4: return read_meta_text(in, meta.session, 64, false);
        case 5: return in.integer(meta.seq.emplace());
        case 6: return in.integer(meta.ack.emplace());
        case 7: return read_meta_text(in, meta.idempotency_key, longest_idempotency_key, false);
        case 8: return in.boolean(meta.trailers);
        default: return read_meta_headers(in, meta.headers);
    }
}

inline bool read_meta_members(json_reader& in, call_meta& meta) {
    constexpr std::string_view names[] = {"timeout_ms", "attempt", "traceparent",     "tracestate", "session",
                                          "seq",        "ack",     "idempotency_key", "trailers", "headers"};
    if (!in.begin_object()) return false;
    unsigned seen = 0;
    for (std::string_view name; in.next_member(name);) {
        const std::size_t known =
            static_cast<std::size_t>(std::find(std::begin(names), std::end(names), name) - std::begin(names));
        if (known == std::size(names)) {
            if (!in.skip_value()) return false;
            continue;
        }
        const bool again = (seen >> known & 1u) != 0;
        seen |= 1u << known;
        if (again ? !in.fail("is there twice: send it once") : !read_meta_member(in, known, meta))
            return in.at_member(names[known]);
    }
    return in.ok();
}

FARCALL_DECL bool read_timeout_meta(std::string_view text, std::chrono::milliseconds& timeout) noexcept {
    constexpr std::string_view front = "{\"timeout_ms\":";
    if (text.size() < front.size() + 2 || text.size() > front.size() + 19 || !text.starts_with(front) ||
        text.back() != '}')
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

/// What is left of a text that is looked at from the front.
class own_meta_reader {
public:
    explicit own_meta_reader(std::string_view text) noexcept : left_(text) {}

    std::size_t left() const noexcept { return left_.size(); }

    bool eat(char wanted) noexcept {
        if (left_.empty() || left_.front() != wanted) return false;
        left_.remove_prefix(1);
        return true;
    }

    /// A member's name, with what stands in front of it. False: another one is there.
    template <std::size_t Size>
    bool name(const char (&wanted)[Size]) noexcept {
        // The lengths are constants, so that these are a few comparisons of registers.
        if (left_.size() < Size || left_.front() != (first_ ? '{' : ',') ||
            std::memcmp(left_.data() + 1, wanted, Size - 1) != 0)
            return false;
        left_.remove_prefix(Size);
        first_ = false;
        return true;
    }

    /// What stands before the next quote, or before anything that needs a look in a string; at most `most` bytes and one.
    std::string_view plain(std::size_t most) noexcept {
        const std::string_view found = left_.substr(0, plain_prefix(left_.substr(0, most + 1)));
        left_.remove_prefix(found.size());
        return found;
    }

    /// A number of at most 18 digits; without any, or with a leading zero, what follows does not fit.
    std::uint64_t number() noexcept {
        std::size_t digits = 0;
        std::uint64_t made = 0;
        while (digits < left_.size() && digits < 18 && left_[digits] >= '0' && left_[digits] <= '9')
            made = made * 10 + static_cast<std::uint64_t>(left_[digits++] - '0');
        if (digits > 1 && left_[0] == '0') digits = 0;
        good_ = good_ && digits != 0;
        left_.remove_prefix(digits);
        return made;
    }

    bool good() const noexcept { return good_ && !first_; }

private:
    std::string_view left_;
    bool first_ = true;
    bool good_ = true;
};

FARCALL_DECL std::size_t read_own_meta(std::string_view text, meta_view& meta) noexcept {
    own_meta_reader in{text};
    if (in.name("\"timeout_ms\":"))
        meta.timeout = std::chrono::milliseconds{
            static_cast<std::int64_t>(std::min<std::uint64_t>(in.number(), longest_meta_timeout))};
    if (in.name("\"attempt\":")) {
        const std::uint64_t attempt = in.number();
        if (attempt > 0xffffffffu) return 0;
        meta.attempt = static_cast<std::uint32_t>(attempt);
    }
    if (in.name("\"traceparent\":\"")) {
        meta.traceparent = in.plain(trace_context::longest_traceparent);
        if (meta.traceparent.size() > trace_context::longest_traceparent || !in.eat('"')) return 0;
    }
    if (in.name("\"tracestate\":\"")) {
        meta.tracestate = in.plain(trace_context::longest_tracestate);
        if (meta.tracestate.size() > trace_context::longest_tracestate || !in.eat('"')) return 0;
    }
    meta.trailers = in.name("\"trailers\":true");
    if (in.name("\"session\":\"")) {
        meta.session = in.plain(64);
        if (meta.session.empty() || meta.session.size() > 64 || !in.eat('"')) return 0;
    }
    if (in.name("\"seq\":")) meta.seq = in.number();
    if (in.name("\"ack\":")) meta.ack = in.number();
    return in.good() && in.eat('}') ? text.size() - in.left() : 0;
}

FARCALL_DECL bool read_meta(std::string_view text, call_meta& meta, std::string& error) {
    meta.clear();
    if (text.empty()) return true;
    if (std::chrono::milliseconds timeout{}; read_timeout_meta(text, timeout)) {
        meta.timeout = timeout;
        return true;
    }
    // The depth was bounded with the whole message.
    json_reader in{text, static_cast<std::size_t>(-1)};
    if (read_meta_members(in, meta) && in.finish()) return true;
    const codec_error& found = in.error();
    error = found.path.empty() ? "meta: " : found.path.starts_with('[') ? "meta" : "meta.";
    error += found.text();
    return false;
}

}  // namespace farcall::detail
