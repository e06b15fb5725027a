#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <farcall/codec/codec.hpp>
#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// Why arguments do not fit a method.
struct argument_failure {
    codec_error decoding{};  ///< of one of them
    std::string message{};   ///< of their number or names, behind the method's name; empty if it is `decoding`
};

/// A parameter, as much of it as it takes to read arguments in any form that is allowed.
struct parameter_form {
    bool (*read)(json_reader& in, void* values);  ///< an argument to its place among the values
    bool may_be_absent;
};

/// Reads arguments, positional or named, whatever their types.
///
/// Arguments that may be absent (`std::optional` and such) may be left out: at the end of an array, anywhere in an
/// object.
/// @param text       an array or object, or empty: there are none
/// @param max_depth  arrays and objects inside each other
/// @param names      one a parameter; empty where it has none
/// @returns whether they fit; if not, `why` says why, and the values are valid and otherwise unspecified
FARCALL_DECL bool read_arguments(std::string_view text, std::size_t max_depth, void* values,
                                 std::span<const parameter_form> parameters, std::span<const std::string_view> names,
                                 argument_failure& why);

/// Reads the arguments of one call into their stored types.
template <class... Stored>
class argument_reader {
public:
    using values = std::tuple<Stored...>;

    /// Reads an array of as many arguments as there are parameters: what proxies send.
    ///
    /// @param arriving  what is known of a string in it already; null: nothing
    /// @returns whether it is one and they fit; if not, `into` is valid and otherwise unspecified, and `read` says more
    static bool read_all(std::string_view text, std::size_t max_depth, values& into, arriving_text* arriving = nullptr) {
        json_reader in{text, max_depth};
        in.expect(arriving);
        return in.begin_array() && read_each(in, into, indices{}) && !in.next_element() && in.ok() && in.finish();
    }

    /// See `read_arguments`.
    static bool read(std::string_view text, std::size_t max_depth, values& into, std::span<const std::string_view> names,
                     argument_failure& why) {
        return read_arguments(text, max_depth, &into, parameters(), names, why);
    }

    /// Whatever was read before is gone.
    static void clear(void* into) { *static_cast<values*>(into) = values{}; }

    /// For `read_arguments`, with `values` as the values.
    static std::span<const parameter_form> parameters() {
        if constexpr (sizeof...(Stored) == 0)
            return {};
        else
            return forms(indices{});
    }

private:
    using indices = std::index_sequence_for<Stored...>;

    template <std::size_t... I>
    static bool read_each(json_reader& in, values& into, std::index_sequence<I...>) {
        return ((in.next_element() && decode(in, std::get<I>(into))) && ...);
    }

    template <std::size_t I>
    static bool read_one(json_reader& in, void* into) {
        return decode(in, std::get<I>(*static_cast<values*>(into)));
    }

    template <std::size_t... I>
    static std::span<const parameter_form> forms(std::index_sequence<I...>) {
        static constexpr parameter_form all[]{{&read_one<I>, may_be_absent<Stored>}...};
        return all;
    }
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/service/impl/read_arguments.ipp>
#endif
