#pragma once

#include <algorithm>
#include <utility>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include <farcall/server/http_pages.hpp>
#include <farcall/server/server_connection.hpp>
#include <farcall/server/server_core.hpp>
#include <farcall/transport/transport_for.hpp>

namespace farcall::detail {

FARCALL_DECL server_core::server_core(server_options options)
    : shared_(std::make_shared<server_shared>(std::move(options))) {
    const unsigned threads = shared_->options.executor ? 1 : std::max(shared_->options.io_threads, 1u);
    for (unsigned i = 0; i < threads; ++i) workers_.push_back(std::make_unique<io_worker>(shared_));
    notice_ = shared_->time->make_timer(workers_.front()->executor());
}

FARCALL_DECL server_core::~server_core() = default;

FARCALL_DECL void server_core::require_not_started(std::string_view what) const {
    const std::lock_guard lock(mutex_);
    if (state_ != state::new_server)
        throw error{status::failed_precondition, std::string{what} + " must come before the server is started"};
}

FARCALL_DECL void server_core::add(method_entry entry) {
    require_not_started("adding a method");
    std::vector<method_entry> entries;
    entries.push_back(std::move(entry));
    shared_->methods.add(std::move(entries));
}

FARCALL_DECL void server_core::add_service(std::string_view name, std::vector<method_entry> entries) {
    require_not_started("adding a service");
    if (std::find(services_.begin(), services_.end(), name) != services_.end())
        throw error{status::already_exists, "the server has a service \"" + std::string{name} +
                                                "\" already; add each service once, or give one another name"};
    shared_->methods.add(std::move(entries));
    services_.emplace_back(name);
    shared_->wanted.add_service(name);
}

FARCALL_DECL endpoint server_core::listen(const endpoint& where, bool for_pages) {
    require_not_started("listening");
    // A port with one protocol or one path is not what would come of it.
    if (where.scheme == "ws" || where.scheme == "http")
        throw error{status::invalid_argument, "a server speaks all its protocols on one port: listen on " +
                                                  endpoint{"tcp", where.host, where.port, {}}.url() + ", not on " +
                                                  where.url()};
    auto bytes = shared_->options.transport;
    if (!bytes) bytes = transport_for(where).value();
    listening made;
    made.socket = bytes->listen(where, workers_.front()->executor());
    made.pause = shared_->time->make_timer(workers_.front()->executor());
    made.for_pages = for_pages;
    const endpoint found = made.socket->local();
    for (const std::string& host : {where.host, found.host})
        if (!host.empty()) bound_.push_back(host);
    listeners_.push_back(std::move(made));
    (for_pages ? page_endpoints_ : endpoints_).push_back(found);
    return found;
}

FARCALL_DECL void server_core::start() {
    if (listeners_.empty())
        throw error{status::failed_precondition, "the server listens nowhere; call listen(\"tcp://127.0.0.1:5000\") first"};
    auto pages = std::make_unique<http_pages>(*shared_, bound_);
    pages->check_hidden();
    check_debug_calls();
    {
        const std::lock_guard lock(mutex_);
        if (state_ != state::new_server)
            throw error{status::failed_precondition, "the server was started already; make another one"};
        state_ = state::running;
        shared_->site = std::move(pages);
        shared_->wanted.enter(health::phase::running);
        if (shared_->options.metrics) shared_->metrics.open(shared_->methods, workers_.size(), *shared_->time);
        undrained_ = workers_.size();
    }
    shared_->forget = [core = weak_from_this()](server_connection& gone) {
        if (const auto alive = core.lock()) alive->forget(gone);
    };
    shared_->forget_last_call = [core = weak_from_this()](server_connection& gone) {
        if (const auto alive = core.lock()) alive->worker_of(gone).forget(gone);
    };
    if (shared_->watched.any())
        for (const auto* where : {&endpoints_, &page_endpoints_})
            for (const endpoint& each : *where) shared_->watched.tell(lifecycle_event{"listening", each.url(), 0});
    for (std::size_t i = 0; i != workers_.size(); ++i) workers_[i]->start(shared_->metrics.worker(i));
    for (std::size_t i = 0; i < listeners_.size(); ++i)
        boost::asio::post(workers_.front()->executor(), [self = shared_from_this(), i] { self->accept(i); });
}

/// Whether only this machine reaches an address. One without a port is no network's, or of a transport of the user's.
inline bool local_only(const endpoint& where) {
    if (where.port == 0) return true;
    boost::system::error_code failure;
    const auto address = boost::asio::ip::make_address(where.host, failure);
    if (failure) return where.host == "localhost";
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).is_loopback();
    return address.is_loopback();
}

