#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <farcall/fixed_string.hpp>
#include <farcall/service/attributes.hpp>
#include <farcall/service/signature_text.hpp>
#include <farcall/service/signature_traits.hpp>
#include <farcall/service/type_list.hpp>

/// @file
/// What is wrong with one entry of a declaration. The sentences stand in detail/emit.hpp, where the names are.

namespace farcall {

/// Says in a compiler's message which parameter it is about: its number, from 0, and its name.
///
/// The result of a method is `parameter<-1, "result">`, an exception that it declares `parameter<-2, "throws">`.
template <int Position, fixed_string Name>
struct parameter;

namespace detail {

enum class mistake {
    none,
    no_signature,
    not_a_function,
    qualified,                  ///< const, noexcept, volatile, & or ... behind or in the parameter list
    reference_parameter,        ///< `T&` or `T&&`
    pointer_parameter,
    reference_result,           ///< a reference or a pointer
    unknown_attribute,
    contradictory_attributes,
    bad_timeout,
    bad_cacheable,
    bad_alias,
    no_json_form,               ///< found where the codec is known: see json_check.hpp
};

/// The mistake of an entry, with what the compiler shall print beside our sentence.
template <mistake Mistake, class... Culprit>
struct declaration_with {
    static constexpr mistake value = Mistake;
};
using flawless_declaration = declaration_with<mistake::none>;

/// Names what is asserted where the preprocessor alone has found a mistake.
inline constexpr bool no_mistake = false;

/// Holds for any type: for a static_assert that waits for its template.
template <class>
inline constexpr bool any_type = true;

/// A concept and not a bool: compilers print the arguments of one that is not satisfied.
template <class Declaration, mistake Mistake>
concept free_of = Declaration::value != Mistake;

template <std::size_t Count, const std::string_view& Tail>
inline constexpr std::array<std::string_view, Count> names_in = parameter_names<Count>(signature_of(Tail));

template <class T>
inline constexpr bool pointer = std::is_pointer_v<T> || std::is_member_pointer_v<T>;

template <class Parameter>
consteval mistake parameter_mistake() {
    using value = std::remove_cvref_t<Parameter>;
    constexpr bool constant = std::is_const_v<std::remove_reference_t<Parameter>>;
    if (pointer<std::decay_t<value>>) return mistake::pointer_parameter;
    if (std::is_rvalue_reference_v<Parameter>) return mistake::reference_parameter;
    if (std::is_lvalue_reference_v<Parameter> && (!constant || std::is_volatile_v<std::remove_reference_t<Parameter>>)) {
        return mistake::reference_parameter;
    }
    return mistake::none;
}

/// Number of attributes that are `Kind` or derive from it.
template <class Kind, class... Attributes>
inline constexpr int count_of = (0 + ... + int{std::is_base_of_v<Kind, Attributes>});

template <class Attribute>
consteval bool too_short() {
    if constexpr (std::is_base_of_v<timeout_kind, Attribute>) return Attribute::milliseconds <= 0;
    return false;
}
template <class Attribute>
consteval bool never_cacheable() {
    if constexpr (std::is_base_of_v<cacheable_kind, Attribute>) return Attribute::milliseconds <= 0;
    return false;
}
template <class Attribute>
consteval bool improper_alias() {
    if constexpr (std::is_base_of_v<alias_kind, Attribute>) {
        return Attribute::text.empty() || Attribute::text.substr(0, 4) == "rpc.";
    }
    return false;
}

template <class... Attributes>
consteval mistake attribute_mistake() {
    if ((!std::is_base_of_v<attribute, Attributes> || ...)) return mistake::unknown_attribute;
    constexpr bool repeatable = count_of<readonly, Attributes...> + count_of<idempotent, Attributes...> != 0;
    if ((repeatable && count_of<exactly_once, Attributes...> != 0) || count_of<readonly, Attributes...> > 1 ||
        count_of<idempotent, Attributes...> > 1 || count_of<exactly_once, Attributes...> > 1 ||
        count_of<blocking, Attributes...> > 1 || count_of<timeout_kind, Attributes...> > 1 ||
        count_of<cacheable_kind, Attributes...> > 1 ||
        count_of<doc_kind, Attributes...> > 1 || count_of<deprecated_kind, Attributes...> > 1) {
        return mistake::contradictory_attributes;
    }
    if ((too_short<Attributes>() || ...)) return mistake::bad_timeout;
    if ((never_cacheable<Attributes>() || ...)) return mistake::bad_cacheable;
    if (count_of<cacheable_kind, Attributes...> != 0 && count_of<readonly, Attributes...> == 0) {
        return mistake::bad_cacheable;
    }
    if ((improper_alias<Attributes>() || ...)) return mistake::bad_alias;
    return mistake::none;
}

template <class Attribute>
using if_unknown = std::conditional_t<std::is_base_of_v<attribute, Attribute>, type_list<>, type_list<Attribute>>;

/// Finds the first mistake in the parameters: its position, or the number of parameters.
template <class... Parameters>
consteval std::size_t first_improper() {
    std::size_t position = 0;
    (void)((parameter_mistake<Parameters>() == mistake::none && ++position != 0) && ...);
    return position;
}

template <std::size_t Position, class First, class... Rest>
struct type_at : type_at<Position - 1, Rest...> {};
template <class First, class... Rest>
struct type_at<0, First, Rest...> {
    using type = First;
};

/// The declaration as it was pasted: a signature and its attributes.
template <class... Parts>
struct declared {
    template <const std::string_view& Tail>
    static consteval auto check() {
        return declaration_with<mistake::no_signature>{};
    }
};

template <class Signature, class... Attributes>
struct declared<Signature, Attributes...> {
    using signature = Signature;
    using attributes = type_list<Attributes...>;

    template <const std::string_view& Tail>
    static consteval auto check() {
        constexpr mistake found = std::is_function_v<Signature> ? mistake::qualified : mistake::not_a_function;
        return declaration_with<found, Signature>{};
    }
};

template <class Result, class... Parameters, class... Attributes>
struct declared<Result(Parameters...), Attributes...> {
    using signature = Result(Parameters...);
    using attributes = type_list<Attributes...>;

    /// A `declaration_with` the first mistake, or a `flawless_declaration`.
    template <const std::string_view& Tail>
    static consteval auto check() {
        constexpr std::size_t position = first_improper<Parameters...>();
        constexpr mistake in_attributes = attribute_mistake<Attributes...>();
        if constexpr (position != sizeof...(Parameters)) {
            using culprit = typename type_at<position, Parameters...>::type;
            constexpr auto& names = names_in<sizeof...(Parameters), Tail>;
            return declaration_with<parameter_mistake<culprit>(),
                                    parameter<int{position}, fixed_string<names[position].size() + 1>{names[position]}>,
                                    culprit>{};
        } else if constexpr (std::is_reference_v<Result> || pointer<Result>) {
            return declaration_with<mistake::reference_result, Result>{};
        } else if constexpr (in_attributes == mistake::unknown_attribute) {
            return declaration_with<in_attributes, typename join_lists<if_unknown<Attributes>...>::type>{};
        } else if constexpr (in_attributes != mistake::none) {
            return declaration_with<in_attributes, type_list<Attributes...>>{};
        } else {
            return flawless_declaration{};
        }
    }
};

}  // namespace detail

}  // namespace farcall
