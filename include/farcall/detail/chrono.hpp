#pragma once

/// @file
/// Durations, time points and clocks of the standard library without its calendar and its output, which a C++20 `<chrono>`
/// brings with it and which cost whoever includes a header of ours more than all the rest of it.

#include <version>

#if defined(__GLIBCXX__) && __has_include(<bits/chrono.h>)
#include <bits/chrono.h>
#else
#include <chrono>
#endif
