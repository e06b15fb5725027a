#pragma once

/// @file
/// Names of the fields of a plain aggregate, read from the pretty name of a template whose argument points to the
/// field of an object that does not exist.

#include <cstddef>
#include <string_view>

#include <farcall/reflect/bind_fields.hpp>

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

template <class T, std::size_t Count, std::size_t I>
constexpr auto* unborn_field() noexcept {
    return &pick<I>(bind_fields(unborn<T>.value, field_count_constant<Count>{}));
}

template <auto Address>
struct known_address;

/// Satisfied unless field `I` is a reference, whose target nobody knows at compile time. (A comparison with null would
/// be a shorter test, but is no constant under sanitizers.)
template <class T, std::size_t Count, std::size_t I>
concept addressable_field = requires {
    typename known_address<unborn_field<T, Count, I>()>;
};

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

/// The name of field `I` of an aggregate that has `Count` of them.
template <class T, std::size_t Count, std::size_t I>
constexpr std::string_view field_name() noexcept {
    return last_identifier(pretty_field<unborn_field<T, Count, I>()>());
}

struct field_name_probe {
    int first_of_two;
    char second_of_two;
};
static_assert(field_name<field_name_probe, 2, 0>() == "first_of_two" &&
                  field_name<field_name_probe, 2, 1>() == "second_of_two",
              "farcall: this compiler does not tell the names of fields; describe your structs with Boost.Describe");

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

}  // namespace farcall::detail
