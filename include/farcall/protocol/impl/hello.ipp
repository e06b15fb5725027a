#pragma once

#include <algorithm>

#include <farcall/codec/json_reader.hpp>
#include <farcall/detail/json_text.hpp>
#include <farcall/protocol/hello.hpp>
#include <farcall/protocol/meta.hpp>
#include <farcall/protocol/side_message.hpp>

namespace farcall::detail {

/// Deeper than any hello; whatever a later version may put there, it is no reason to use the stack.
inline constexpr std::size_t hello_depth = 8;

FARCALL_DECL bool hello_wants_session(std::string_view params) {
    return side_member(params, "session") == "\"new\"";
}

FARCALL_DECL void append_hello_answer(text_buffer& out, const hello_answer& answer) {
    append_literal(out, "{\"farcall\":1,\"features\":[\"cancel\",\"goaway\",\"ping\",\"session\"]");
    if (!answer.session.empty()) {
        append_literal(out, ",\"session\":");
        append_string(out, answer.session);
        append_literal(out, ",\"window\":");
        append_integer(out, answer.window);
        append_literal(out, ",\"lease_ms\":");
        append_integer(out, answer.lease.count());
    }
    out.push_back('}');
}

inline bool read_hello_member(json_reader& in, std::string_view name, hello_answer& answer) {
    if (name == "session") {
        if (!in.string(answer.session)) return false;
        return (!answer.session.empty() && answer.session.size() <= 64) || in.fail("expected a name of 1 to 64 bytes");
    }
    if (name == "window") {
        if (!in.integer(answer.window)) return false;
        return answer.window != 0 || in.fail("expected at least 1");
    }
    if (name == "lease_ms") {
        std::uint64_t lease = 0;
        if (!in.integer(lease)) return false;
        answer.lease = std::chrono::milliseconds{static_cast<std::int64_t>(std::min(lease, longest_meta_timeout))};
        return true;
    }
    return in.skip_value();
}

FARCALL_DECL bool read_hello_answer(std::string_view text, hello_answer& answer, std::string& problem) {
    answer = {};
    json_reader in{text, hello_depth};
    bool good = in.begin_object();
    std::string member;
    for (std::string_view name; good && in.next_member(name);) {
        member = name;
        good = read_hello_member(in, member, answer) || in.at_member(member);
    }
    if (!good || !in.ok() || !in.finish()) {
        problem = in.error().text("result");
        return false;
    }
    if (answer.session.empty() || answer.window == 0) {
        problem = "it names no session, or no window";
        return false;
    }
    return true;
}

}  // namespace farcall::detail
