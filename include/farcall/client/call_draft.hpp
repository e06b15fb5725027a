#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include <farcall/client/caller.hpp>
#include <farcall/codec/codec.hpp>
#include <farcall/method.hpp>
#include <farcall/protocol/plain_name.hpp>
#include <farcall/service/encode_arguments.hpp>

namespace farcall::detail {

/// How the arguments of a call are written.
enum class argument_form : std::uint8_t {
    listed,  ///< an array, one after another
    named,   ///< one value, which must be an object
    any      ///< one value, an object or an array
};

/// What a call is to be, while its arguments are there: made into a `call_request` where that is wanted.
///
/// Knows no type, so that all that is done with it is compiled once. Refers to the caller, the arguments and the name.
struct call_draft {
    const caller& from;
    const method_info* info = nullptr;  ///< of the declaration; null: it is called by name
    std::string_view method{};          ///< the name, where nothing is declared
    bool plain_name = false;            ///< of a declared method, see `plain_name`
    argument_form form = argument_form::listed;
    /// Writes the elements of the array, or the one value.
    bool (*write)(json_writer& out, const void* const* arguments) = nullptr;
    const void* const* arguments = nullptr;
};

/// Addresses of arguments, with what writes those of such types one after another.
template <class... Arguments>
class argument_list {
public:
    explicit argument_list(const Arguments&... arguments) noexcept : at_{std::addressof(arguments)..., nullptr} {}

    void put(call_draft& draft) const noexcept {
        draft.write = &write;
        draft.arguments = at_;
    }

private:
    static bool write(json_writer& out, const void* const* at) {
        return write_each(out, at, std::index_sequence_for<Arguments...>{});
    }
    template <std::size_t... I>
    static bool write_each([[maybe_unused]] json_writer& out, [[maybe_unused]] const void* const* at,
                           std::index_sequence<I...>) {
        return ((encode_argument(out, *static_cast<const Arguments*>(at[I])) || out.at_index(I)) && ...);
    }

    const void* at_[sizeof...(Arguments) + 1];
};

}  // namespace farcall::detail
