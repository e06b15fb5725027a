#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include <farcall/codec/json_reader.hpp>
#include <farcall/detail/json_text.hpp>
#include <farcall/protocol/meta.hpp>
#include <farcall/protocol/reply_meta.hpp>

namespace farcall::detail {

FARCALL_DECL void add_reply_meta(text_buffer& out, std::chrono::microseconds server_time, const metadata* headers) {
    out.truncate(out.size() - 1);
    append_literal(out, ",\"meta\":{\"server_us\":");
    append_integer(out, std::max<std::int64_t>(server_time.count(), 0));
    if (headers != nullptr && !headers->empty()) {
        append_literal(out, ",\"headers\":");
        append_metadata(out, *headers);
    }
    append_literal(out, "}}");
}

inline bool read_reply_headers(json_reader& in, metadata& headers) {
    if (!in.begin_object()) return false;
    std::string key;
    for (std::string_view name; in.next_member(name);) {
        key = name;
        if (in.peek() != json_kind::string) {
            if (!in.skip_value()) return false;
            continue;
        }
        std::string_view value;
        if (!in.string(value)) return false;
        static_cast<void>(headers.try_set(key, value));
    }
    return in.ok();
}

FARCALL_DECL reply_meta read_reply_meta(std::string_view text) {
    reply_meta said;
    // The depth was bounded with the whole message.
    json_reader in{text, static_cast<std::size_t>(-1)};
    if (in.peek() != json_kind::object || !in.begin_object()) return said;
    for (std::string_view name; in.next_member(name);) {
        if (name == "server_us" && in.peek() == json_kind::number) {
            std::int64_t number = 0;
            if (!in.integer(number)) break;
            // A clock's nanoseconds hold it.
            if (number >= 0 && number <= std::numeric_limits<std::int64_t>::max() / 1000)
                said.server_time = std::chrono::microseconds{number};
        } else if (name == "headers" && in.peek() == json_kind::object) {
            if (!read_reply_headers(in, said.headers)) break;
        } else if (!in.skip_value()) {
            break;
        }
    }
    return said;
}

}  // namespace farcall::detail