FARCALL_DECL void server_core::check_debug_calls() const {
    constexpr std::string_view path = "/debug/calls";
    const auto& options = shared_->options;
    if (!options.debug_calls || !options.http.pages.tokens.empty() || !page_endpoints_.empty() || shared_->pages.hidden(path))
        return;
    for (const endpoint& each : endpoints_)
        if (!local_only(each))
            throw error{status::failed_precondition,
                        "server_options::debug_calls would show the arguments of calls to anybody who reaches " + each.url() +
                            ": set server_options::http.pages.tokens, call listen_pages(...) for an address of operators, "
                            "or hide \"" + std::string{path} + "\""};
}

FARCALL_DECL void server_core::accept(std::size_t which) {
    io_worker* next;
    {
        const std::lock_guard lock(mutex_);
        if (state_ != state::running && state_ != state::announced) return;
        next = workers_[next_worker_++ % workers_.size()].get();
    }
    listeners_[which].socket->async_accept(
        next->executor(), [core = weak_from_this(), which, next](boost::system::error_code failure,
                                                                 std::unique_ptr<byte_stream> stream) {
            const auto self = core.lock();
            if (!self || failure == boost::asio::error::operation_aborted) return;
            if (!failure) {
                // First, so that what waits for the next one has the memory of what waited for this one.
                self->accept(which);
                return self->accepted(std::move(stream), *next, self->offers_pages(self->listeners_[which]));
            }
            // Out of file descriptors or memory, as a rule: trying again at once would only spin.
            self->listeners_[which].pause->set(self->shared_->time->now() + std::chrono::milliseconds{100},
                                               [core, which] {
                                                   if (const auto alive = core.lock()) alive->accept(which);
                                               });
        });
}

FARCALL_DECL void server_core::accepted(std::unique_ptr<byte_stream> stream, io_worker& where, bool offers_pages) {
    auto who = std::make_shared<peer>();
    who->address = stream->peer();
    limit_name limit{};
    const auto refused = count_in(*who, limit);
    if (refused) {
        shared_->metrics.hit(limit);
        if (shared_->watched.any())
            shared_->watched.tell(limit_event{{call_side::server, who->id, who->address, {}}, to_string(limit)});
    }
    // A std::function is copied, so what cannot be travels in a box.
    auto box = std::make_shared<std::unique_ptr<byte_stream>>(std::move(stream));
    // Why there is no room is told to a few at a time, in their own protocol.
    if (who->id == 0) return boost::asio::post(where.executor(), [box] { (*box)->close(); });
    boost::asio::dispatch(where.executor(), [self = shared_from_this(), &where, box, who, refused, offers_pages] {
        where.adopt(std::move(*box), who, refused, offers_pages);
    });
}

