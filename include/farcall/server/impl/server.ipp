#pragma once

#include <farcall/server/server.hpp>
#include <farcall/server/server_core.hpp>

namespace farcall {

FARCALL_DECL server::server(server_options options)
    : core_(std::make_shared<detail::server_core>(std::move(options))) {}

FARCALL_DECL server::~server() { stop(); }

FARCALL_DECL server& server::on_connect(std::function<void(peer&)> function) {
    core_->require_not_started("on_connect");
    core_->shared().on_connect = std::move(function);
    return *this;
}

FARCALL_DECL server& server::on_disconnect(std::function<void(peer&)> function) {
    core_->require_not_started("on_disconnect");
    core_->shared().on_disconnect = std::move(function);
    return *this;
}

FARCALL_DECL endpoint server::listen(std::string_view url) { return core_->listen(parse_endpoint(url).value()); }

FARCALL_DECL endpoint server::listen_pages(std::string_view url) {
    return core_->listen(parse_endpoint(url).value(), true);
}

FARCALL_DECL std::uint16_t server::port() const { return endpoints().empty() ? std::uint16_t{0} : endpoints().front().port; }

FARCALL_DECL server& server::serving(bool wanted) {
    core_->shared().wanted.set({}, wanted);
    return *this;
}

FARCALL_DECL server& server::serving(std::string_view service, bool wanted) {
    if (service.empty() || !core_->shared().wanted.set(service, wanted))
        throw error{status::not_found, "the server has no service \"" + std::string{service} + "\" that could want calls"};
    return *this;
}

FARCALL_DECL const std::vector<endpoint>& server::endpoints() const noexcept { return core_->endpoints(); }

FARCALL_DECL server_metrics server::metrics() const { return core_->shared().measure(); }

FARCALL_DECL std::string server::describe() const { return core_->describe(); }

FARCALL_DECL void server::start() { core_->start(); }

FARCALL_DECL void server::wait() { core_->wait(); }

FARCALL_DECL void server::run(const std::function<void()>& started) { core_->run_until_signal(started); }

FARCALL_DECL void server::stop(std::chrono::milliseconds grace) { core_->stop(grace); }

FARCALL_DECL void server::stop() { core_->stop(core_->shared().options.drain); }

FARCALL_DECL void server::add_rows(std::string_view service, std::span<const detail::method_row> rows,
                                   std::shared_ptr<void> handler) {
    std::vector<detail::method_entry> entries;
    for (const detail::method_row& one : rows)
        entries.push_back({.info = one.info, .handler = handler, .invoke = one.invoke, .schema = one.schema, .info_owner = {}});
    core_->add_service(service, std::move(entries));
}

FARCALL_DECL void server::add_entry(detail::method_entry entry) { core_->add(std::move(entry)); }

}  // namespace farcall
