#pragma once

#include <exception>
#include <type_traits>
#include <utility>

#include <farcall/error.hpp>

namespace farcall {

/// The base of every exception that a proxy throws for one that the handler threw.
///
/// `catch (const division_by_zero& e)` gets the value; `catch (const farcall::failure& f)` gets, for any of them,
/// what every error knows: message, origin, whether the method ran.
class failure {
public:
    /// @param why  has `type()` set
    explicit failure(error why) : why_(std::move(why)) {}
    virtual ~failure() = default;

    /// The call's error, with `type()` and `value()` of the exception.
    const error& why() const noexcept { return why_; }

private:
    error why_;
};

/// What is really thrown for an exception `E` of the handler: an `E`, and a `failure`.
template <class E>
class raised final : public E, public failure {
public:
    /// Both as they came from the peer.
    raised(E value, error why) : E(std::move(value)), failure(std::move(why)) {}
};

/// An exception that is caught as `E`; also as `failure` unless `E` cannot be derived from.
template <class E>
std::exception_ptr make_raised(E value, const error& why) {
    if constexpr (std::is_class_v<E> && !std::is_final_v<E> && !std::is_base_of_v<failure, E>) {
        return std::make_exception_ptr(raised<E>{std::move(value), why});
    } else {
        return std::make_exception_ptr(std::move(value));
    }
}

}  // namespace farcall
