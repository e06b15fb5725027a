#pragma once

#include <utility>

#include <farcall/call_options.hpp>
#include <farcall/client/proxy_core.hpp>
#include <farcall/service/proxy.hpp>

namespace farcall {

/// The same proxy with options for the calls that are made through the new one:
/// `farcall::with(calc, farcall::timeout{200ms}, farcall::metadata{{"tenant", "a7"}})`.
///
/// Both share the connection. Options that the first has already stay; a later one of a kind replaces an earlier one.
/// @param options  `timeout`, `no_timeout`, `metadata`, or `call_options::apply`'s further kinds
template <class Service, class Policy, class... Options>
detail::farcall_proxy<Service, Policy> with(const detail::farcall_proxy<Service, Policy>& proxy, Options... options) {
    static_assert((call_option<Options> && ...), "farcall::with takes farcall::timeout{...}, farcall::no_timeout and "
                                                 "farcall::metadata{...}");
    auto core = detail::proxy_access::core(proxy);
    ((core = core.with(std::move(options))), ...);
    return detail::proxy_access::make<detail::farcall_proxy<Service, Policy>>(std::move(core));
}

/// The same for calls by name.
template <class... Options>
client with(client connection, Options... options) {
    static_assert((call_option<Options> && ...), "farcall::with takes farcall::timeout{...}, farcall::no_timeout and "
                                                 "farcall::metadata{...}");
    farcall::call_options all = connection.call_options();
    (all.apply(std::move(options)), ...);
    return client{std::move(connection), std::move(all)};
}

}  // namespace farcall
