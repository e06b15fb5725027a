#pragma once

#include <utility>

#include <boost/asio/dispatch.hpp>

#include <farcall/client/client_core.hpp>
#include <farcall/client/client_interception.hpp>
#include <farcall/detail/system_random.hpp>
#include <farcall/transport/transport_for.hpp>

namespace farcall::detail {

inline error connection_closed_here() {
    return error{status::cancelled, "the client closed the connection before the call was answered"};
}

FARCALL_DECL client_core::client_core(std::string_view url, client_options options)
    : options_(std::move(options)), driver_(std::make_shared<io_driver>(options_.busy_poll)) {
    set_up(url);
}

FARCALL_DECL client_core::client_core(const boost::asio::any_io_executor& executor, std::string_view url,
                                      client_options options)
    : options_(std::move(options)), driver_(std::make_shared<io_driver>(executor)) {
    set_up(url);
}

FARCALL_DECL void client_core::set_up(std::string_view url) {
    endpoint server = parse_endpoint(url).value();
    url_ = server.url();
    if (!options_.transport) options_.transport = transport_for(server).value();
    if (!options_.time) options_.time = system_time();
    if (!options_.random) options_.random = std::make_shared<seeded_random>(detail::system_random{}.next());
    connection_ = std::make_shared<client_connection>(std::move(server), options_, driver_->executor());
    channel_ = connection_;
    bare_ = options_.interceptors.empty() && options_.attempt_interceptors.empty() && !watched_.watch_calls() &&
            !watched_.watch_server_time();
    if (!options_.attempt_interceptors.empty())
        channel_ = std::make_shared<intercepting_channel>(*this, options_.attempt_interceptors, connection_);
    repeats_ = std::make_shared<repetition>(options_.retry_budget);
    if (options_.on_notification) driver_->keep_driven();
}

FARCALL_DECL client_core::~client_core() {
    // Without a connection nothing is left to do on an executor whose context may be gone.
    if (!connection_ || (!driver_->own_loop() && !connection_->linked())) return;
    driver_->shut_down([connection = connection_] { connection->finish(connection_closed_here()); });
}

FARCALL_DECL void client_core::close() {
    struct closing final : io_driver::task, io_driver::waiter {
        closing(std::shared_ptr<client_connection> ours, std::shared_ptr<repetition> others)
            : connection(std::move(ours)), repeats(std::move(others)) {}
        void end_calls() const {
            connection->close(connection_closed_here());
            repeats->close(connection_closed_here());
        }
        void run() noexcept override {
            end_calls();
            finish();
        }
        void abandon() noexcept override { finish(); }
        std::shared_ptr<client_connection> connection;
        std::shared_ptr<repetition> repeats;
    };
    // The caller may be whoever runs that executor, between two turns: waiting for it could be for ever.
    if (!driver_->own_loop()) {
        const auto work = std::make_shared<closing>(connection_, repeats_);
        return boost::asio::dispatch(driver_->executor(), [work] { work->end_calls(); });
    }
    closing work{connection_, repeats_};
    if (driver_->on_io_thread())
        work.end_calls();
    else
        driver_->run(work, work);
}

}  // namespace farcall::detail
