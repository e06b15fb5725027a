#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/call_options.hpp>
#include <farcall/client/async_call.hpp>
#include <farcall/client/blocking_call.hpp>
#include <farcall/client/client_core.hpp>
#include <farcall/client/one_way_call.hpp>
#include <farcall/client_options.hpp>
#include <farcall/codec/json.hpp>

namespace farcall {

namespace detail {

/// The executor of an execution context, or the executor itself.
template <class Executor>
boost::asio::any_io_executor executor_of(Executor& from) {
    if constexpr (requires { from.get_executor(); })
        return from.get_executor();
    else
        return from;
}

template <class T>
struct named_arguments {
    const T& members;
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
        : core_(std::make_shared<detail::client_core>(url, std::move(options))) {}

    /// With all I/O on an executor or execution context of the caller's. Blocking calls must then come from a thread
    /// that does not run it.
    template <class Executor>
        requires(!std::convertible_to<Executor, std::string_view> && !std::same_as<std::decay_t<Executor>, client>)
    client(Executor&& executor, std::string_view url, client_options options = {})
        : core_(std::make_shared<detail::client_core>(detail::executor_of(executor), url, std::move(options))) {}

    /// The same connection with other options.
    client(client other, farcall::call_options options) : core_(std::move(other.core_)), options_(std::move(options)) {}

    /// Calls a method by name and waits: `client.call<int>("Calculator.add", 5, 3)`.
    template <class R = json, class... Arguments>
    R call(std::string_view method, const Arguments&... arguments) const {
        auto end = detail::call_and_wait<R, type_list<>>(maker(method, arguments...));
        if constexpr (std::is_void_v<R>)
            end.value();
        else
            return std::move(end).value();
    }

    /// The same with a completion token: `client.async_call<int>(boost::asio::use_future, "Calculator.add", 5, 3)`.
    template <class R = json, class Token, class... Arguments>
    auto async_call(Token&& token, std::string_view method, const Arguments&... arguments) const {
        return detail::initiate<R, type_list<>>(maker(method, arguments...), std::forward<Token>(token));
    }

    /// The same without an exception.
    template <class R = json, class... Arguments>
    result<R> try_call(std::string_view method, const Arguments&... arguments) const {
        return detail::call_and_wait<R, type_list<>>(maker(method, arguments...));
    }

    /// Sends a call that is not answered.
    template <class... Arguments>
    void notify(std::string_view method, const Arguments&... arguments) const {
        detail::one_way_call::send(maker(method, arguments...));
    }

    /// Ends the connection. Calls under way end with `cancelled`; the next one connects anew. Repeating it is fine.
    /// With an executor of the caller's it returns at once, and the calls end there.
    void close() const { core_->close(); }

    /// @{ For those who add to calls: the shared connection, and the options of calls made through this handle.
    const std::shared_ptr<detail::client_core>& core() const noexcept { return core_; }
    const farcall::call_options& call_options() const noexcept { return options_; }
    /// @}

private:
    /// Makes a call's request where it is wanted, as long as the arguments are there.
    template <class... Arguments>
    auto maker(std::string_view method, const Arguments&... arguments) const {
        return [this, method, &arguments...](detail::call_request& request) {
            request.core = core_;
            request.extra().method = method;
            request.apply(options_, nullptr);
            put_arguments(request, arguments...);
        };
    }

    template <class... Arguments>
    static void put_arguments(detail::call_request& request, const Arguments&... arguments) {
        detail::encode_arguments(request, arguments...);
    }

    template <class T>
    static void put_arguments(detail::call_request& request, const detail::named_arguments<T>& arguments) {
        codec_error problem;
        const auto write = [&](detail::text_buffer& text) { return encode(text, arguments.members, problem); };
        if (!request.params.write(write)) return request.refuse(problem);
        const char first = request.params.view().front();
        if (first == '{' || (std::is_same_v<T, json> && first == '[')) return;
        request.extra().failure =
            error{status::invalid_argument, "farcall::named takes a struct, a map or a json array or object"}.with_executed(
                executed::no);
    }

    std::shared_ptr<detail::client_core> core_;
    farcall::call_options options_;
};

}  // namespace farcall
