#include "output.hpp"

#include <farcall/detail/plain_sight.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/protocol/error_object.hpp>

#include "json_parts.hpp"

namespace tool {

namespace {

using farcall::json;
using farcall::json_kind;

constexpr std::size_t short_enough = 96;  ///< characters of an array or object that stays on a line

void append_indented(std::string& out, const json& value, std::size_t depth) {
    const bool object = value.kind() == json_kind::object;
    if (value.text().size() <= short_enough || (!object && value.kind() != json_kind::array)) {
        out += value.text();
        return;
    }
    const std::string margin(2 * (depth + 1), ' ');
    out += object ? '{' : '[';
    bool first = true;
    const auto next = [&] {
        out += first ? "\n" : ",\n";
        out += margin;
        first = false;
    };
    for (const auto& [name, member] : members(value)) {
        next();
        out += json{name}.text();
        out += ": ";
        append_indented(out, member, depth + 1);
    }
    for (const json& element : elements(value)) {
        next();
        append_indented(out, element, depth + 1);
    }
    out += '\n';
    out.append(margin, 0, 2 * depth);
    out += object ? '}' : ']';
}

/// What a peer said comes with the method and the number; what was found here speaks for itself.
std::string first_line(const farcall::error& failure) {
    std::string line = printable(failure.message());
    if (failure.origin() == farcall::origin::local) return line;
    if (!line.starts_with(failure.method())) line = printable(failure.method()) + ": " + line;
    line += " (" + std::string{to_string(failure.status())};
    if (failure.code() != 0) line += ", code " + std::to_string(failure.code());
    return line + ')';
}

}  // namespace

std::string printable(std::string_view text, bool lines) {
    std::string out;
    while (!text.empty()) {
        const farcall::detail::character next = farcall::detail::take_character(text);
        const char32_t c = next.code;
        if (!next.sound)
            farcall::detail::append_byte_escape(out, static_cast<unsigned char>(c));
        else if (!farcall::detail::deceives(c) || (lines && (c == '\n' || c == '\t')))
            out += next.bytes;
        else if (c == '\n' || c == '\t')
            out += c == '\n' ? "\\n" : "\\t";
        else
            farcall::detail::append_code_escape(out, c);
    }
    return out;
}

std::string printable_json(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const farcall::detail::character next = farcall::detail::take_character(text);
        // What is not ASCII is in a string, and there are no lower controls in one.
        if (!next.sound)
            out += "\\ufffd";
        else if (next.code >= 0x7F && farcall::detail::deceives(next.code))
            farcall::detail::append_code_escape(out, next.code);
        else
            out += next.bytes;
    }
    return out;
}

std::string result_text(const json& result, bool terminal) {
    std::string text;
    if (result.kind() == json_kind::string)
        text = result.as<std::string>();
    else
        append_indented(text, result, 0);
    return terminal ? printable(text, true) : text;
}

std::string failure_text(const farcall::error& failure, std::string_view hint) {
    std::string text = "farcall: " + first_line(failure) + '\n';
    const auto detail = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) text.append("  ").append(name).append(": ").append(printable(value)).append("\n");
    };
    detail("type", failure.type());
    detail("value", failure.value());
    detail("path", failure.path());
    if (failure.has_own_code()) detail("data", failure.data());
    if (failure.retry_after().count() != 0) detail("retry after", std::to_string(failure.retry_after().count()) + " ms");
    if (failure.origin() == farcall::origin::local && failure.executed() == farcall::executed::unknown)
        detail("executed", "unknown; ask the server before you call again what must not run twice");
    if (!hint.empty()) text.append("  hint: ").append(printable(hint)).append("\n");
    return text;
}

std::string failure_json(const farcall::error& failure) {
    farcall::detail::text_buffer out;
    farcall::detail::append_error_object(out, failure);
    return "{\"error\":" + printable_json(out.view()) + "}\n";
}

std::string mistake_text(const mistake& why) {
    std::string text = "farcall: " + printable(why.message) + '\n';
    if (!why.hint.empty()) text += "  hint: " + printable(why.hint) + '\n';
    return text;
}

}  // namespace tool
