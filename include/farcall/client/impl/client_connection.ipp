#pragma once

#include <algorithm>
#include <utility>

#include <farcall/client/client_connection.hpp>

namespace farcall::detail {

FARCALL_DECL client_connection::client_connection(endpoint server, const client_options& options,
                                                  boost::asio::any_io_executor executor)
    : target_(std::make_shared<client_target>(client_target{std::move(server), options, std::move(executor)})) {}

FARCALL_DECL void client_connection::wait(outgoing_call& call) {
    call.now = never;  // it will wait
    auto dialer = dialer_.lock();
    if (!dialer) dialer_ = dialer = std::make_shared<client_dialer>(target_, weak_from_this());
    dialer->start(call);
}

FARCALL_DECL void client_connection::use(const std::shared_ptr<client_link>& link) {
    std::erase_if(leaving_, [](const auto& each) { return each.expired(); });
    if (!link_.expired()) leaving_.push_back(link_);
    link_ = link;
    current_ = link.get();
    link->return_to(weak_from_this());
    dialer_.reset();
}

FARCALL_DECL bool client_connection::linked() const noexcept {
    return !link_.expired() || !dialer_.expired() ||
           std::any_of(leaving_.begin(), leaving_.end(), [](const auto& each) { return !each.expired(); });
}

template <class End>
void client_connection::end(End how) {
    // Taken out first: what the ends of calls start is no part of this.
    auto links = std::exchange(leaving_, {});
    links.push_back(std::exchange(link_, {}));
    current_ = nullptr;
    const auto dialer = std::exchange(dialer_, {}).lock();
    for (const auto& each : links)
        if (const auto link = each.lock()) how(*link);
    if (dialer) how(*dialer);
}

FARCALL_DECL void client_connection::finish(const error& why) {
    end([&](auto& each) { each.finish(why); });
}

FARCALL_DECL void client_connection::close(const error& why) {
    target_->tries.reset();
    end([&](auto& each) { each.close(why); });
}

}  // namespace farcall::detail
