#pragma once

/// @file
/// All codecs of the library. A translation unit that codes values includes this and not single siblings: without
/// its codec a standard container would be taken for a class that has none.

#include <farcall/codec/arithmetic.hpp>
#include <farcall/codec/array.hpp>
#include <farcall/codec/bytes.hpp>
#include <farcall/codec/deque.hpp>
#include <farcall/codec/duration.hpp>
#include <farcall/codec/enumeration.hpp>
#include <farcall/codec/json.hpp>
#include <farcall/codec/list.hpp>
#include <farcall/codec/map.hpp>
#include <farcall/codec/null.hpp>
#include <farcall/codec/object.hpp>
#include <farcall/codec/optional.hpp>
#include <farcall/codec/packed.hpp>
#include <farcall/codec/pair.hpp>
#include <farcall/codec/path.hpp>
#include <farcall/codec/set.hpp>
#include <farcall/codec/shared_ptr.hpp>
#include <farcall/codec/string.hpp>
#include <farcall/codec/time_point.hpp>
#include <farcall/codec/tuple.hpp>
#include <farcall/codec/unique_ptr.hpp>
#include <farcall/codec/unordered_map.hpp>
#include <farcall/codec/unordered_set.hpp>
#include <farcall/codec/variant.hpp>
#include <farcall/codec/vector.hpp>
