#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>

namespace farcall {

/// What a call ended with: the canonical codes that gRPC made common, with their numbers.
///
/// On the wire a status is JSON-RPC's `error.code`: −32000−n for most, JSON-RPC's own numbers where it has one
/// (see detail/error_code.hpp).
/// @see https://github.com/grpc/grpc/blob/master/doc/statuscodes.md, DESIGN section 2
enum class status : std::uint8_t {
    ok = 0,                   ///< The call succeeded.
    cancelled = 1,            ///< The caller gave it up.
    unknown = 2,              ///< The handler failed with an exception of the application, or with a code of its own.
    invalid_argument = 3,     ///< The arguments do not fit the declaration: correct the call; retrying is useless.
    deadline_exceeded = 4,    ///< Time ran out: raise the deadline or find out what is slow.
    not_found = 5,            ///< The thing asked for is not there.
    already_exists = 6,       ///< The thing to be made is there already.
    permission_denied = 7,    ///< The caller is known, and may not do this.
    resource_exhausted = 8,   ///< A limit was met (it is named in the message): wait, or raise the limit.
    failed_precondition = 9,  ///< The state of the system forbids it: change the state before another try.
    aborted = 10,             ///< A conflict with other work: begin the whole transaction again.
    out_of_range = 11,        ///< Past the end of a valid range.
    unimplemented = 12,       ///< No such method: compare the declarations on both sides.
    internal = 13,            ///< A defect on one side, or a peer that breaks the protocol.
    unavailable = 14,         ///< The peer cannot be reached now: try again later.
    data_loss = 15,           ///< What was stored is lost or damaged.
    unauthenticated = 16,     ///< The caller did not prove who it is.
};

/// The name as it is written in code, such as "deadline_exceeded"; "unknown" for a number outside the list.
constexpr std::string_view to_string(status value) noexcept {
    constexpr std::string_view names[] = {
        "ok", "cancelled", "unknown", "invalid_argument", "deadline_exceeded", "not_found", "already_exists",
        "permission_denied", "resource_exhausted", "failed_precondition", "aborted", "out_of_range", "unimplemented",
        "internal", "unavailable", "data_loss", "unauthenticated"};
    const auto index = static_cast<unsigned>(value);
    return index < std::size(names) ? names[index] : names[2];
}

/// Which side found the error.
enum class origin : std::uint8_t {
    local,  ///< This process: no connection, a deadline, a value that cannot be sent.
    peer,   ///< The other side said so.
};

/// Whether the method ran, as far as this side can know.
enum class executed : std::uint8_t {
    no,       ///< Certainly not: sending it again is safe.
    yes,      ///< It ran, at least in part.
    unknown,  ///< It may have run: only repeatable methods may be sent again.
};

constexpr std::string_view to_string(origin value) noexcept { return value == origin::local ? "local" : "peer"; }

constexpr std::string_view to_string(executed value) noexcept {
    return value == executed::no ? "no" : value == executed::yes ? "yes" : "unknown";
}

}  // namespace farcall
