#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <farcall/codec/codec.hpp>

namespace farcall::detail {

/// Why arguments do not fit a method.
struct argument_failure {
    codec_error decoding{};  ///< of one of them
    std::string message{};   ///< of their number or names, behind the method's name; empty if it is `decoding`
};

/// Reads the arguments of one call, positional or named, into their stored types.
///
/// Arguments that may be absent (`std::optional` and such) may be left out: at the end of an array, anywhere in an
/// object.
template <class... Stored>
class argument_reader {
public:
    using values = std::tuple<Stored...>;
    static constexpr std::size_t arity = sizeof...(Stored);

    /// Reads an array of as many arguments as there are parameters: what proxies send.
    ///
    /// @returns whether it is one and they fit; if not, `into` is valid and otherwise unspecified, and `read` says more
    static bool read_all(std::string_view text, std::size_t max_depth, values& into) {
        json_reader in{text, max_depth};
        return in.begin_array() && read_each(in, into, indices{}) && !in.next_element() && in.ok() && in.finish();
    }

    /// @param text       an array or object, or empty: there are none
    /// @param max_depth  arrays and objects inside each other
    /// @param names      one a parameter; empty where it has none
    /// @returns whether they fit; if not, `why` says why, and `into` is valid and otherwise unspecified
    static bool read(std::string_view text, std::size_t max_depth, values& into, std::span<const std::string_view> names,
                     argument_failure& why) {
        if (text.empty()) return first_required(0) == arity || wrong_count(0, names, why);
        json_reader in{text, max_depth};
        const bool good = text.front() == '{' ? read_named(in, into, names, why) : read_positional(in, into, names, why);
        if (!in.ok()) why.decoding = in.error();
        return good;
    }

private:
    using indices = std::index_sequence_for<Stored...>;

    template <std::size_t... I>
    static bool read_each(json_reader& in, values& into, std::index_sequence<I...>) {
        return ((in.next_element() && decode(in, std::get<I>(into))) && ...);
    }

    /// The first parameter from `from` on that must be there; `arity` if none must.
    static std::size_t first_required(std::size_t from) {
        constexpr std::array<bool, arity + 1> absent{may_be_absent<Stored>..., false};
        while (from < arity && absent[from]) ++from;
        return from;
    }

    static bool read_positional(json_reader& in, values& into, std::span<const std::string_view> names,
                                argument_failure& why) {
        std::size_t count = 0;
        bool more = in.begin_array();
        if (!more || !read_elements(in, into, count, more, indices{})) return false;
        while (more && in.next_element()) {
            if (!in.skip_value()) return false;
            ++count;
        }
        if (!in.ok() || !in.finish()) return false;
        return (count <= arity && first_required(count) == arity) || wrong_count(count, names, why);
    }

    template <std::size_t... I>
    static bool read_elements(json_reader& in, values& into, std::size_t& count, bool& more,
                              std::index_sequence<I...>) {
        return (read_element<I>(in, into, count, more) && ...);
    }

    template <std::size_t I>
    static bool read_element(json_reader& in, values& into, std::size_t& count, bool& more) {
        more = more && in.next_element();
        if (!more) return in.ok();
        if (!decode(in, std::get<I>(into))) return in.at_index(I);
        ++count;
        return true;
    }

    static bool read_named(json_reader& in, values& into, std::span<const std::string_view> names,
                           argument_failure& why) {
        std::array<bool, arity + 1> seen{};
        std::string_view name;
        if (!in.begin_object()) return false;
        while (in.next_member(name)) {
            std::size_t at = 0;
            while (at < arity && (names[at].empty() || names[at] != name)) ++at;
            if (at == arity || seen[at]) {
                why.message = std::string{at == arity ? "has no parameter " : "got twice the parameter "} +
                              excerpt(name) + "; it takes " + (nameless(names) ? "an array of arguments" : listed(names));
                return false;
            }
            seen[at] = true;
            if (!read_at(in, into, at, indices{})) return in.at_member(names[at]);
        }
        if (!in.ok() || !in.finish()) return false;
        for (std::size_t at = first_required(0); at < arity; at = first_required(at + 1)) {
            if (seen[at]) continue;
            why.message = names[at].empty()
                              ? "has parameters without a name; send them as an array"
                              : "lacks the parameter " + excerpt(names[at]) + "; it takes " + listed(names);
            return false;
        }
        return true;
    }

    template <std::size_t... I>
    static bool read_at(json_reader& in, values& into, std::size_t at, std::index_sequence<I...>) {
        bool good = true;
        ((at == I ? void(good = decode(in, std::get<I>(into))) : void()), ...);
        return good;
    }

    static std::string listed(std::span<const std::string_view> names) {
        if (names.empty()) return "no parameters";
        std::string text;
        for (const std::string_view name : names) {
            if (!text.empty()) text += ", ";
            text += name.empty() ? std::string_view{"(unnamed)"} : name;
        }
        return text;
    }

    static bool wrong_count(std::size_t found, std::span<const std::string_view> names, argument_failure& why) {
        why.message = "takes " + std::to_string(arity) + (arity == 1 ? " argument" : " arguments") +
                      (nameless(names) ? "" : " (" + listed(names) + ')') + ", found " + std::to_string(found);
        return false;
    }

    /// Whether there are parameters, and none has a name.
    static bool nameless(std::span<const std::string_view> names) {
        return !names.empty() && std::all_of(names.begin(), names.end(), [](auto name) { return name.empty(); });
    }
};

}  // namespace farcall::detail
