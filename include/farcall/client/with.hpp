#pragma once

#include <utility>

#include <farcall/call_options.hpp>
#include <farcall/client/proxy_core.hpp>
#include <farcall/service/proxy.hpp>

namespace farcall {

namespace detail {

template <class... Options>
consteval void require_call_options() {
    static_assert((call_option<Options> && ...),
                  "farcall::with takes farcall::timeout{...}, farcall::no_timeout, farcall::metadata{...}, "
                  "farcall::wait_for_ready, farcall::idempotency_key{...}, farcall::request_id{...}, "
                  "farcall::trace_context{...}, farcall::report_to(...), a std::stop_token and a farcall::context");
}

}  // namespace detail

/// The same proxy with options for the calls that are made through the new one:
/// `farcall::with(calc, farcall::timeout{200ms}, farcall::metadata{{"tenant", "a7"}})`.
///
/// Both share the connection. Options that the first has already stay; a later one of a kind replaces an earlier one.
/// A handler's own calls end with the call that it answers if it gives them its context: `farcall::with(calc, call)`.
/// They also belong to its request and trace then.
/// @param options  `timeout`, `no_timeout`, `metadata`, `wait_for_ready`, `idempotency_key`, `request_id`,
///                 `trace_context`, `report_to`, a `std::stop_token` or a `farcall::context`, which need not outlive this
///                 function, but for the report
template <class Service, class Policy, class... Options>
detail::farcall_proxy<Service, Policy> with(const detail::farcall_proxy<Service, Policy>& proxy, Options&&... options) {
    detail::require_call_options<Options...>();
    auto core = detail::proxy_access::core(proxy);
    ((core = core.with(std::forward<Options>(options))), ...);
    return detail::proxy_access::make<detail::farcall_proxy<Service, Policy>>(std::move(core));
}

/// The same for calls by name.
template <class... Options>
client with(const client& connection, Options&&... options) {
    detail::require_call_options<Options...>();
    farcall::call_options all = connection.call_options();
    (all.apply(std::forward<Options>(options)), ...);
    return client{connection, std::move(all)};
}

}  // namespace farcall
