#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <farcall/client_options.hpp>
#include <farcall/service.hpp>

/// Policy of proxies whose core does no I/O and remembers the calls, for tests of what a declaration makes.
struct recording {
    int number = 0;
    std::vector<std::string>* calls = nullptr;
};

/// What a token overload of a recording proxy returns.
template <class Token, class... Arguments>
struct started {
    std::string_view method;
    std::decay_t<Token> token;
    std::tuple<Arguments...> arguments;
};

namespace farcall::detail {

template <class Service>
class proxy_core<Service, recording> {
public:
    proxy_core(std::string_view url, recording policy, client_options options)
        : url_(url), policy_(policy), options_(std::move(options)) {}
    template <class Executor>
    proxy_core(Executor&& executor, std::string_view url, recording policy, client_options options)
        : proxy_core(url, policy, std::move(options)) {
        executor_ = executor;
    }

    template <class Method, class... Arguments>
    typename Method::result call(const Arguments&...) const {
        if (policy_.calls != nullptr) policy_.calls->push_back(std::string{Method::wire_name});
        if constexpr (!std::is_void_v<typename Method::result>) return {};
    }
    template <class Method, class Token, class... Arguments>
    started<Token, Arguments...> start(Token&& token, const Arguments&... arguments) const {
        return {Method::wire_name, std::forward<Token>(token), {arguments...}};
    }

    const std::string& url() const { return url_; }
    const recording& policy() const { return policy_; }
    const client_options& options() const { return options_; }
    int executor() const { return executor_; }

private:
    std::string url_;
    recording policy_;
    client_options options_;
    int executor_ = 0;
};

}  // namespace farcall::detail
