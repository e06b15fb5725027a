#pragma once

#include <cstddef>
#include <string_view>

namespace farcall {

namespace detail {

template <class T>
constexpr auto pretty_type() noexcept {
#if defined(_MSC_VER) && !defined(__clang__)
    return std::string_view{__FUNCSIG__};
#else
    return std::string_view{__PRETTY_FUNCTION__};
#endif
}

/// What a compiler writes before and behind the type, measured on a type whose name is known.
inline constexpr std::size_t pretty_type_prefix = pretty_type<double>().find("double");
inline constexpr std::size_t pretty_type_suffix = pretty_type<double>().size() - pretty_type_prefix - 6;
static_assert(pretty_type_prefix != std::string_view::npos, "farcall: this compiler does not tell the names of types");

constexpr bool drop_prefix(std::string_view& text, std::string_view prefix) noexcept {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

}  // namespace detail

/// The name of a type as text, with its namespaces: "bank::account", without `struct`, `class` or `enum`.
///
/// Unnamed namespaces in front are left out. The names of plain classes and enums are the same with every compiler;
/// those of templates and of fundamental types are not, so only the former belong on a wire.
template <class T>
[[nodiscard]] constexpr std::string_view type_name() noexcept {
    std::string_view name = detail::pretty_type<T>();
    name.remove_prefix(detail::pretty_type_prefix);
    name.remove_suffix(detail::pretty_type_suffix);
    for (std::string_view keyword : {"struct ", "class ", "enum ", "union "}) detail::drop_prefix(name, keyword);
    while (detail::drop_prefix(name, "{anonymous}::") || detail::drop_prefix(name, "(anonymous namespace)::") ||
           detail::drop_prefix(name, "<unnamed>::")) {
    }
    return name;
}

/// The same without namespaces and enclosing classes or functions: "account".
template <class T>
[[nodiscard]] constexpr std::string_view unqualified_type_name() noexcept {
    const std::string_view name = type_name<T>();
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t i = 0; i != name.size(); ++i) {
        const char c = name[i];
        if (c == '<' || c == '(' || c == '{' || c == '[') ++depth;
        if (c == '>' || c == ')' || c == '}' || c == ']') --depth;
        if (c == ':' && depth == 0) begin = i + 1;
    }
    return name.substr(begin);
}

}  // namespace farcall
