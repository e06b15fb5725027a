#pragma once

#include <optional>
#include <string_view>

#include <farcall/detail/config.hpp>
#include <farcall/detail/sip_hash.hpp>
#include <farcall/error.hpp>
#include <farcall/method.hpp>
#include <farcall/protocol/meta.hpp>
#include <farcall/store/store.hpp>

namespace farcall::detail {

/// @file
/// What a request says of exactly-once, and what is answered where its call does not run.
/// @see DESIGN section 6

/// Whether the caller asks that the call run exactly once: it names it by session and number, or by a key.
inline bool wants_record(const meta_view& meta) noexcept {
    return !meta.session.empty() || meta.seq || meta.ack || !meta.idempotency_key.empty();
}

/// Why a call cannot be recorded under the name that the caller gives it; nothing if it can. Only if `wants_record`.
FARCALL_DECL std::optional<error> misnamed(const method_info& method, const meta_view& meta);

/// The call that a request is an attempt of; refers to the arguments. Only if it is not `misnamed`.
/// @param method  hash of the method's name
FARCALL_DECL call_identity identity_of(const bits128& method, std::string_view params, const meta_view& meta,
                                       std::string_view principal) noexcept;

/// What the caller is told where the verdict is neither `run` nor `replay`: it must not run, or `running` where nobody
/// can join it.
/// @param key_name  what the caller calls its `idempotency_key`
FARCALL_DECL error not_admitted(const admission& found, const meta_view& meta,
                                std::string_view key_name = "idempotency_key");

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/recorded_call.ipp>
#endif
