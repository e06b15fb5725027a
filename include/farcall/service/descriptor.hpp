#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <farcall/detail/chrono.hpp>
#include <farcall/method.hpp>
#include <farcall/service/attributes.hpp>
#include <farcall/service/signature_check.hpp>
#include <farcall/service/signature_text.hpp>
#include <farcall/service/signature_traits.hpp>
#include <farcall/service/type_list.hpp>
#include <farcall/stream.hpp>

namespace farcall {

namespace detail {

/// The texts of one entry, as the macro stringised them.
struct method_text {
    std::string_view service;
    std::string_view name;
    std::string_view wire_name;
    std::string_view tail;  ///< everything behind the name: signature and attributes
};

template <class List>
struct texts_of;
template <class... Attributes>
struct texts_of<type_list<Attributes...>> {
    static constexpr std::array<std::string_view, sizeof...(Attributes)> all{Attributes::text...};
    /// Of the only one, or empty.
    static constexpr std::string_view first() noexcept {
        if constexpr (sizeof...(Attributes) == 0) {
            return {};
        } else {
            return all[0];
        }
    }
};

template <class Timeout>
struct milliseconds_of {
    static constexpr std::chrono::milliseconds value{Timeout::milliseconds};
};
template <>
struct milliseconds_of<void> {
    static constexpr std::chrono::milliseconds value{0};
};

}  // namespace detail

/// One declared method at compile time: its names, types and attributes, and a call of it on a handler.
///
/// Made of what an expansion of `RPC_SERVICE` emits for an entry. Another front end may use it with an `Entry` of its
/// own, or supply any type with the same members.
/// @tparam Entry  has `farcall_declared` (`detail::declared<Signature, Attributes...>`), `farcall_text`
///                (`detail::method_text`), `invoke`, `farcall_proxy_methods` and the checks that detail/emit.hpp
///                shows
template <class Entry>
struct method_descriptor : Entry {
    using signature = typename Entry::farcall_declared::signature;    ///< `Result(Parameters...)`
    using attributes = typename Entry::farcall_declared::attributes;  ///< `type_list` in the order of the declaration
    using traits = signature_traits<signature>;                       ///< types of the signature
    using result = typename traits::result;                           ///< what a call yields
    using parameters = typename traits::parameters;  ///< `type_list` of the declared types
    using stored = typename traits::stored;          ///< `type_list` of what a server holds them in

    static constexpr std::size_t arity = traits::arity;  ///< number of parameters
    static constexpr std::string_view service = Entry::farcall_text.service;      ///< "Calculator"
    static constexpr std::string_view name = Entry::farcall_text.name;            ///< "add"
    static constexpr std::string_view wire_name = Entry::farcall_text.wire_name;  ///< "Calculator.add"
    /// "int(int a, int b)"
    static constexpr std::string_view signature_text = detail::signature_of(Entry::farcall_text.tail);
    /// One a parameter; empty where the signature names none.
    static constexpr std::array<std::string_view, arity> parameter_names =
        detail::parameter_names<arity>(signature_text);
    /// Whether the signature has a stream.
    static constexpr bool streams = involves_stream<signature>;

    /// The same for those that do not know the types.
    static constexpr method_info info{
        .service = service,
        .name = name,
        .wire_name = wire_name,
        .signature = signature_text,
        .semantics = has_attribute<method_descriptor, exactly_once> ? call_semantics::exactly_once
                     : has_attribute<method_descriptor, readonly> || has_attribute<method_descriptor, idempotent>
                         ? call_semantics::idempotent
                         : call_semantics::at_most_once,
        .readonly = has_attribute<method_descriptor, readonly>,
        .blocking = has_attribute<method_descriptor, farcall::blocking>,
        .timeout = detail::milliseconds_of<attribute_of<method_descriptor, timeout_kind>>::value,
        .cacheable = detail::milliseconds_of<attribute_of<method_descriptor, cacheable_kind>>::value,
        .doc = detail::texts_of<attributes_of<method_descriptor, doc_kind>>::first(),
        .deprecated = detail::texts_of<attributes_of<method_descriptor, deprecated_kind>>::first(),
        .aliases = detail::texts_of<attributes_of<method_descriptor, alias_kind>>::all,
        .parameters = parameter_names,
    };
};

/// What the library knows of a service `S`: the one trait that proxies, skeletons and schemas read.
///
/// The primary template serves what `RPC_SERVICE` declares. To bring a service by other means, specialise it:
/// 1. `static constexpr std::string_view name`: the service's name on the wire;
/// 2. `using methods = type_list<...>`: one type a method with the members of `method_descriptor`.
template <class S>
struct service_descriptor {};

/// A service that `RPC_SERVICE` declares.
template <class S>
    requires requires { typename S::farcall_table; }
struct service_descriptor<S> {
    /// On the wire.
    static constexpr std::string_view name = S::farcall_table::farcall_service_name;
    /// One descriptor a method, in order.
    using methods = typename S::farcall_table::farcall_methods;
};

/// A declared service.
template <class S>
concept service = requires {
    { service_descriptor<S>::name } -> std::convertible_to<std::string_view>;
    typename service_descriptor<S>::methods;
};

/// The methods of a service, as a `type_list` of descriptors in the order of the declaration.
template <service S>
using methods_of = typename service_descriptor<S>::methods;

template <service S>
inline constexpr std::size_t method_count = methods_of<S>::size;

namespace detail {

template <class... Methods, class Function>
constexpr void for_each_type(type_list<Methods...>, Function& function) {
    (function.template operator()<Methods>(), ...);
}

template <fixed_string Name, class... Methods>
using named_in = typename first_or_void<typename join_lists<
    std::conditional_t<Methods::name == Name.view(), type_list<Methods>, type_list<>>...>::type>::type;

template <fixed_string Name, class List>
struct find_method;
template <fixed_string Name, class... Methods>
struct find_method<Name, type_list<Methods...>> {
    using type = named_in<Name, Methods...>;
};

/// The methods of a table: descriptors of what its expansion emitted.
template <class Table, class... Entries>
using method_list = type_list<method_descriptor<Entries>...>;

}  // namespace detail

/// The method of that name, or `void` if the service has none.
template <service S, fixed_string Name>
using method_named = typename detail::find_method<Name, methods_of<S>>::type;

/// Calls `function.template operator()<Method>()` for each method in order: `[]<class Method>() { ... }`.
template <service S, class Function>
constexpr void for_each_method(Function&& function) {
    detail::for_each_type(methods_of<S>{}, function);
}

}  // namespace farcall
