#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>

#include <farcall/codec/codecs.hpp>
#include <farcall/reflect/type_name.hpp>
#include <farcall/service/attributes.hpp>
#include <farcall/service/type_list.hpp>

/// @file
/// The types of a method as JSON Schema, for those that do not know the types. Not part of farcall/service.hpp, which
/// stays free of the codecs: the server makes it of the declaration.

namespace farcall {

/// One parameter.
struct parameter_schema {
    schema_function type;  ///< of the argument
    bool optional;         ///< whether it may be left out
};

/// An exception that a method declares.
struct error_schema {
    std::string_view type;  ///< as `error::type()` has it
    schema_function value;  ///< of `error::value()`; null where the type has no JSON form
};

/// The types of a method. The spans are constants.
struct method_schema {
    std::span<const parameter_schema> parameters{};  ///< in order
    schema_function result = nullptr;                ///< null: `void`
    std::span<const error_schema> errors{};          ///< of `throws<...>`, in order
    bool any_arguments = false;                      ///< whatever comes is taken; `parameters` is empty then
};

namespace detail {

template <class Result>
constexpr schema_function result_schema() noexcept {
    if constexpr (std::is_void_v<Result>) {
        return nullptr;
    } else {
        return &write_schema<Result>;
    }
}

template <class Error>
constexpr schema_function error_value_schema() noexcept {
    if constexpr (json_encodable<Error>) {
        return &write_schema<Error>;
    } else {
        return nullptr;
    }
}

template <class List>
struct schemas_of;
template <class... Types>
struct schemas_of<type_list<Types...>> {
    static constexpr std::array<parameter_schema, sizeof...(Types)> parameters{
        parameter_schema{&write_schema<Types>, may_be_absent<Types>}...};
    static constexpr std::array<error_schema, sizeof...(Types)> errors{
        error_schema{type_name<Types>(), error_value_schema<Types>()}...};
};

}  // namespace detail

/// The types of a declared method, or of anything with its `result`, `stored` and `attributes`, all of which have a
/// JSON form.
template <class Method>
inline constexpr method_schema method_schema_of{
    .parameters = detail::schemas_of<typename Method::stored>::parameters,
    .result = detail::result_schema<std::remove_cv_t<typename Method::result>>(),
    .errors = detail::schemas_of<thrown_types<Method>>::errors,
};

}  // namespace farcall
