#pragma once

#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include <farcall/client/initiate.hpp>
#include <farcall/client/call_draft.hpp>
#include <farcall/client/caller.hpp>
#include <farcall/client/client.hpp>
#include <farcall/client/make_call.hpp>
#include <farcall/client/retry_decisions.hpp>
#include <farcall/codec/codecs.hpp>
#include <farcall/codec/json_forms.hpp>
#include <farcall/retry/no_retry.hpp>
#include <farcall/service/json_check.hpp>
#include <farcall/service/proxy.hpp>

namespace farcall::detail {

/// What makes the calls of a proxy: the connection, the policy, the options.
template <class Service, class Policy>
class proxy_core {
    static_assert(retry_policy<Policy>, "the policy of a basic_proxy is no farcall::retry_policy; see its list");

public:
    proxy_core(std::string_view url, Policy policy, client_options options)
        : from_(url, std::move(options), decisions(std::move(policy))) {}

    proxy_core(const client& connection, Policy policy) : from_(connection.handle(), decisions(std::move(policy))) {}

    template <class Executor>
    proxy_core(Executor&& executor, std::string_view url, Policy policy, client_options options)
        : from_(executor_of(executor), url, std::move(options), decisions(std::move(policy))) {}

    template <class Method, class... Arguments>
    typename Method::result call(const Arguments&... arguments) const {
        using result = typename Method::result;
        check<Method>();
        const argument_list<Arguments...> list{arguments...};
        if constexpr (std::is_void_v<result>) {
            call_or_throw(draft<Method>(list), answer_form_of<result, thrown_types<Method>>, nullptr);
        } else {
            std::remove_cv_t<result> value{};
            call_or_throw(draft<Method>(list), answer_form_of<result, thrown_types<Method>>, &value);
            return value;
        }
    }

    template <class Method, class Token, class... Arguments>
    auto start(Token&& token, const Arguments&... arguments) const {
        using result = typename Method::result;
        using bare = std::decay_t<Token>;
        check<Method>();
        const argument_list<Arguments...> list{arguments...};
        if constexpr (std::is_same_v<bare, notify_t>)
            call_one_way(draft<Method>(list));
        else if constexpr (std::is_same_v<bare, as_result_t>)
            return call_for_result<result, thrown_types<Method>>(draft<Method>(list));
        else if constexpr (token_given<Method, bare>())
            return initiate<result, thrown_types<Method>>(draft<Method>(list), std::forward<Token>(token));
    }

    /// A copy with one option changed.
    template <class Option>
    proxy_core with(Option&& option) const {
        call_options changed = from_.options();
        changed.apply(std::forward<Option>(option));
        return proxy_core{caller{from_, std::move(changed)}};
    }

private:
    explicit proxy_core(caller from) : from_(std::move(from)) {}

    static std::shared_ptr<const retry_decisions> decisions(Policy policy) {
        check_policy(methods_of<Service>{});
        if constexpr (std::is_same_v<Policy, no_retry>)
            return nullptr;
        else
            return std::make_shared<policy_decisions<Policy>>(std::move(policy));
    }

    template <class Method, class Token>
    static consteval bool token_given() {
        if constexpr (requires { typename Method::farcall_declared; })
            Method::template farcall_check_token<possible_token<Token>>();
        return possible_token<Token>;
    }

    template <class Method>
    static consteval void check() {
        check_json_forms<Method, encodable_form, decodable_form>();
    }

    /// Of all methods at once: a proxy with an unsafe policy is refused even before an unsafe call is written.
    template <class... Methods>
    static consteval void check_policy(type_list<Methods...>) {
        if constexpr (Policy::repeats_unsafe) (check_policy<Methods>(), ...);
    }
    template <class Method>
    static consteval void check_policy() {
        if constexpr (requires { typename Method::farcall_declared; })
            Method::template farcall_check_retry_policy<Method::info.repeatable()>();
    }

    template <class Method, class... Arguments>
    call_draft draft(const argument_list<Arguments...>& list) const noexcept {
        static constexpr bool plain = plain_name(Method::info.wire_name);
        call_draft made{.from = from_, .info = &Method::info, .plain_name = plain};
        list.put(made);
        return made;
    }

    caller from_;
};

}  // namespace farcall::detail
