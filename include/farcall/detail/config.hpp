#pragma once

/// @file
/// How the library is built. Header-only by default; with `FARCALL_SEPARATE_COMPILATION` defined everywhere,
/// exactly one source file of the program includes `farcall/src.hpp` and everything else sees declarations only.

#if defined(FARCALL_SEPARATE_COMPILATION)
#define FARCALL_DECL
#else
#define FARCALL_DECL inline
#endif

/// For what is declared in a header and happens seldom, such as making an error: it is optimised for size, and so are
/// the branches that lead to it, which makes their code small and quick to compile.
#define FARCALL_SELDOM [[gnu::cold]]
