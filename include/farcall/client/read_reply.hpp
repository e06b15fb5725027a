#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <farcall/client/remote_exception.hpp>
#include <farcall/codec/codecs.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/result.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// The text of the result in an answer whose text in place was no good, after reading the whole message in full.
/// Empty: the answer has no result; `problem` says why.
FARCALL_DECL std::string_view reread_result(const reply& end, std::string& problem);

/// The error of a result that does not fit the declaration.
FARCALL_DECL error misfit(const codec_error& why);

struct no_value {};

/// Reads one value to the end of the text; a method without a result takes any value for it.
template <class R>
bool decode_result(json_reader& in, R& value) {
    if constexpr (std::is_same_v<R, no_value>)
        return in.skip_value() && in.finish();
    else
        return decode(in, value) && in.finish();
}

/// Reads a result whose text in place was no good: the whole message may say why, or give it another text.
/// @param why  what was wrong with it
/// @returns empty: `value` is read
template <class R>
std::optional<error> read_again(const reply& end, std::size_t depth, const codec_error& why, R& value) {
    if (end.message.empty()) return misfit(why);
    std::string reason;
    const std::string_view text = reread_result(end, reason);
    if (text.empty()) return error{status::internal, "the server's answer is malformed: " + reason};
    value = {};
    json_reader in{text, depth};
    if (decode_result(in, value)) return {};
    return misfit(in.error());
}

/// What a call has ended with, as its caller gets it.
///
/// @param declared  a `type_list` of the exceptions that the method declares
template <class R, class Declared>
result<R> read_reply(const reply& end, std::string_view method, Declared declared) {
    if (end.failure != nullptr) return with_remote_exception(end.failure->with_method(method), declared);
    std::conditional_t<std::is_void_v<R>, no_value, R> value{};
    const std::size_t depth = end.depth == 0 ? 0 : end.depth - 1;  // the message itself is one level
    try {
        json_reader in{end.result, depth};
        if (!decode_result(in, value))
            if (const auto why = read_again(end, depth, in.error(), value)) return why->with_method(method);
    } catch (const std::exception& thrown) {
        // A codec or a constructor of the user's threw; what the peer sent may not end this process.
        codec_error problem;
        problem.message = thrown.what();
        return misfit(problem).with_method(method);
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
