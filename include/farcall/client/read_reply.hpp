#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

#include <farcall/client/remote_exception.hpp>
#include <farcall/codec/codec.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/result.hpp>
#include <farcall/service/type_list.hpp>

namespace farcall::detail {

struct reply;

/// What the caller of a method gets, by functions that alone know the types.
struct answer_form {
    /// Reads the result to the end of the text. Null: there is none, and any value is taken for it.
    bool (*read)(json_reader& in, void* value);
    /// Makes a value that was read in part a new one.
    void (*renew)(void* value);
    declared_exceptions thrown;
};

template <class R>
bool read_result(json_reader& in, void* value) {
    return decode(in, *static_cast<R*>(value)) && in.finish();
}
template <class R>
void renew_result(void* value) {
    *static_cast<R*>(value) = {};
}

/// @tparam Declared  a `type_list` of the exceptions that the method declares
template <class R, class Declared>
inline constexpr answer_form answer_form_of{&read_result<std::remove_cv_t<R>>, &renew_result<std::remove_cv_t<R>>,
                                            exceptions_of<Declared>::all};
template <class R, class Declared>
    requires std::is_void_v<R>
inline constexpr answer_form answer_form_of<R, Declared>{nullptr, nullptr, exceptions_of<Declared>::all};

/// Reads what a call has ended with, as its caller gets it.
///
/// What a codec or a constructor of the user's throws is told as an error: what the peer sent may not end this process.
/// What is no `std::exception` goes on.
/// @param value  new, of the result's type; null if there is none
/// @returns why there is no value, or none
FARCALL_DECL std::optional<error> read_reply(const reply& end, std::string_view method, const answer_form& form,
                                             void* value);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/read_reply.ipp>
#endif
