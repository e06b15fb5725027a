#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include <farcall/packed.hpp>
#include <farcall/service/type_list.hpp>

namespace farcall {

namespace detail {

template <class Parameter>
struct stored_type {
    using type = Parameter;
};
template <>
struct stored_type<std::string_view> {
    using type = std::string;
};

}  // namespace detail

/// The type in which a server holds an argument: `const T&` is held as `T`, `std::string_view` as `std::string`, a packed
/// span as a packed vector.
template <class Parameter>
using stored_parameter = typename detail::stored_type<std::remove_cvref_t<Parameter>>::type;

/// The types of a declared signature `Result(Parameters...)`.
template <class Signature>
struct signature_traits;

/// Of a plain function type.
template <class Result, class... Parameters>
struct signature_traits<Result(Parameters...)> {
    using result = Result;                                      ///< what the method returns
    using parameters = type_list<Parameters...>;                ///< as declared; top-level const is gone
    using stored = type_list<stored_parameter<Parameters>...>;  ///< as the server holds them
    /// Number of parameters.
    static constexpr std::size_t arity = sizeof...(Parameters);
};

}  // namespace farcall
