#pragma once

/// @file
/// Deliberate bugs, by which a test shows that it would find them: `if (FARCALL_MUTANT(forget_running_calls)) ...`.
///
/// A constant false, unless FARCALL_MUTANTS is defined: then one of them can be chosen when the program runs. Only
/// tests/swarm does that; tests/swarm/mutants.py finds every use of the macro in the library and demands that the
/// swarm finds the bug.

#if defined(FARCALL_MUTANTS)

#include <string_view>

namespace farcall::detail {

/// The bug that is switched on; empty: none.
inline std::string_view chosen_mutant;

}  // namespace farcall::detail

#define FARCALL_MUTANT(name) (::farcall::detail::chosen_mutant == #name)

#else

#define FARCALL_MUTANT(name) false

#endif
