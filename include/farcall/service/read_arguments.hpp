#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include <farcall/codec/codec.hpp>
#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// Why arguments do not fit a method.
struct argument_failure {
    codec_error decoding{};  ///< of one of them
    std::string message{};   ///< of their number or names, behind the method's name; empty if it is `decoding`
};

/// A parameter of one type, as much of it as it takes to read arguments.
struct parameter_form {
    bool (*read)(json_reader& in, void* value);
    void (*clear)(void* value);  ///< whatever was read before is gone
    bool may_be_absent;
};

/// @{ Reads arguments, whatever their types.
///
/// @param text        an array or object, or empty: there are none
/// @param max_depth   arrays and objects inside each other
/// @param values      where each goes
/// @param parameters  one a value
/// @returns whether they fit; if not, the values are valid and otherwise unspecified

/// An array of as many arguments as there are parameters, which is what proxies send.
/// @param arriving  what is known of a string in it already; null: nothing
FARCALL_DECL bool read_all_arguments(std::string_view text, std::size_t max_depth, void* const* values,
                                     std::span<const parameter_form> parameters, arriving_text* arriving = nullptr);

/// Positional or named ones. Arguments that may be absent (`std::optional` and such) may be left out: at the end of an
/// array, anywhere in an object.
/// @param names  one a parameter; empty where it has none
/// @param why    says why if they do not fit
FARCALL_DECL bool read_arguments(std::string_view text, std::size_t max_depth, void* const* values,
                                 std::span<const parameter_form> parameters, std::span<const std::string_view> names,
                                 argument_failure& why);
/// @}

template <class T>
bool read_value(json_reader& in, void* value) {
    return decode(in, *static_cast<T*>(value));
}
template <class T>
void clear_value(void* value) {
    *static_cast<T*>(value) = T{};
}

/// The arguments of one call in their stored types.
template <class... Stored>
struct stored_arguments {
    using values = std::tuple<Stored...>;
    /// Behind the last one stands a null, so that there may be none.
    using places = void* [sizeof...(Stored) + 1];

    static constexpr parameter_form table[]{{&read_value<Stored>, &clear_value<Stored>, may_be_absent<Stored>}...,
                                            {nullptr, nullptr, true}};
    static constexpr std::span<const parameter_form> forms{table, sizeof...(Stored)};
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/service/impl/read_arguments.ipp>
#endif
