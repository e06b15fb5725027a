#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include <farcall/detail/json_text.hpp>
#include <farcall/detail/short_copy.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/error.hpp>
#include <farcall/protocol/error_object.hpp>
#include <farcall/protocol/meta.hpp>

namespace farcall::detail {

/// @file
/// JSON-RPC 2.0 messages, appended to a buffer. In the split forms the value is written straight into the buffer
/// between `begin_` and `end_`; if that fails, `truncate` to where the buffer ended before `begin_`.

/// Appends `"Service.method",` and what there is of meta.
template <class Meta>
void append_call_front(text_buffer& out, std::string_view method, const Meta* meta) {
    if (plain_prefix(method) == method.size()) {
        char* const room = out.prepare(method.size() + 3);
        *room = '"';
        if (!method.empty()) std::memcpy(room + 1, method.data(), method.size());
        room[method.size() + 1] = '"';
        room[method.size() + 2] = ',';
        out.commit(method.size() + 3);
    } else {
        append_string(out, method);
        out.push_back(',');
    }
    if (meta != nullptr) append_meta(out, *meta);
}

/// Begins a request up to `"params":`; append an array or an object, then `end_request`.
///
/// @param meta  a `call_meta` or a `timeout_meta`; may be null
template <class Meta = call_meta>
void begin_request(text_buffer& out, std::uint64_t id, std::string_view method, const Meta* meta = nullptr) {
    append_literal(out, "{\"jsonrpc\":\"2.0\",\"id\":");
    append_integer(out, id);
    append_literal(out, ",\"method\":");
    append_call_front(out, method, meta);
    append_literal(out, "\"params\":");
}

/// Begins a notification up to `"params":`; append an array or an object, then `end_request`.
template <class Meta = call_meta>
void begin_notification(text_buffer& out, std::string_view method, const Meta* meta = nullptr) {
    append_literal(out, "{\"jsonrpc\":\"2.0\",\"method\":");
    append_call_front(out, method, meta);
    append_literal(out, "\"params\":");
}

inline void end_request(text_buffer& out) { out.push_back('}'); }

/// @param params_json  JSON text of an array or an object; empty: none, and the member is left out
template <class Meta = call_meta>
void append_request(text_buffer& out, std::uint64_t id, std::string_view method, std::string_view params_json,
                    const Meta* meta = nullptr) {
    begin_request(out, id, method, meta);
    if (params_json.empty()) {
        out.truncate(out.size() - (sizeof ",\"params\":" - 1));
    } else {
        out.append(params_json);
    }
    end_request(out);
}

/// @param params_json  as for `append_request`
template <class Meta = call_meta>
void append_notification(text_buffer& out, std::string_view method, std::string_view params_json,
                         const Meta* meta = nullptr) {
    begin_notification(out, method, meta);
    if (params_json.empty()) {
        out.truncate(out.size() - (sizeof ",\"params\":" - 1));
    } else {
        out.append(params_json);
    }
    end_request(out);
}

/// Appends the front of a response up to the id.
///
/// @param id  the id's own text, as it was received; "null" where none could be read
inline void append_response_front(text_buffer& out, std::string_view id) {
    append_literal(out, "{\"jsonrpc\":\"2.0\",\"id\":");
    out.append(id);
}

/// Bytes of a response in front of its member `result` or `error`: what follows is the same for every id.
inline std::size_t response_front_size(std::string_view id) noexcept {
    return sizeof "{\"jsonrpc\":\"2.0\",\"id\":," - 1 + id.size();
}

/// Begins a response up to `"result":`; append a value, then `end_result`.
inline void begin_result(text_buffer& out, std::string_view id) {
    // The same as `append_response_front` and the name, in one piece: every answer comes by here.
    constexpr std::string_view front = "{\"jsonrpc\":\"2.0\",\"id\":", name = ",\"result\":";
    char* const room = out.prepare(front.size() + id.size() + name.size());
    std::memcpy(room, front.data(), front.size());
    char* const behind = short_copy(room + front.size(), id.data(), id.size());
    std::memcpy(behind, name.data(), name.size());
    out.commit(front.size() + id.size() + name.size());
}

inline void end_result(text_buffer& out) { out.push_back('}'); }

/// @param result_json  JSON text
inline void append_result(text_buffer& out, std::string_view id, std::string_view result_json) {
    begin_result(out, id);
    out.append(result_json);
    end_result(out);
}

/// Appends a response that says an error; see `append_error_object` for what is sent of it.
inline void append_error(text_buffer& out, std::string_view id, const error& failure) {
    append_response_front(out, id);
    append_literal(out, ",\"error\":");
    append_error_object(out, failure);
    out.push_back('}');
}

/// The same with a code and a message alone.
inline void append_error(text_buffer& out, std::string_view id, std::int64_t code, std::string_view message) {
    append_response_front(out, id);
    append_literal(out, ",\"error\":");
    append_error_object(out, code, message);
    out.push_back('}');
}

}  // namespace farcall::detail
