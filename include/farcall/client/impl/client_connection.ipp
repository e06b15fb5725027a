#pragma once

#include <utility>

#include <farcall/client/client_connection.hpp>

namespace farcall::detail {

FARCALL_DECL client_connection::client_connection(endpoint server, const client_options& options,
                                                  boost::asio::any_io_executor executor)
    : server_(std::move(server)), options_(options), executor_(std::move(executor)) {}

FARCALL_DECL void client_connection::start(outgoing_call& call) {
    auto link = link_.lock();
    if (!link || link->ended()) {
        link = std::make_shared<client_link>(server_, options_, executor_);
        link_ = link;
        link->open(*options_.transport);
    }
    link->start(call);
}

FARCALL_DECL void client_connection::finish(const error& why) {
    if (const auto link = std::exchange(link_, {}).lock()) link->finish(why);
}

FARCALL_DECL void client_connection::close(const error& why) {
    if (const auto link = std::exchange(link_, {}).lock()) link->close(why);
}

}  // namespace farcall::detail
