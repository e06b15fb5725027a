#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/detail/text_buffer.hpp>

namespace farcall::detail {

/// @file
/// The params and the result of the call `rpc.hello`, by which a client opens a session.
/// @see DESIGN sections 2 and 6

/// What a client says in a hello that opens a session, as JSON.
inline constexpr std::string_view session_hello_params =
    R"({"features":["cancel","goaway","ping","session"],"session":"new"})";

/// Whether a hello with these params asks for a session. Other members, and other values, are ignored.
/// @param params  the text of `params`, checked JSON or not; empty: none
[[nodiscard]] FARCALL_DECL bool hello_wants_session(std::string_view params);

/// What a server answers to a hello.
struct hello_answer {
    std::string session{};               ///< names the session, at most 64 bytes; empty: none was opened
    std::uint64_t window = 0;            ///< how far its numbers may run ahead of the first call without an end
    std::chrono::milliseconds lease{0};  ///< how long it is kept without a call
};

/// Appends the result of a hello; session, window and lease only if a session was opened.
FARCALL_DECL void append_hello_answer(text_buffer& out, const hello_answer& answer);

/// Reads the result of a hello; unknown members are ignored.
///
/// @param text     JSON text, strictly read to its end
/// @param problem  on failure, what is wrong with it
/// @returns whether it could be read and holds a session that can be used
[[nodiscard]] FARCALL_DECL bool read_hello_answer(std::string_view text, hello_answer& answer, std::string& problem);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/impl/hello.ipp>
#endif
