#pragma once

#include <utility>

#include <farcall/client/client_connection.hpp>

namespace farcall::detail {

FARCALL_DECL client_connection::client_connection(endpoint server, const client_options& options,
                                                  boost::asio::any_io_executor executor)
    : server_(std::move(server)), options_(options), executor_(std::move(executor)) {}

FARCALL_DECL void client_connection::start(outgoing_call& call) {
    if (!link_ || link_->ended()) {
        link_ = std::make_shared<client_link>(server_, options_, executor_);
        link_->open(*options_.transport);
    }
    link_->start(call);
}

FARCALL_DECL void client_connection::close(const error& why) {
    if (const auto link = std::exchange(link_, nullptr)) link->close(why);
}

}  // namespace farcall::detail
