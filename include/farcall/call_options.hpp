#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <farcall/metadata.hpp>

namespace farcall {

/// How long a call may take: `farcall::with(calc, farcall::timeout{200ms})`.
///
/// At least 1 ms; more than `limits::longest_deadline` is cut to it.
struct timeout {
    std::chrono::milliseconds value;  ///< from the moment of the call
};

/// No deadline at all: `farcall::with(calc, farcall::no_timeout)`. Such a call may wait for ever.
struct no_timeout_t {};
inline constexpr no_timeout_t no_timeout{};

/// What can be said of a single call, beyond its arguments. Made by `farcall::with`.
///
/// The deadline of a call is the first of these that is there: the call's own, that of the method's declaration
/// (`timeout_ms<N>`), that of the client (`client_options::timeout`, 10 s).
struct call_options {
    /// Empty: as the declaration says. Zero: no deadline.
    std::optional<std::chrono::milliseconds> timeout{};
    /// Travels with the call; the handler reads it from its `context`.
    metadata headers{};

    /// @{ Takes one of the options that `farcall::with` is given.
    void apply(farcall::timeout option) { timeout = std::max(option.value, std::chrono::milliseconds{1}); }
    void apply(no_timeout_t) { timeout = std::chrono::milliseconds{0}; }
    void apply(metadata option) { headers = std::move(option); }
    /// @}
};

/// What `farcall::with` takes.
template <class T>
concept call_option = requires(call_options& all, T option) { all.apply(std::move(option)); };

}  // namespace farcall
