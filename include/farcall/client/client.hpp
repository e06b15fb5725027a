#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

#include <farcall/call_options.hpp>
#include <farcall/client/initiate.hpp>
#include <farcall/client/call_draft.hpp>
#include <farcall/client/caller.hpp>
#include <farcall/client/make_call.hpp>
#include <farcall/client_options.hpp>
#include <farcall/codec/json.hpp>

namespace farcall {

namespace detail {

template <class T>
struct named_arguments {
    const T& members;
};

template <class T>
class argument_list<named_arguments<T>> {
public:
    explicit argument_list(const named_arguments<T>& arguments) noexcept : at_{&arguments.members} {}

    void put(call_draft& draft) const noexcept {
        draft.form = std::is_same_v<T, json> ? argument_form::any : argument_form::named;
        draft.write = &write;
        draft.arguments = at_;
    }

private:
    static bool write(json_writer& out, const void* const* at) {
        return encode_argument(out, *static_cast<const T*>(*at));
    }

    const void* at_[1];
};

}  // namespace detail

/// Sends the members of an object as named arguments: `client.call<int>("Calculator.add", farcall::named(pair))`.
///
/// @param members  encodes as a JSON object, or is a `json` with all arguments in an array or an object; must outlive
///                 the call expression
template <class T>
detail::named_arguments<T> named(const T& members) {
    return {members};
}

/// A connection to a server, for calls by name without a declaration, and for several proxies to share.
///
/// Connects with the first call, and anew with the next one after a loss. A copy is another handle of the same
/// connection, which ends with the last handle and call.
/// @par Errors         as a proxy's calls: throws `farcall::error`. A completion handler must not throw: without an
///                     executor of its own there is nobody to catch it, and the process ends
/// @par Thread safety  Distinct objects: safe, copies of one another included. Shared objects: safe to call.
/// @par Example        examples/08_functions.cpp
class client {
public:
    /// @param url  such as "tcp://127.0.0.1:5000"; throws `invalid_argument` if it is none
    explicit client(std::string_view url, client_options options = {})
        : from_(url, std::move(options)) {}

    /// With all I/O on an executor or execution context of the caller's. Blocking calls must then come from a thread
    /// that does not run it.
    template <class Executor>
        requires(!std::convertible_to<Executor, std::string_view> && !std::same_as<std::decay_t<Executor>, client>)
    client(Executor&& executor, std::string_view url, client_options options = {})
        : from_(detail::executor_of(executor), url, std::move(options)) {}

    /// The same connection with other options.
    client(const client& other, farcall::call_options options) : from_(other.from_, std::move(options)) {}

    /// Calls a method by name and waits: `client.call<int>("Calculator.add", 5, 3)`.
    template <class R = json, class... Arguments>
    R call(std::string_view method, const Arguments&... arguments) const {
        const detail::argument_list<Arguments...> list{arguments...};
        if constexpr (std::is_void_v<R>) {
            detail::call_or_throw(draft(method, list), detail::answer_form_of<R, type_list<>>, nullptr);
        } else {
            std::remove_cv_t<R> value{};
            detail::call_or_throw(draft(method, list), detail::answer_form_of<R, type_list<>>, &value);
            return value;
        }
    }

    /// The same with a completion token: `client.async_call<int>(boost::asio::use_future, "Calculator.add", 5, 3)`.
    template <class R = json, class Token, class... Arguments>
    auto async_call(Token&& token, std::string_view method, const Arguments&... arguments) const {
        const detail::argument_list<Arguments...> list{arguments...};
        return detail::initiate<R, type_list<>>(draft(method, list), std::forward<Token>(token));
    }

    /// The same without an exception.
    template <class R = json, class... Arguments>
    result<R> try_call(std::string_view method, const Arguments&... arguments) const {
        const detail::argument_list<Arguments...> list{arguments...};
        return detail::call_for_result<R, type_list<>>(draft(method, list));
    }

    /// Sends a call that is not answered.
    template <class... Arguments>
    void notify(std::string_view method, const Arguments&... arguments) const {
        const detail::argument_list<Arguments...> list{arguments...};
        detail::call_one_way(draft(method, list));
    }

    /// Ends the connection. Calls under way end with `cancelled`; the next one connects anew. Repeating it is fine.
    /// With an executor of the caller's it returns at once, and the calls end there.
    void close() const { from_.close(); }

    /// @{ For those who add to calls: the connection with what this handle adds, and the options of its calls.
    const detail::caller& handle() const noexcept { return from_; }
    const farcall::call_options& call_options() const noexcept { return from_.options(); }
    /// @}

private:
    template <class... Arguments>
    detail::call_draft draft(std::string_view method, const detail::argument_list<Arguments...>& list) const noexcept {
        detail::call_draft made{.from = from_, .method = method};
        list.put(made);
        return made;
    }

    detail::caller from_;
};

}  // namespace farcall
