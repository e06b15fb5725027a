#pragma once

#include <optional>
#include <string_view>

#include <farcall/detail/config.hpp>
#include <farcall/error.hpp>
#include <farcall/method.hpp>
#include <farcall/protocol/meta.hpp>
#include <farcall/store/store.hpp>

namespace farcall::detail {

/// @file
/// What a request says of exactly-once, and what is answered where its call does not run.
/// @see DESIGN section 6

/// Whether the caller asks that the call run exactly once: it names it by session and number, or by a key.
inline bool wants_record(const call_meta& meta) noexcept {
    return !meta.session.empty() || meta.seq || meta.ack || !meta.idempotency_key.empty();
}

/// Why a call cannot be recorded under the name that the caller gives it; nothing if it can. Only if `wants_record`.
FARCALL_DECL std::optional<error> misnamed(const method_info& method, const call_meta& meta);

/// The call that a request is an attempt of; refers to the arguments. Only if it is not `misnamed`.
FARCALL_DECL call_identity identity_of(const method_info& method, std::string_view params, const call_meta& meta,
                                       std::string_view principal) noexcept;

/// What the caller is told where the verdict is neither `run` nor `replay`: it must not run, or `running` where nobody
/// can join it.
FARCALL_DECL error not_admitted(const admission& found, const call_meta& meta);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/recorded_call.ipp>
#endif
