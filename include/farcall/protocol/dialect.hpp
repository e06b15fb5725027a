#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/detail/text_buffer.hpp>

namespace farcall::detail {

/// Forms of a request that are not JSON-RPC 2.0, which simple clients send. None has a member `jsonrpc`.
enum class dialect : std::uint8_t {
    none,
    json_rpc_1,  ///< `{"method","params":[...],"id"}`; its answer has `result`, `error` and `id`, one of the first two null
    keyword,     ///< `{"method","params":[...],"kwargs":{...}}`; its answer is `{"result":...}` or `{"error":"text"}`
    envelope     ///< `{"request_id","method","params","timestamp","service"}`; its answer has `request_id`, `result`, `error`
                 ///< (null or a text) and `timestamp`
};

/// A request in one of the dialects, as it stands in the received text.
struct dialect_request {
    dialect form = dialect::none;
    std::string_view id{};       ///< text of `id` or `request_id`; empty: there is none, or nothing is to be answered
    std::string_view service{};  ///< unescaped; empty: not said
    std::string_view method{};   ///< unescaped
    std::string_view params{};   ///< text of an array or object; empty: none
    std::string_view kwargs{};   ///< text of an object; empty: none
    std::string problem{};       ///< what is wrong with it, and what to do; empty: nothing

    /// JSON-RPC 1.0 knows notifications, by an id that is null.
    bool notification() const noexcept { return form == dialect::json_rpc_1 && id.empty(); }
};

/// Recognises requests in one of the dialects.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
/// @see https://www.jsonrpc.org/specification_v1 for the first
class dialect_reader {
public:
    /// @param text   a JSON object within `depth`, as a scan has found
    /// @returns whether it is in one of them; `request()` refers to the text and to this reader
    FARCALL_DECL bool read(std::string_view text, std::size_t depth);

    const dialect_request& request() const noexcept { return request_; }

private:
    struct visitor;

    dialect_request request_{};
    std::string method_{};
    std::string service_{};
};

/// Appends the answer to a request in a dialect.
///
/// @param id        the request's, as it was read
/// @param response  a JSON-RPC 2.0 response of ours
/// @param now       since the epoch; what the envelope's `timestamp` says, in seconds
FARCALL_DECL void append_dialect_reply(text_buffer& out, dialect form, std::string_view id, std::string_view response,
                                       std::chrono::microseconds now);

/// The arguments of a call that has some by position and some by name, as one text.
///
/// @param params   text of an array or object; empty: none
/// @param kwargs   text of an object; empty: none
/// @param names    of the parameters, in order
/// @param scratch  holds the text if it has to be made
/// @returns nothing if there are more positions than names
FARCALL_DECL std::optional<std::string_view> join_arguments(std::string_view params, std::string_view kwargs,
                                                            std::span<const std::string_view> names,
                                                            text_buffer& scratch);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/impl/dialect.ipp>
#endif
