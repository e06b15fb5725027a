#pragma once

#include <type_traits>
#include <utility>

#include <boost/asio/async_result.hpp>

#include <farcall/client/async_call.hpp>
#include <farcall/client/awaited_call.hpp>
#include <farcall/client/call_draft.hpp>
#include <farcall/client/read_reply.hpp>
#include <farcall/client/token.hpp>

namespace farcall::detail {

/// Starts a call whose end goes to an Asio completion token.
template <class R, class Declared, class Token>
auto initiate(const call_draft& draft, Token&& token) {
    using bare = std::decay_t<Token>;
    using await = awaiting<bare>;
    const auto with_form = [&]<class Form, class Inner>(Form, Inner&& inner) {
        return boost::asio::async_initiate<Inner, typename Form::signature>(
            [](auto handler, auto&& source) {
                async_call<R, Form, decltype(handler)>::begin(std::move(handler), answer_form_of<R, Declared>, source);
            },
            inner, request_source{draft});
    };
    if constexpr (await::value)
        return await_call<R, await::for_result, typename await::executor_type>(request_source{draft},
                                                                              answer_form_of<R, Declared>);
    else if constexpr (adapted_to_result<bare>)
        return with_form(result_form<R>{}, token.token);
    else if constexpr (result_callback<bare, R>)
        return with_form(result_form<R>{}, std::forward<Token>(token));
    else
        return with_form(exception_form<R>{}, std::forward<Token>(token));
}

}  // namespace farcall::detail
