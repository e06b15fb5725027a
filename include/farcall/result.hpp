#pragma once

#include <boost/system/result.hpp>

#include <farcall/error.hpp>

namespace farcall {

/// A value or the `error` that a call ended with.
///
/// `value()` throws what a blocking call would have thrown: the declared exception itself or `farcall::error`.
/// @par Thread safety  Distinct objects: safe. Shared objects: safe to read.
template <class T>
using result = boost::system::result<T, error>;

/// What `result<T>::value()` does with an error; found by Boost.System.
[[noreturn]] inline void throw_exception_from_error(const error& failure, const boost::source_location&) {
    failure.raise();
}

/// Token of a call that returns `result<R>` and throws nothing: `auto r = calc.add(5, 3, farcall::as_result);`
///
/// `as_result(token)` does the same to an Asio completion token: `co_await calc.add(5, 3, as_result(use_awaitable))`.
struct as_result_t {
    /// An Asio completion token whose operation ends with `result<R>` instead of an exception.
    template <class Token>
    struct adapted {
        Token token;  ///< the adapted token
    };
    /// Adapts a completion token; it is copied or moved.
    template <class Token>
    constexpr adapted<std::decay_t<Token>> operator()(Token&& token) const {
        return {std::forward<Token>(token)};
    }
};
inline constexpr as_result_t as_result{};

/// Token of a call that is sent and not answered: `calc.greet("Ada", farcall::notify);`
///
/// Returns at once; the message leaves as soon as there is a connection, also when the proxy is gone by then (its end
/// waits for that for at most a second). Whether it arrives or runs is not known.
struct notify_t {};
inline constexpr notify_t notify{};

}  // namespace farcall
