#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <farcall/detail/chrono.hpp>

namespace farcall {

/// How often a call may run its method, as the declaration promises to the caller.
enum class call_semantics : std::uint8_t {
    at_most_once,  ///< Nothing declared: never twice; after a lost connection the caller may not know whether it ran.
    idempotent,    ///< `readonly` or `idempotent`: running it again changes nothing, so that it may be repeated.
    exactly_once,  ///< `exactly_once`: repeated until answered; duplicates get the first reply and do not run.
};

/// The name as it is written in code, such as "exactly_once".
constexpr std::string_view to_string(call_semantics value) noexcept {
    return value == call_semantics::at_most_once ? "at_most_once"
           : value == call_semantics::idempotent ? "idempotent"
                                                 : "exactly_once";
}

/// What the declaration says of a method, without its types: all that the untyped parts of the library know of it.
///
/// The one of a declared method is a constant, `method_descriptor<...>::info`, with texts and spans that live for
/// ever; whoever makes another keeps alive what it refers to.
struct method_info {
    std::string_view service{};    ///< "Calculator", without namespaces
    std::string_view name{};       ///< "add"
    std::string_view wire_name{};  ///< "Calculator.add"
    std::string_view signature{};  ///< "int(int a, int b)", as it was written
    call_semantics semantics = call_semantics::at_most_once;  ///< how often a call may run it
    bool readonly = false;                     ///< declared to have no effect; implies `idempotent` semantics
    bool blocking = false;                     ///< to be run on the worker pool
    std::chrono::milliseconds timeout{0};      ///< the declared deadline of a call; zero: none declared
    std::chrono::milliseconds cacheable{0};    ///< how long a client may give a result again; zero: not declared
    std::string_view doc{};                    ///< empty: none
    std::string_view deprecated{};             ///< what to use instead; empty: not deprecated
    std::span<const std::string_view> aliases{};     ///< further names on the wire, each whole ("Calculator.plus")
    std::span<const std::string_view> parameters{};  ///< names in order, one a parameter; empty where it has none

    /// Whether a call that may have run can be sent again.
    constexpr bool repeatable() const noexcept { return semantics != call_semantics::at_most_once; }
};

}  // namespace farcall
