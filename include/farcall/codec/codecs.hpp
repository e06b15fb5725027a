#pragma once

/// @file
/// All codecs of the library. A translation unit that codes values includes this and not single siblings: without
/// its codec a standard container would be taken for a class that has none.

#include <farcall/codec/arithmetic.hpp>
#include <farcall/codec/enumeration.hpp>
#include <farcall/codec/object.hpp>
#include <farcall/codec/optional.hpp>
#include <farcall/codec/string.hpp>
#include <farcall/codec/vector.hpp>
