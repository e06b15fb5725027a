#pragma once

#include <optional>

#include <farcall/detail/chrono.hpp>
#include <farcall/metadata.hpp>

namespace farcall {

/// What is known of a call besides its result: `farcall::with(calc, farcall::report_to(report)).add(5, 3)`.
struct call_report {
    /// What the server sent along with the answer, see `context::trailers`.
    metadata trailers{};
    /// From the arrival of the call at the server to its answer, as the server measured it; the rest of the time that
    /// the caller saw went into the network and both ends. Empty: the server does not say.
    std::optional<std::chrono::microseconds> server_time{};
    /// How many attempts were made; 0: the call ended before the first one, here in this process.
    unsigned attempts = 0;
    /// The result is that of an earlier call, because this one failed or an interceptor has kept it.
    bool stale = false;
};

/// Made by `report_to`.
struct report_to_option {
    call_report* report;  ///< never null; not owned
};

/// An option of a call, see `farcall::with`: its end is described in `report` before the caller is told of it.
///
/// A one-way call has no end that anybody is told of, and leaves the report alone. The answer to an exactly-once call
/// that is given again says the server's time of this attempt, and has no trailers.
/// @param report  must outlive the calls that are made with the option; each replaces what the one before left there,
///                so that calls at the same time need a report each
inline report_to_option report_to(call_report& report) noexcept { return {&report}; }

}  // namespace farcall