/// @returns why there is no room for it, and sets which limit; null if there is
FARCALL_DECL std::shared_ptr<const error> server_core::count_in(peer& who, limit_name& limit) {
    const limits& bounds = shared_->options.limits;
    const std::lock_guard lock(mutex_);
    const auto from_peer = per_peer_.find(std::string{host_of(who.address)});
    std::string full;
    if (connections_ >= bounds.connections) {
        limit = limit_name::connections;
        full = "limits.connections: the server has " + std::to_string(bounds.connections) + " connections";
    } else if (from_peer != per_peer_.end() ? from_peer->second >= bounds.connections_per_peer
                                            : bounds.connections_per_peer == 0) {
        limit = limit_name::connections_per_peer;
        full = "limits.connections_per_peer: the server has " + std::to_string(bounds.connections_per_peer) +
               " connections from this address";
    }
    if (full.empty()) {
        ++connections_;
        ++per_peer_[std::string{host_of(who.address)}];
        who.id = ++last_peer_;
        return nullptr;
    }
    if (turned_away_ != most_turned_away) {
        ++turned_away_;
        who.id = ++last_peer_;
    }
    return std::make_shared<const error>(
        error{status::resource_exhausted, full + "; try again later"}.with_executed(executed::no));
}

FARCALL_DECL void server_core::forget(server_connection& gone) {
    {
        const std::lock_guard lock(mutex_);
        if (gone.turned_away()) {
            --turned_away_;
        } else {
            --connections_;
            const auto found = per_peer_.find(std::string{host_of(gone.accepted_from())});
            if (found != per_peer_.end() && --found->second == 0) per_peer_.erase(found);
        }
    }
    worker_of(gone).forget(gone);
}

FARCALL_DECL io_worker& server_core::worker_of(const server_connection& connection) {
    for (const auto& worker : workers_)
        if (worker->executor() == connection.executor()) return *worker;
    return *workers_.front();
}

FARCALL_DECL void server_core::close_listeners() {
    for (listening& each : listeners_) {
        each.pause->cancel();
        each.socket->close();
    }
}

FARCALL_DECL void server_core::request_stop(std::chrono::milliseconds grace) {
    // A day is for ever here, and no sum overflows.
    const time_point until =
        shared_->time->now() + std::clamp<std::chrono::milliseconds>(grace, std::chrono::milliseconds{0}, std::chrono::hours{24});
    // Whoever gives calls no time does not want to wait for anybody.
    const bool announces = shared_->options.drain_notice.count() > 0 && grace.count() > 0;
    state before;
    {
        const std::lock_guard lock(mutex_);
        before = state_;
        if (before == state::new_server) {
            state_ = state::stopped;
            changed_.notify_all();
        }
        if (before == state::running)
            state_ = announces ? state::announced : state::stopping;
        else if (before == state::announced)
            state_ = state::stopping;
    }
    if (before == state::running) {
        shared_->wanted.enter(health::phase::draining);
        tell("draining");
    }
    if (before == state::running && announces) return announce(grace);
    if (before == state::running || before == state::announced)
        boost::asio::dispatch(workers_.front()->executor(), [self = shared_from_this()] {
            self->notice_->cancel();
            self->close_listeners();
        });
    if (before == state::new_server || before == state::stopped) return;
    for (const auto& worker : workers_) {
        if (before == state::stopping) {
            // The loop may have ended meanwhile, and what then lies in it for ever must not hold its owner.
            boost::asio::post(worker->executor(), [core = weak_from_this(), &worker, until] {
                if (const auto alive = core.lock()) worker->hurry(until, alive);
            });
            continue;
        }
        boost::asio::post(worker->executor(), [self = shared_from_this(), &worker, until] {
            // Weak: the worker belongs to whom it would keep alive.
            worker->drain(until, self, [core = self->weak_from_this()] {
                if (const auto alive = core.lock()) alive->worker_drained();
            });
        });
    }
}

FARCALL_DECL void server_core::announce(std::chrono::milliseconds grace) {
    boost::asio::dispatch(workers_.front()->executor(), [self = shared_from_this(), grace] {
        self->notice_->set(self->shared_->time->now() + self->shared_->options.drain_notice,
                           [core = self->weak_from_this(), grace] {
                               if (const auto alive = core.lock()) alive->request_stop(grace);
                           });
    });
}

