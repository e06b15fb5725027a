#pragma once

#include <utility>

#include <farcall/codec/scan.hpp>
#include <farcall/detail/json_text.hpp>
#include <farcall/protocol/dialect.hpp>
#include <farcall/protocol/message_writer.hpp>

namespace farcall::detail {

/// Collects the members that the dialects have.
struct dialect_reader::visitor final : scan_visitor {
    void member(std::string_view name, const scan_value& value) override {
        for (const auto& [known, place] :
             {std::pair{"jsonrpc", &version}, std::pair{"id", &id}, std::pair{"request_id", &request_id},
              std::pair{"service", &service}, std::pair{"method", &method}, std::pair{"params", &params},
              std::pair{"kwargs", &kwargs}}) {
            if (name != known) continue;
            if (place->kind != json_kind::none && repeated.empty()) repeated = known;
            *place = value;
        }
    }
    void element(const scan_value&) override {}

    dialect form() const noexcept {
        if (version.kind != json_kind::none) return dialect::none;
        if (request_id.kind != json_kind::none) return dialect::envelope;
        if (kwargs.kind != json_kind::none) return dialect::keyword;
        // Version 1.0 asks for all three members; that of 2.0 is missing otherwise.
        const bool whole = id.kind != json_kind::none && method.kind == json_kind::string && params.kind == json_kind::array;
        return whole ? dialect::json_rpc_1 : dialect::none;
    }

    scan_value version, id, request_id, service, method, params, kwargs;
    std::string_view repeated{};
};

FARCALL_DECL bool dialect_reader::read(std::string_view text, std::size_t depth) {
    visitor parts;
    request_ = {};
    if (!scan(text, depth, &parts)) return false;
    request_.form = parts.form();
    if (request_.form == dialect::none) return false;
    const scan_value& id = request_.form == dialect::envelope ? parts.request_id : parts.id;
    if (request_.form != dialect::keyword && id.kind != json_kind::null) request_.id = id.text;
    if (!parts.repeated.empty()) {
        request_.problem = "\"" + std::string{parts.repeated} + "\" is there twice: send it once";
        return true;
    }
    if (parts.method.kind != json_kind::string) {
        request_.problem = "\"method\" is missing, or no string: name it, as in \"method\":\"add\"";
        return true;
    }
    request_.method = scan_unescape(parts.method.text, method_);
    if (parts.service.kind == json_kind::string) request_.service = scan_unescape(parts.service.text, service_);
    const auto arguments = [&](const scan_value& from, std::string_view& into, bool array_too, const char* wanted) {
        const bool good = from.kind == json_kind::object || (array_too && from.kind == json_kind::array);
        if (good)
            into = from.text;
        else if (from.kind != json_kind::none && from.kind != json_kind::null)
            request_.problem = std::string{wanted} + ", found " + std::string{to_string(from.kind)};
    };
    arguments(parts.params, request_.params, true, "\"params\" must be an array or an object");
    arguments(parts.kwargs, request_.kwargs, false, "\"kwargs\" must be an object");
    return true;
}

/// The parts of a response of ours, and of its error.
struct response_parts final : scan_visitor {
    void member(std::string_view name, const scan_value& value) override {
        if (name == "result") result = value.text;
        if (name == "error") error = value.text;
        if (name == "message") message = value.text;
    }
    void element(const scan_value&) override {}

    std::string_view result, error, message;
};

/// Seconds with a fraction of six digits.
inline void append_seconds(text_buffer& out, std::chrono::microseconds time) {
    constexpr std::int64_t second = 1'000'000;
    append_integer(out, time.count() / second);
    out.push_back('.');
    std::string fraction = std::to_string(second + time.count() % second);
    out.append(std::string_view{fraction}.substr(1));
}

FARCALL_DECL void append_dialect_reply(text_buffer& out, dialect form, std::string_view id, std::string_view response,
                                       std::chrono::microseconds now) {
    response_parts parts;
    static_cast<void>(scan(response, response.size(), &parts));
    const bool failed = parts.result.empty();
    // The text of an error is what these clients look at; version 1.0 leaves its form open.
    if (failed && form != dialect::json_rpc_1) static_cast<void>(scan(parts.error, parts.error.size(), &parts));
    const std::string_view null = "null";
    const std::string_view result = failed ? null : parts.result;
    const std::string_view error = !failed ? null : form == dialect::json_rpc_1 ? parts.error : parts.message;
    if (form == dialect::keyword) {
        append_literal(out, "{\"");
        out.append(failed ? "error\":" : "result\":");
        out.append(failed ? error : result);
        return out.push_back('}');
    }
    if (form == dialect::envelope) {
        append_literal(out, "{\"request_id\":");
        out.append(id.empty() ? null : id);
        out.push_back(',');
    } else {
        out.push_back('{');
    }
    append_literal(out, "\"result\":");
    out.append(result);
    append_literal(out, ",\"error\":");
    out.append(error);
    if (form == dialect::envelope) {
        append_literal(out, ",\"timestamp\":");
        append_seconds(out, now);
    } else {
        append_literal(out, ",\"id\":");
        out.append(id.empty() ? null : id);
    }
    out.push_back('}');
}

/// Writes what an array holds, by position, as members of an object, and an object's members as they are.
struct member_writer final : scan_visitor {
    member_writer(text_buffer& into, std::span<const std::string_view> parameters) : out(into), names(parameters) {}

    void member(std::string_view name, const scan_value& value) override {
        append_string(next(), name);
        out.push_back(':');
        out.append(value.text);
    }
    void element(const scan_value& value) override {
        if (position < names.size() && !names[position].empty())
            member(names[position], value);
        else
            nameless = true;
        ++position;
    }
    text_buffer& next() {
        if (std::exchange(any, true)) out.push_back(',');
        return out;
    }

    text_buffer& out;
    std::span<const std::string_view> names;
    std::size_t position = 0;
    bool any = false;
    bool nameless = false;
};

FARCALL_DECL std::optional<std::string_view> join_arguments(std::string_view params, std::string_view kwargs,
                                                            std::span<const std::string_view> names,
                                                            text_buffer& scratch) {
    const auto empty = [](std::string_view text) {
        // As it was received, so that there may be blanks between the brackets.
        return text.empty() || text.find_first_not_of(" \t\r\n", 1) == text.size() - 1;
    };
    if (empty(kwargs)) return params;
    if (empty(params)) return kwargs;
    scratch.clear();
    scratch.push_back('{');
    member_writer members{scratch, names};
    static_cast<void>(scan(params, params.size(), &members));
    static_cast<void>(scan(kwargs, kwargs.size(), &members));
    if (members.nameless) return {};
    scratch.push_back('}');
    return scratch.view();
}

}  // namespace farcall::detail
