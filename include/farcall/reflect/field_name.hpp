#pragma once

/// @file
/// Names of the fields of a plain aggregate. Boost.PFR knows them from Boost 1.84 on; before that they are read here
/// from the pretty name of a template whose argument points to the field. Nobody else has to know which it is.

#include <cstddef>
#include <string_view>

#include <boost/pfr/core.hpp>
#include <boost/version.hpp>
#if BOOST_VERSION >= 108400
#include <boost/pfr/core_name.hpp>
#endif

namespace farcall::detail {

template <class T>
struct unborn_holder {
    T value;
};

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif

/// Declared and never defined: only addresses inside it are taken, at compile time.
template <class T>
extern const unborn_holder<T> unborn;

template <auto Address>
struct known_address;

/// Satisfied unless field `I` is a reference, whose target nobody knows at compile time. (A comparison with null would
/// be a shorter test, but is no constant under sanitizers.)
template <class T, std::size_t I>
concept addressable_field = requires { typename known_address<&boost::pfr::get<I>(unborn<T>.value)>; };

#if BOOST_VERSION >= 108400

template <class T, std::size_t I>
constexpr std::string_view field_name() noexcept {
    return boost::pfr::get_name<I, T>();
}

#else

template <auto Field>
constexpr auto pretty_field() noexcept {
    return std::string_view{__PRETTY_FUNCTION__};
}

/// Both compilers end the pretty name with the field's: g++ `...value.account::owner)]`, clang `...value.owner]`.
constexpr std::string_view last_identifier(std::string_view pretty) noexcept {
    std::size_t end = pretty.size();
    while (end != 0 && (pretty[end - 1] == ']' || pretty[end - 1] == ')')) --end;
    std::size_t begin = end;
    while (begin != 0 && std::string_view{":.> &()"}.find(pretty[begin - 1]) == std::string_view::npos) --begin;
    return pretty.substr(begin, end - begin);
}

template <class T, std::size_t I>
constexpr std::string_view field_name() noexcept {
    return last_identifier(pretty_field<&boost::pfr::get<I>(unborn<T>.value)>());
}

struct field_name_probe {
    int first_of_two;
    char second_of_two;
};
static_assert(field_name<field_name_probe, 0>() == "first_of_two" && field_name<field_name_probe, 1>() == "second_of_two",
              "farcall: this compiler does not tell the names of fields; use Boost 1.84 or later, or Boost.Describe");

#endif

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

}  // namespace farcall::detail
