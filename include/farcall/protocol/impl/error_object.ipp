#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <farcall/codec/scan.hpp>
#include <farcall/detail/error_code.hpp>
#include <farcall/detail/json_text.hpp>
#include <farcall/limits.hpp>
#include <farcall/protocol/error_object.hpp>

namespace farcall::detail {

FARCALL_DECL std::int64_t wire_code(const error& failure) noexcept {
    if (!failure.has_own_code()) return code_of(failure.status());
    return reserved_code(failure.code()) ? code_internal_error : failure.code();
}

/// Appends `"code":..,"message":".."`.
inline void append_error_front(text_buffer& out, std::int64_t code, std::string_view message) {
    append_literal(out, "{\"code\":");
    append_integer(out, code);
    append_literal(out, ",\"message\":");
    append_string(out, cut_utf8(message, longest_error_message));
}

FARCALL_DECL void append_error_object(text_buffer& out, std::int64_t code, std::string_view message) {
    append_error_front(out, code, message);
    out.push_back('}');
}

FARCALL_DECL void append_error_object(text_buffer& out, const error& failure) {
    const std::int64_t code = wire_code(failure);
    append_error_front(out, code, failure.message());
    if (failure.has_own_code()) {
        if (!failure.data().empty()) {
            append_literal(out, ",\"data\":");
            // Message, error and data are each a level; a text that the peer would refuse would cost the whole answer.
            if (const scan_result found = scan(failure.data(), limits{}.depth - 2)) {
                out.append(found.value.text);
            } else {
                append_string(out, failure.data());
            }
        }
        out.push_back('}');
        return;
    }
    const std::size_t before = out.size();
    append_literal(out, ",\"data\":{");
    const std::size_t first = out.size();
    const auto comma = [&] {
        if (out.size() != first) out.push_back(',');
    };
    if (!failure.type().empty()) {
        append_literal(out, "\"type\":");
        append_string(out, cut_utf8(failure.type(), longest_error_type));
    }
    if (!failure.value().empty()) {
        comma();
        append_literal(out, "\"value\":");
        out.append(failure.value());
    }
    if (!failure.path().empty()) {
        comma();
        append_literal(out, "\"path\":");
        append_string(out, cut_utf8(failure.path(), longest_error_path));
    }
    if (failure.executed() != executed_by_code(code)) {
        comma();
        append_literal(out, "\"executed\":\"");
        out.append(to_string(failure.executed()));
        out.push_back('"');
    }
    if (failure.retry_after().count() > 0) {
        comma();
        append_literal(out, "\"retry_after_ms\":");
        append_integer(out, failure.retry_after().count());
    }
    if (out.size() == first) {
        out.truncate(before);
    } else {
        out.push_back('}');
    }
    out.push_back('}');
}

/// Collects the members of `error`.
class error_visitor final : public scan_visitor {
public:
    void member(std::string_view name, const scan_value& value) override {
        if (name == "code") return take(code, value);
        if (name == "message") return take(message, value);
        if (name == "data") return take(data, value);
    }
    void element(const scan_value&) override {}

    scan_value code, message, data;
    bool twice = false;

private:
    void take(scan_value& into, const scan_value& value) {
        if (into.kind != json_kind::none) twice = true;
        into = value;
    }
};

/// A number's text as an integer; empty if it is not one that fits.
inline std::optional<std::int64_t> integer_of(const scan_value& value) noexcept {
    if (value.kind != json_kind::number) return std::nullopt;
    std::int64_t number = 0;
    const char* const end = value.text.data() + value.text.size();
    const auto [stop, failure] = std::from_chars(value.text.data(), end, number);
    if (failure != std::errc{} || stop != end) return std::nullopt;
    return number;
}

FARCALL_DECL bool read_error_object(std::string_view text, error_view& view, std::string& problem) {
    error_visitor parts;
    // The depth was bounded with the whole message.
    const scan_result found = scan(text, static_cast<std::size_t>(-1), &parts);
    const auto code = integer_of(parts.code);
    if (!found || found.value.kind != json_kind::object) {
        problem = "\"error\" is not an object";
    } else if (parts.twice) {
        problem = "a member of \"error\" is there twice";
    } else if (parts.code.kind == json_kind::none) {
        problem = "\"error\" has no code";
    } else if (!code) {
        problem = "the code of \"error\" is not an integer";
    } else if (parts.message.kind != json_kind::string) {
        problem = parts.message.kind == json_kind::none ? "\"error\" has no message"
                                                        : "the message of \"error\" is not a string";
    } else {
        view = {.code = *code, .message = parts.message.text, .data = parts.data.text};
        return true;
    }
    return false;
}

/// Collects what the library itself puts into `error.data`.
class error_data_visitor final : public scan_visitor {
public:
    explicit error_data_visitor(error::details& texts) noexcept : texts_(texts) {}

    void member(std::string_view name, const scan_value& value) override {
        if (name == "type" && value.kind == json_kind::string) {
            texts_.type = cut_utf8(scan_unescape(value.text, scratch_), longest_error_type);
        } else if (name == "value") {
            texts_.value = value.text;
        } else if (name == "path" && value.kind == json_kind::string) {
            texts_.path = cut_utf8(scan_unescape(value.text, scratch_), longest_error_path);
        } else if (name == "executed") {
            if (value.text == "\"no\"") ran = executed::no;
            if (value.text == "\"yes\"") ran = executed::yes;
            if (value.text == "\"unknown\"") ran = executed::unknown;
        } else if (name == "retry_after_ms") {
            constexpr std::int64_t day = 86'400'000;
            if (const auto wait = integer_of(value))
                texts_.retry_after = std::chrono::milliseconds{std::clamp<std::int64_t>(*wait, 0, day)};
        }
    }
    void element(const scan_value&) override {}

    std::optional<executed> ran{};

private:
    error::details& texts_;
    std::string scratch_{};
};

FARCALL_DECL error to_error(const error_view& view) {
    std::string scratch;
    error::details texts;
    texts.message = cut_utf8(scan_unescape(view.message, scratch), longest_error_message);
    texts.data = view.data;
    if (own_code(view.code))
        return error::application(view.code, std::move(texts.message), std::move(texts.data))
            .with_origin(origin::peer)
            .with_executed(executed_by_code(view.code));
    error_data_visitor data{texts};
    if (view.data.starts_with('{')) (void)scan(view.data, static_cast<std::size_t>(-1), &data);
    return error{status_of(view.code), std::move(texts)}
        .with_code(view.code)
        .with_origin(origin::peer)
        .with_executed(data.ran.value_or(executed_by_code(view.code)));
}

}  // namespace farcall::detail
