#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <farcall/codec/codec.hpp>
#include <farcall/server/incoming_call.hpp>

namespace farcall::detail {

/// Whether an argument of this type may be left out.
template <class Stored>
inline constexpr bool may_be_absent = requires(Stored& value) { codec<Stored>::absent(value); };

/// Reads the arguments of one call, positional or named, into their stored types.
///
/// Arguments that may be absent (`std::optional` and such) may be left out: at the end of an array, anywhere in an
/// object.
template <class... Stored>
class argument_reader {
public:
    using values = std::tuple<Stored...>;
    static constexpr std::size_t arity = sizeof...(Stored);

    /// @param names  one a parameter; empty where it has none
    /// @returns false if they do not fit; the call is answered then
    static bool read(incoming_call& call, values& into, std::span<const std::string_view> names) {
        const std::string_view text = call.params();
        if (text.empty()) {
            if (first_required(0) == arity) return true;
            call.fail_arguments(wrong_count(0, names));
            return false;
        }
        json_reader in{text, call.params_depth()};
        if (text.front() == '{' ? read_named(call, in, into, names) : read_positional(call, in, into, names)) return true;
        return false;
    }

private:
    using indices = std::index_sequence_for<Stored...>;

    /// The first parameter from `from` on that must be there; `arity` if none must.
    static std::size_t first_required(std::size_t from) {
        constexpr std::array<bool, arity + 1> absent{may_be_absent<Stored>..., false};
        while (from < arity && absent[from]) ++from;
        return from;
    }

    static bool read_positional(incoming_call& call, json_reader& in, values& into,
                                std::span<const std::string_view> names) {
        std::size_t count = 0;
        bool more = in.begin_array();
        const bool fits = more && read_elements(in, into, count, more, indices{});
        if (!in.ok() || !fits) return refuse(call, in);
        if (more && in.next_element()) {
            do {
                ++count;
                if (!in.skip_value()) return refuse(call, in);
            } while (in.next_element());
            if (!in.ok() || !in.finish()) return refuse(call, in);
            call.fail_arguments(wrong_count(count, names));
            return false;
        }
        if (!in.ok() || !in.finish()) return refuse(call, in);
        if (first_required(count) != arity) {
            call.fail_arguments(wrong_count(count, names));
            return false;
        }
        return true;
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

    static bool read_named(incoming_call& call, json_reader& in, values& into,
                           std::span<const std::string_view> names) {
        std::array<bool, arity + 1> seen{};
        std::string_view name;
        if (!in.begin_object()) return refuse(call, in);
        while (in.next_member(name)) {
            std::size_t at = 0;
            while (at < arity && (names[at].empty() || names[at] != name)) ++at;
            if (at == arity || seen[at]) {
                const std::string text = std::string{at == arity ? "has no parameter " : "got twice the parameter "} +
                                         excerpt(name) + "; it takes " + listed(names);
                while (in.skip_value() && in.next_member(name)) {
                }
                if (!in.ok() || !in.finish()) return refuse(call, in);
                call.fail_arguments(text);
                return false;
            }
            seen[at] = true;
            if (!read_at(in, into, at, indices{})) {
                in.at_member(names[at]);
                return refuse(call, in);
            }
        }
        if (!in.ok() || !in.finish()) return refuse(call, in);
        for (std::size_t at = first_required(0); at < arity; at = first_required(at + 1)) {
            if (seen[at]) continue;
            call.fail_arguments(names[at].empty() ? "has parameters without a name; send them as an array"
                                                  : "lacks the parameter " + excerpt(names[at]) + "; it takes " + listed(names));
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

    static bool refuse(incoming_call& call, const json_reader& in) {
        call.fail_arguments(in.error());
        return false;
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

    static std::string wrong_count(std::size_t found, std::span<const std::string_view> names) {
        return "takes " + std::to_string(arity) + (arity == 1 ? " argument (" : " arguments (") + listed(names) +
               "), found " + std::to_string(found);
    }
};

}  // namespace farcall::detail
