#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// What a collector says to a request.
struct otlp_reply {
    int status = 0;               ///< of HTTP; zero: no answer of HTTP's
    std::uint64_t rejected = 0;   ///< spans that it does not want, of a request that it took
    std::optional<std::chrono::seconds> retry_after{};

    /// Whether it took the request.
    bool taken() const noexcept { return status >= 200 && status < 300; }
    /// Whether the same request may be taken later.
    bool may_pass() const noexcept { return status == 429 || status == 502 || status == 503 || status == 504; }
};

/// Reads an answer to the one request of a connection.
///
/// @param received  everything that came
/// @param whole     whether nothing more comes
/// @returns nothing as long as there is more to come
FARCALL_DECL std::optional<otlp_reply> read_otlp_reply(std::string_view received, bool whole);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/observe/impl/otlp_reply.ipp>
#endif
