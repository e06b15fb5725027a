#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/detail/json_text.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/metadata.hpp>
#include <farcall/trace_context.hpp>

namespace farcall::detail {

/// Longest timeout in milliseconds that is read, about 31 years; a longer one is cut to it, so that a clock's
/// nanoseconds can hold it.
inline constexpr std::uint64_t longest_meta_timeout = 1'000'000'000'000;

/// Longest idempotency key, in bytes.
inline constexpr std::size_t longest_idempotency_key = 256;

/// The member `meta` of a request: what travels with a call beside its arguments.
///
/// @see DESIGN section 2
struct call_meta {
    /// What is left of the deadline; empty: no deadline is said.
    std::optional<std::chrono::milliseconds> timeout{};
    /// Which try this is, from 1; 0: not said.
    std::uint32_t attempt = 0;
    /// @{ W3C Trace Context; empty: none. At most 128 and 512 bytes.
    std::string traceparent{};
    std::string tracestate{};
    /// @}
    /// Whether the answer is to say what there is beside it, see `reply_meta`.
    bool trailers = false;
    /// @{ Exactly-once, DESIGN section 6: the session (at most 64 bytes), this call's number, the first incomplete one.
    std::string session{};
    std::optional<std::uint64_t> seq{};
    std::optional<std::uint64_t> ack{};
    /// @}
    /// The caller's own name for the transaction, in place of session, seq and ack; at most 256 bytes; empty: none.
    std::string idempotency_key{};
    metadata headers{};

    /// As new, but keeps its memory.
    void clear() {
        timeout.reset();
        attempt = 0;
        traceparent.clear();
        tracestate.clear();
        trailers = false;
        session.clear();
        seq.reset();
        ack.reset();
        idempotency_key.clear();
        headers.clear();
    }

    /// Takes over what `around` says and this does not; of two timeouts the shorter. Headers for which there is no room
    /// are left out.
    FARCALL_DECL void add(const call_meta& around);
};

/// What of a `call_meta` is to be written, where it lies: nothing is copied. The members mean the same.
struct meta_view {
    std::optional<std::chrono::milliseconds> timeout{};
    std::uint32_t attempt = 0;
    std::string_view traceparent{};
    std::string_view tracestate{};
    bool trailers = false;
    std::string_view session{};
    std::optional<std::uint64_t> seq{};
    std::optional<std::uint64_t> ack{};
    std::string_view idempotency_key{};
    const metadata* headers = nullptr;  ///< null: none
};

/// The same members of a meta that was read; they refer to it.
inline meta_view view_of(const call_meta& meta) {
    return {.timeout = meta.timeout,
            .attempt = meta.attempt,
            .traceparent = meta.traceparent,
            .tracestate = meta.tracestate,
            .trailers = meta.trailers,
            .session = meta.session,
            .seq = meta.seq,
            .ack = meta.ack,
            .idempotency_key = meta.idempotency_key,
            .headers = &meta.headers};
}

/// Appends an object with these entries.
FARCALL_DECL void append_metadata(text_buffer& out, const metadata& entries);

/// @{ Appends `"meta":{...},`, or nothing at all if there is nothing to say.
FARCALL_DECL void append_meta(text_buffer& out, const meta_view& meta);
inline void append_meta(text_buffer& out, const call_meta& meta) { append_meta(out, view_of(meta)); }
/// @}

/// What most calls say, without the rest of a `call_meta`. Calls with the same timeout share its text.
class timeout_meta {
public:
    /// @returns itself
    const timeout_meta& set(std::chrono::milliseconds timeout) {
        if (timeout.count() == written_ && text_.size() != 0) return *this;
        written_ = timeout.count();
        text_.clear();
        append_literal(text_, "\"meta\":{\"timeout_ms\":");
        append_integer(text_, written_ > 0 ? written_ : 0);
        append_literal(text_, "},");
        return *this;
    }
    std::string_view text() const noexcept { return text_.view(); }

private:
    std::int64_t written_ = 0;
    text_buffer text_;
};

inline void append_meta(text_buffer& out, const timeout_meta& meta) { out.append(meta.text()); }

/// Reads the text of a `meta` member. Unknown members are ignored; a known one of the wrong type, out of its range or
/// repeated is an error.
///
/// @param text   a JSON object that a scan has found good, or empty: nothing is said
/// @param meta   is replaced
/// @param error  on failure, what is wrong, with the path: `meta.timeout_ms: expected a whole number ...`
/// @returns whether it could be read
[[nodiscard]] FARCALL_DECL bool read_meta(std::string_view text, call_meta& meta, std::string& error);

/// Whether all of `text` is `{"timeout_ms":N}`, which is what most calls say; N at most 18 digits.
[[nodiscard]] FARCALL_DECL bool read_timeout_meta(std::string_view text, std::chrono::milliseconds& timeout) noexcept;

/// Recognises `{"timeout_ms":1,"attempt":2,"traceparent":"b","tracestate":"c","trailers":true,"session":"a","seq":3,
/// "ack":1}` as our clients write it at the front of `text`: any of these members in this order, at least one, without a
/// blank or an escape; numbers have at most 18 digits.
///
/// @param meta  the members refer to `text`; on failure it is of no use
/// @returns how long it is; 0: it is something else
[[nodiscard]] FARCALL_DECL std::size_t read_own_meta(std::string_view text, meta_view& meta) noexcept;

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/impl/meta.ipp>
#endif
