#pragma once

#include <farcall/codec/json_reader.hpp>
#include <farcall/detail/json_text.hpp>
#include <farcall/protocol/message_writer.hpp>
#include <farcall/protocol/side_message.hpp>

namespace farcall::detail {

inline void append_numbered(text_buffer& out, std::string_view name, std::string_view member, std::uint64_t number) {
    begin_notification(out, name);
    append_literal(out, "{\"");
    out.append(member);
    append_literal(out, "\":");
    append_integer(out, number);
    out.push_back('}');
    end_request(out);
}

FARCALL_DECL std::string_view side_member(std::string_view params, std::string_view wanted) {
    // Deeper than any of them; whatever a later version may put there, it is no reason to use the stack.
    json_reader in{params, 8};
    if (params.empty() || params.front() != '{' || !in.begin_object()) return {};
    std::string_view found;
    for (std::string_view name; in.next_member(name);) {
        const bool here = name == wanted;
        std::string_view text;
        if (!in.skip_value(text)) return {};
        if (here) found = text;
    }
    return in.ok() && in.finish() ? found : std::string_view{};
}

inline std::optional<std::uint64_t> side_number(std::string_view params, std::string_view wanted) {
    const std::string_view text = side_member(params, wanted);
    std::uint64_t number = 0;
    json_reader in{text, 1};
    if (text.empty() || !in.integer(number) || !in.finish()) return {};
    return number;
}

FARCALL_DECL void append_cancel(text_buffer& out, std::uint64_t id) { append_numbered(out, cancel_name, "id", id); }

FARCALL_DECL std::string_view read_cancel(std::string_view params) { return side_member(params, "id"); }

FARCALL_DECL void append_goaway(text_buffer& out, std::string_view last_id) {
    begin_notification(out, goaway_name);
    append_literal(out, "{\"last_id\":");
    out.append(last_id.empty() ? std::string_view{"null"} : last_id);
    out.push_back('}');
    end_request(out);
}

FARCALL_DECL std::optional<std::uint64_t> read_goaway(std::string_view params) {
    if (side_member(params, "last_id") == "null") return 0;
    return side_number(params, "last_id");
}

FARCALL_DECL void append_ping(text_buffer& out, std::uint64_t number) { append_numbered(out, ping_name, "n", number); }
FARCALL_DECL void append_pong(text_buffer& out, std::uint64_t number) { append_numbered(out, pong_name, "n", number); }
FARCALL_DECL std::optional<std::uint64_t> read_ping(std::string_view params) { return side_number(params, "n"); }

}  // namespace farcall::detail
