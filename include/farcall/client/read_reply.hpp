#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

#include <farcall/client/remote_exception.hpp>
#include <farcall/codec/codecs.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/result.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// Reads a value of one type, known to the function alone, that starts anew.
using read_anew = bool (*)(json_reader& in, void* value);

/// What follows when the value in the answer's result could not be read: whoever reads the whole message in full may
/// find that its text in place was no good, and reads the value from the right one.
///
/// @param failed  what read the text in place
/// @returns why there is no value, or none: it was read after all
FARCALL_DECL std::optional<error> reread_result(const reply& end, std::string_view method, const json_reader& failed,
                                                void* value, read_anew read);

/// Within a handler of an exception, which a codec or a constructor of the user's threw: what the peer sent may not end
/// this process. What is no `std::exception` goes on.
FARCALL_DECL error thrown_by_codec(std::string_view method);

struct no_value {};
/// Reads one value to the end of the text; a method without a result takes any value for it.
template <class R>
bool decode_result(json_reader& in, R& value) {
    if constexpr (std::is_same_v<R, no_value>)
        return in.skip_value() && in.finish();
    else
        return decode(in, value) && in.finish();
}

/// What a call has ended with, as its caller gets it.
///
/// @param declared  a `type_list` of the exceptions that the method declares
template <class R, class Declared>
result<R> read_reply(const reply& end, std::string_view method, Declared declared) {
    if (end.failure != nullptr) return with_remote_exception(end.failure->with_method(method), declared);
    using value_type = std::conditional_t<std::is_void_v<R>, no_value, R>;
    value_type value{};
    try {
        json_reader in{end.result, end.depth == 0 ? 0 : end.depth - 1};  // the message itself is one level
        in.expect(end.arriving);
        if (!decode_result(in, value)) {
            const read_anew read = [](json_reader& other, void* into) {
                auto& again = *static_cast<value_type*>(into);
                again = {};
                return decode_result(other, again);
            };
            if (const std::optional<error> why = reread_result(end, method, in, &value, read)) return *why;
        }
    } catch (...) {
        return thrown_by_codec(method);
    }
    if constexpr (std::is_void_v<R>)
        return {};
    else
        return value;
}

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/read_reply.ipp>
#endif