FARCALL_DECL void server_core::worker_drained() {
    {
        const std::lock_guard lock(mutex_);
        if (--undrained_ != 0) return;
    }
    tell("stopped");
    const std::lock_guard lock(mutex_);
    state_ = state::stopped;
    changed_.notify_all();
}

FARCALL_DECL void server_core::tell(std::string_view phase) const {
    if (!shared_->watched.any()) return;
    std::size_t open;
    {
        const std::lock_guard lock(mutex_);
        open = connections_;
    }
    shared_->watched.tell(lifecycle_event{phase, {}, open});
}

FARCALL_DECL bool server_core::in_own_thread() const noexcept {
    if (shared_->workers.in_thread()) return true;
    return std::any_of(workers_.begin(), workers_.end(), [](const auto& worker) { return worker->in_thread(); });
}

FARCALL_DECL void server_core::wait() {
    if (in_own_thread())
        throw error{status::failed_precondition, "a handler cannot wait for the end of its own server; use stop()"};
    std::unique_lock lock(mutex_);
    if (state_ == state::new_server)
        throw error{status::failed_precondition, "the server was not started; call start() first"};
    changed_.wait(lock, [&] { return state_ == state::stopped; });
    if (std::exchange(joining_, true)) {
        changed_.wait(lock, [&] { return joined_; });
        return;
    }
    lock.unlock();
    for (const auto& worker : workers_) worker->join();
    shared_->workers.stop();
    close_listeners();
    lock.lock();
    joined_ = true;
    changed_.notify_all();
}

FARCALL_DECL void server_core::stop(std::chrono::milliseconds grace) {
    request_stop(grace);
    // On its own thread, or on an event loop of the user's, waiting would hold up what is waited for.
    if (!in_own_thread() && !shared_->options.executor) wait();
}

FARCALL_DECL void server_core::run_until_signal(const std::function<void()>& started) {
    if (shared_->options.executor)
        throw error{status::failed_precondition,
                    "run() needs threads of the server's own; with an executor of yours, call start() and run that"};
    boost::asio::io_context signal_loop{1};
    boost::asio::signal_set signals(signal_loop, SIGINT, SIGTERM);
    signals.async_wait([&](boost::system::error_code failure, int) {
        if (failure) return;
        request_stop(shared_->options.drain);
        // A second signal means: now.
        signals.async_wait([&](boost::system::error_code failed, int) {
            if (failed) return;
            request_stop(std::chrono::milliseconds{0});
            for (const auto& worker : workers_)
                boost::asio::post(worker->executor(), [self = shared_from_this(), &worker] { worker->close_all(); });
        });
    });
    start();
    std::thread waiting([&] { signal_loop.run(); });
    std::exception_ptr thrown;
    try {
        if (started) started();
    } catch (...) {
        thrown = std::current_exception();
        request_stop(std::chrono::milliseconds{0});
    }
    wait();
    signal_loop.stop();
    waiting.join();
    if (thrown) std::rethrow_exception(thrown);
}

FARCALL_DECL std::string server_core::describe() const {
    std::string text;
    for (const endpoint& each : endpoints_) text += "listening on " + each.url() + '\n';
    for (const endpoint& each : page_endpoints_) text += "listening for pages on " + each.url() + '\n';
    for (endpoint each : page_endpoints_.empty() ? endpoints_ : page_endpoints_) {
        if (each.scheme != "tcp" || shared_->pages.hidden("/")) continue;
        each.scheme = "http";
        text += "for browsers: " + each.url() + '\n';
    }
    text += "protocols: native frames, JSON lines, HTTP, WebSocket, Content-Length framing\n";
    for (const std::string& name : services_) text += "service " + name + '\n';
    text += "methods:\n";
    for (const method_entry* entry : shared_->methods.sorted()) {
        text += "  " + std::string{entry->info->wire_name};
        if (!entry->info->signature.empty()) text += "  " + std::string{entry->info->signature};
        text += '\n';
    }
    return text;
}

}  // namespace farcall::detail
