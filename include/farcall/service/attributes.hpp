#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

#include <farcall/fixed_string.hpp>
#include <farcall/service/type_list.hpp>

namespace farcall {

/// Base of every attribute: what may follow the signature in a declaration.
///
/// To write your own:
/// 1. derive a type from `attribute`; give a template with values a base of its own (`struct role_kind :
///    farcall::attribute {}; template <farcall::fixed_string Name> struct role : role_kind { ... };`);
/// 2. write it after a signature: `(wipe, void(), role<"admin">)`;
/// 3. find it by itself or by that base: `attribute_of<Method, role_kind>`.
struct attribute {};

/// @{ Kinds of attributes that carry values: ask for them by `attribute_of` and `attributes_of`.
struct timeout_kind : attribute {};
struct cacheable_kind : attribute {};
struct throws_kind : attribute {};
struct doc_kind : attribute {};
struct deprecated_kind : attribute {};
struct alias_kind : attribute {};
/// @}

/// The method changes nothing; may be repeated and hedged.
struct readonly : attribute {};

/// Running the method again with the same arguments changes nothing more; may be repeated.
struct idempotent : attribute {};

/// A call is repeated until it is answered and runs once: the server answers duplicates with the first reply.
///
/// The client opens a session for such calls and numbers them, or sends the caller's `idempotency_key`; it repeats a call
/// until the deadline, as the proxy's retry policy says, or without one as long as there is time. The server's store
/// remembers the replies: with a store in memory the promise holds within one server process. After that process is gone
/// a call that may have run ends with `executed: unknown` (`aborted`), and nothing runs twice.
struct exactly_once : attribute {};

/// The handler may block its thread: it runs on the server's worker pool and holds nobody up.
struct blocking : attribute {};

/// Deadline of a call that does not say another.
/// @tparam Milliseconds  above 0
template <std::int64_t Milliseconds>
struct timeout_ms : timeout_kind {
    /// As given.
    static constexpr std::int64_t milliseconds = Milliseconds;
};

/// A result may be given again for so long, by a client that has a `farcall::cache`; for methods that are `readonly`.
/// @tparam Milliseconds  above 0
template <std::int64_t Milliseconds>
struct cacheable_ms : cacheable_kind {
    /// As given.
    static constexpr std::int64_t milliseconds = Milliseconds;
};

/// Exceptions that travel as themselves: thrown by the handler, caught by the caller of the proxy.
/// @tparam Errors  types that have a JSON form
template <class... Errors>
struct throws : throws_kind {
    /// The types, in order.
    using errors = type_list<Errors...>;
};

/// One sentence or more on the method, for the schema and the pages.
template <fixed_string Text>
struct doc : doc_kind {
    /// As given.
    static constexpr std::string_view text = Text.view();
};

/// The method should not be called any more; the text says what to use instead.
template <fixed_string Text>
struct deprecated : deprecated_kind {
    /// As given.
    static constexpr std::string_view text = Text.view();
};

/// A further name on the wire, whole: `alias<"Calculator.plus">`. May be given several times.
template <fixed_string Name>
struct alias : alias_kind {
    /// The name.
    static constexpr std::string_view text = Name.view();
};

namespace detail {

template <class Kind, class Attribute>
inline constexpr bool attribute_matches = std::is_base_of_v<Kind, Attribute>;

template <class Attributes, class Kind>
struct select_attributes;
template <class... Attributes, class Kind>
struct select_attributes<type_list<Attributes...>, Kind> {
    using type = typename join_lists<
        std::conditional_t<attribute_matches<Kind, Attributes>, type_list<Attributes>, type_list<>>...>::type;
};

template <class List>
struct first_or_void {
    using type = void;
};
template <class First, class... Rest>
struct first_or_void<type_list<First, Rest...>> {
    using type = First;
};

}  // namespace detail

/// All attributes of a method that are `Kind` or derive from it, in order, as a `type_list`.
template <class Method, class Kind>
using attributes_of = typename detail::select_attributes<typename Method::attributes, Kind>::type;

/// The first attribute of a method that is `Kind` or derives from it; `void` if there is none.
template <class Method, class Kind>
using attribute_of = typename detail::first_or_void<attributes_of<Method, Kind>>::type;

/// Whether a method has an attribute that is `Kind` or derives from it.
template <class Method, class Kind>
inline constexpr bool has_attribute = attributes_of<Method, Kind>::size != 0;

namespace detail {

template <class... Throws>
struct thrown_by {
    using type = typename join_lists<typename Throws::errors...>::type;
};

}  // namespace detail

/// The types that a method declares with `throws<...>`, in order, as a `type_list`.
template <class Method>
using thrown_types = typename detail::apply_list<attributes_of<Method, throws_kind>, detail::thrown_by>::type::type;

}  // namespace farcall
