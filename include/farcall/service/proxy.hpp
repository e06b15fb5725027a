#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

#include <farcall/service/descriptor.hpp>
#include <farcall/service/signature_traits.hpp>
#include <farcall/service/type_list.hpp>
#include <farcall/stream.hpp>

namespace farcall {

class client;
struct client_options;
struct no_retry;

namespace detail {

/// What a proxy holds and calls: defined by `farcall/client.hpp`.
///
/// Copies share the connection. Made from `(url, policy, client_options)`, `(client, policy)` or
/// `(executor, url, policy, client_options)`; has
/// - `template <class Method> Method::result call(const Arguments&... arguments) const`, which blocks;
/// - `template <class Method> auto start(Token&& token, const Arguments&... arguments) const`.
///
/// The arguments are references to the parameters of the proxy's method: they die when `call` or `start` returns.
template <class Service, class Policy>
class proxy_core;

template <class T>
concept complete = requires { sizeof(T); };

/// `client_options`, which a declaration need not know, wherever a proxy of that policy is made.
template <class Policy>
struct options_beside {
    using type = client_options;
};

/// The way from a proxy to its core and back, for those who add to calls without adding names to proxies.
struct proxy_access {
    template <class Proxy>
    static const auto& core(const Proxy& proxy) noexcept {
        return proxy.farcall_core_;
    }

    template <class Proxy, class Core>
    static Proxy make(Core&& core) {
        return Proxy(proxy_access{}, std::forward<Core>(core));
    }

    template <class Method, class Proxy, class Methods, class... Arguments>
    static decltype(auto) call(const Methods& methods, const Arguments&... arguments) {
        return core(static_cast<const Proxy&>(methods)).template call<Method>(arguments...);
    }

    template <class Method, class Proxy, class Methods, class Token, class... Arguments>
    static decltype(auto) start(const Methods& methods, Token&& token, const Arguments&... arguments) {
        return core(static_cast<const Proxy&>(methods))
            .template start<Method>(std::forward<Token>(token), arguments...);
    }
};

/// How a proxy's method takes an argument of a declared type: it only writes it, so it needs no copy of a large one.
template <class T>
using passed = std::conditional_t<std::is_scalar_v<T> || std::is_reference_v<T>, T, const T&>;

/// Stands for the signature of a method that has streams, so that a proxy can refuse it with a sentence.
struct stream_signature {};

template <class Method>
using proxy_signature = std::conditional_t<Method::streams, stream_signature, typename Method::signature>;

/// The methods of a proxy: for each the two functions that the declaration emitted.
template <class Proxy, class Methods>
struct farcall_proxy_methods;
template <class Proxy, class... Methods>
struct farcall_proxy_methods<Proxy, type_list<Methods...>>
    : Methods::template farcall_proxy_method<Proxy, proxy_signature<Methods>>... {};

/// The typed client object of a service; written `Name::proxy` or `Name::basic_proxy<Policy>`.
///
/// Its public members are constructors and the methods of the service, each as declared and once more with a
/// completion token behind the arguments. The first blocks and throws what the call ended with; the second returns
/// what the token makes of it. Everything else goes through free functions, so that no method name can clash: hence
/// the names of this class and of its members, which a declaration may not use.
/// @tparam Policy      a retry policy; `no_retry` for `Name::proxy`
/// @par Thread safety  Distinct objects: safe, copies of one another included. Shared objects: safe to call.
template <class Service, class Policy>
class farcall_proxy : public farcall_proxy_methods<farcall_proxy<Service, Policy>, methods_of<Service>> {
    static_assert(complete<proxy_core<Service, Policy>>,
                  "a proxy needs farcall/client.hpp (or farcall.hpp): farcall/service.hpp only declares it");

public:
    /// Connects on the first call, and anew whenever the connection is lost.
    /// @param url  such as "tcp://127.0.0.1:5000" or "unix:///run/calculator"
    farcall_proxy(std::string_view url, Policy policy = {}, typename options_beside<Policy>::type options = {})
        : farcall_core_(url, std::move(policy), std::move(options)) {}

    /// The same with the policy's own settings.
    template <std::same_as<client_options> Options>
    farcall_proxy(std::string_view url, Options options) : farcall_core_(url, Policy{}, std::move(options)) {}

    /// Calls over a connection that is shared with others.
    template <std::same_as<client> Client>
    explicit farcall_proxy(Client connection, Policy policy = {})
        : farcall_core_(std::move(connection), std::move(policy)) {}

    /// The same as from a URL, with all I/O on an executor or execution context of the caller's.
    template <class Executor>
        requires(!std::convertible_to<Executor, std::string_view> && !std::same_as<std::decay_t<Executor>, client>)
    farcall_proxy(Executor&& executor, std::string_view url, Policy policy = {},
                  typename options_beside<Policy>::type options = {})
        : farcall_core_(std::forward<Executor>(executor), url, std::move(policy), std::move(options)) {}

private:
    friend proxy_access;

    template <class Core>
    farcall_proxy(proxy_access, Core&& core) : farcall_core_(std::forward<Core>(core)) {}

    proxy_core<Service, Policy> farcall_core_;
};

}  // namespace detail

}  // namespace farcall
