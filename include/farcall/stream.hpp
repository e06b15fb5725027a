#pragma once

#include <type_traits>

namespace farcall {

/// A sequence of values that travels while the call goes on; in a declaration it is a result, a parameter, or both:
/// `(count, farcall::stream<int>(int from, int to))`.
///
/// Declarations accept it, so that contracts can be written with it. Binding or calling such a method is refused at
/// compile time: in this version of farcall streams are not available.
template <class T>
class stream;

/// Whether a type is a `stream<T>`, whatever its reference and const.
template <class T>
inline constexpr bool streaming = false;
template <class T>
inline constexpr bool streaming<stream<T>> = true;

/// Whether a signature has a stream as its result or among its parameters.
template <class Signature>
inline constexpr bool involves_stream = false;
template <class Result, class... Parameters>
inline constexpr bool involves_stream<Result(Parameters...)> =
    (streaming<std::remove_cvref_t<Result>> || ... || streaming<std::remove_cvref_t<Parameters>>);

}  // namespace farcall
