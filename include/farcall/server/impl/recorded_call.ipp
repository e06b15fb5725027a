#pragma once

#include <limits>
#include <string>

#include <farcall/server/recorded_call.hpp>

namespace farcall::detail {

inline error misnamed_because(std::string message) {
    return error{status::invalid_argument, std::move(message)}.with_executed(executed::no);
}

FARCALL_DECL std::optional<error> misnamed(const method_info& method, const meta_view& meta) {
    if (method.semantics != call_semantics::exactly_once)
        return misnamed_because(std::string{method.wire_name} +
                                " is not declared exactly_once: leave out session, seq, ack and idempotency_key");
    const bool numbered = !meta.session.empty() || meta.seq || meta.ack;
    if (!meta.idempotency_key.empty())
        return numbered ? std::optional{misnamed_because(
                              "meta: idempotency_key stands in place of session, seq and ack; leave out one or the other")}
                        : std::nullopt;
    if (meta.session.empty() || !meta.seq)
        return misnamed_because("meta: session and seq belong together; rpc.hello opens a session");
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (*meta.seq == 0 || *meta.seq > most) return misnamed_because("meta.seq: expected 1 to 2^63 - 1");
    if (meta.ack && (*meta.ack == 0 || *meta.ack > *meta.seq))
        return misnamed_because("meta.ack: expected 1 to seq, which is the first call of the session without an end");
    return {};
}

FARCALL_DECL call_identity identity_of(const bits128& method, std::string_view params, const meta_view& meta,
                                       std::string_view principal) noexcept {
    const bits128 made = sip_hash{method}(params);
    return {.principal = principal,
            .session = meta.session,
            .seq = meta.seq.value_or(0),
            // Who says nothing of an end has heard of none.
            .ack = meta.ack.value_or(1),
            .idempotency_key = meta.idempotency_key,
            .fingerprint = {made.low, made.high}};
}

FARCALL_DECL error not_admitted(const admission& found, const meta_view& meta, std::string_view key_name) {
    using std::chrono::milliseconds;
    const std::string name =
        meta.session.empty() ? "this " + std::string{key_name} : "call " + std::to_string(meta.seq.value_or(0)) + " of the session";
    const auto make = [](status code, executed ran, const char* type, std::string message,
                         milliseconds retry_after = {}) {
        error::details texts;
        texts.message = std::move(message);
        texts.type = type;
        texts.retry_after = retry_after;
        return error{code, std::move(texts)}.with_executed(ran);
    };
    switch (found.verdict) {
        case verdict::stale:
            return make(status::failed_precondition, executed::unknown, "rpc.stale_call",
                        name + " has ended, as the caller has said by ack; what it ended with is forgotten");
        case verdict::expired:
            return make(status::failed_precondition, executed::no, "rpc.session_expired",
                        "the server does not know the session, or not any more; open one by rpc.hello");
        case verdict::conflict:
            return make(status::invalid_argument, executed::no, "rpc.sequence_conflict",
                        name + " belongs to another call, of another method or with other arguments; give each call "
                               "its own");
        case verdict::beyond_window:
            return make(status::resource_exhausted, executed::no, "",
                        name + " is beyond the session's window; wait until earlier calls have ended, and say so by ack",
                        milliseconds{100});
        case verdict::full:
            return make(status::resource_exhausted, executed::no, "",
                        std::string{found.limit} + ": the server has no room for another exactly-once call; try again "
                                                   "later",
                        milliseconds{1000});
        default:
            return make(status::unavailable, executed::unknown, "",
                        name + " runs on another server; try again for its reply", milliseconds{100});
    }
}

}  // namespace farcall::detail
