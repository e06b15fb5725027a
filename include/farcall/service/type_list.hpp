#pragma once

#include <cstddef>

namespace farcall {

/// A sequence of types; has no values but itself.
template <class... Types>
struct type_list {
    /// How many types there are.
    static constexpr std::size_t size = sizeof...(Types);
};

namespace detail {

/// `Destination<Types...>` for a `type_list<Types...>`.
template <class List, template <class...> class Destination>
struct apply_list;
template <class... Types, template <class...> class Destination>
struct apply_list<type_list<Types...>, Destination> {
    using type = Destination<Types...>;
};

/// One list of the elements of several.
template <class... Lists>
struct join_lists {
    using type = type_list<>;
};
template <class... Types>
struct join_lists<type_list<Types...>> {
    using type = type_list<Types...>;
};
template <class... First, class... Second, class... Rest>
struct join_lists<type_list<First...>, type_list<Second...>, Rest...> {
    using type = typename join_lists<type_list<First..., Second...>, Rest...>::type;
};

}  // namespace detail

}  // namespace farcall
