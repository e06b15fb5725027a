#pragma once

#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/client/async_call.hpp>
#include <farcall/client/blocking_call.hpp>
#include <farcall/client/client.hpp>
#include <farcall/client/one_way_call.hpp>
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
        : core_(std::make_shared<client_core>(url, std::move(options))), policy_(decisions(std::move(policy))) {}

    proxy_core(client connection, Policy policy)
        : core_(connection.core()),
          policy_(decisions(std::move(policy))),
          options_(connection.call_options()),
          plain_options_(says_nothing(options_)) {}

    template <class Executor>
    proxy_core(Executor&& executor, std::string_view url, Policy policy, client_options options)
        : core_(std::make_shared<client_core>(executor_of(executor), url, std::move(options))),
          policy_(decisions(std::move(policy))) {}

    template <class Method, class... Arguments>
    typename Method::result call(const Arguments&... arguments) const {
        check<Method>();
        auto end = wait<Method>(arguments...);
        if constexpr (std::is_void_v<typename Method::result>)
            end.value();
        else
            return std::move(end).value();
    }

    template <class Method, class Token, class... Arguments>
    auto start(Token&& token, const Arguments&... arguments) const {
        check<Method>();
        using bare = std::decay_t<Token>;
        if constexpr (std::is_same_v<bare, notify_t>)
            one_way_call::send(maker<Method>(arguments...));
        else if constexpr (std::is_same_v<bare, as_result_t>)
            return wait<Method>(arguments...);
        else if constexpr (token_given<Method, bare>())
            return initiate<typename Method::result, thrown_types<Method>>(maker<Method>(arguments...),
                                                                           std::forward<Token>(token));
    }

    const std::shared_ptr<client_core>& core() const noexcept { return core_; }
    const farcall::call_options& options() const noexcept { return options_; }

    /// A copy with one option changed.
    template <class Option>
    proxy_core with(Option&& option) const {
        proxy_core changed = *this;
        changed.options_.apply(std::forward<Option>(option));
        changed.plain_options_ = says_nothing(changed.options_);
        return changed;
    }

private:
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
    result<typename Method::result> wait(const Arguments&... arguments) const {
        return call_and_wait<typename Method::result, thrown_types<Method>>(maker<Method>(arguments...));
    }

    /// Makes a call's request where it is wanted, as long as the arguments are there.
    template <class Method, class... Arguments>
    auto maker(const Arguments&... arguments) const {
        return [&](call_request& request) {
            make_request<Method>(request, core_, policy_, options_, plain_options_, arguments...);
        };
    }

    std::shared_ptr<client_core> core_;
    std::shared_ptr<const retry_decisions> policy_;
    farcall::call_options options_;
    bool plain_options_ = true;  ///< they say nothing
};

}  // namespace farcall::detail
