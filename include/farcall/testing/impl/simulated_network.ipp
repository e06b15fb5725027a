#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <farcall/error.hpp>
#include <farcall/testing/simulated_network.hpp>
#include <farcall/testing/impl/simulated_connection.ipp>

namespace farcall {
namespace detail {

/// An attempt to connect; ends once.
struct simulated_attempt {
    endpoint to;
    std::string from;
    boost::asio::any_io_executor executor;
    transport::connect_handler done;
    testing::simulated_network::pair_type link;

    bool ended() const { return done == nullptr; }

    void end(boost::system::error_code failure, std::unique_ptr<byte_stream> stream = nullptr) {
        if (ended()) return;
        // A std::function is copied, so what cannot be travels in a box.
        auto box = std::make_shared<std::unique_ptr<byte_stream>>(std::move(stream));
        boost::asio::post(executor, [done = std::exchange(done, nullptr), failure, box] { done(failure, std::move(*box)); });
    }
};

/// A connection that brings what another one has brought before, and reads what comes without looking.
struct simulated_replay : std::enable_shared_from_this<simulated_replay> {
    explicit simulated_replay(std::string what) : bytes(std::move(what)) {}

    void begin(std::unique_ptr<byte_stream> connected) {
        stream = std::move(connected);
        stream->async_write(bytes.data(), bytes.size(), {[](void* self, boost::system::error_code failure, std::size_t) {
                                auto& me = *static_cast<simulated_replay*>(self);
                                if (failure || !me.stream->end_sending()) me.stream->close();
                            },
                            this, shared_from_this()});
        read();
    }

    void read() {
        stream->async_read(dropped, sizeof dropped, {[](void* self, boost::system::error_code failure, std::size_t) {
                               auto& me = *static_cast<simulated_replay*>(self);
                               failure ? me.stream->close() : me.read();
                           },
                           this, shared_from_this()});
    }

    std::string bytes;
    std::unique_ptr<byte_stream> stream;
    char dropped[4096];
};

/// Where connections to one listener wait until they are accepted.
struct simulated_acceptor {
    std::shared_ptr<testing::simulated_network> network;
    boost::asio::any_io_executor executor;
    boost::asio::any_io_executor stream_executor;
    listener::accept_handler accepting;
    std::deque<std::shared_ptr<simulated_connection>> backlog;
    bool closed = false;

    void advance() {
        if (!accepting || backlog.empty()) return;
        auto stream = std::make_unique<simulated_stream>(std::move(backlog.front()), 1, stream_executor);
        backlog.pop_front();
        accept({}, std::move(stream));
    }

    void accept(boost::system::error_code failure, std::unique_ptr<byte_stream> stream) {
        auto box = std::make_shared<std::unique_ptr<byte_stream>>(std::move(stream));
        boost::asio::post(executor, [done = std::exchange(accepting, nullptr), failure, box] {
            done(failure, std::move(*box));
        });
    }

    void close() {
        if (std::exchange(closed, true)) return;
        for (const auto& waiting : std::exchange(backlog, {})) waiting->reset();
        if (accepting) accept(boost::asio::error::operation_aborted, nullptr);
    }
};

class simulated_listener final : public listener {
public:
    simulated_listener(endpoint at, std::shared_ptr<simulated_acceptor> acceptor)
        : at_(std::move(at)), acceptor_(std::move(acceptor)) {}
    ~simulated_listener() override { acceptor_->close(); }

    void async_accept(boost::asio::any_io_executor executor, accept_handler done) override {
        acceptor_->stream_executor = std::move(executor);
        acceptor_->accepting = std::move(done);
        if (acceptor_->closed) return acceptor_->accept(boost::asio::error::operation_aborted, nullptr);
        acceptor_->advance();
    }

    endpoint local() const override { return at_; }
    void close() noexcept override { acceptor_->close(); }

private:
    endpoint at_;
    std::shared_ptr<simulated_acceptor> acceptor_;
};

}  // namespace detail

namespace testing {

/// One host's way to the network.
class simulated_host final : public transport {
public:
    simulated_host(std::shared_ptr<simulated_network> network, std::string name)
        : network_(std::move(network)), name_(std::move(name)) {}

    std::function<void()> async_connect(const endpoint& to, boost::asio::any_io_executor executor,
                                        connect_handler done) override {
        auto attempt = std::make_shared<farcall::detail::simulated_attempt>(farcall::detail::simulated_attempt{
            to, name_, std::move(executor), std::move(done), simulated_network::between(name_, to.host)});
        network_->connect(attempt);
        // Only the network holds the attempt: whoever connects holds this function, and the attempt holds them.
        return [weak = std::weak_ptr(attempt)] {
            if (const auto alive = weak.lock()) alive->end(boost::asio::error::operation_aborted);
        };
    }

    std::unique_ptr<listener> listen(const endpoint& at, boost::asio::any_io_executor executor) override {
        auto& place = network_->acceptors_[at.host];
        if (const auto other = place.lock(); other && !other->closed)
            throw error{status::unavailable, "cannot listen on " + at.url() + ": the name is in use; choose another"}
                .with_executed(executed::no);
        auto acceptor = std::make_shared<farcall::detail::simulated_acceptor>();
        acceptor->network = network_;
        acceptor->executor = std::move(executor);
        place = acceptor;
        return std::make_unique<farcall::detail::simulated_listener>(at, std::move(acceptor));
    }

private:
    std::shared_ptr<simulated_network> network_;
    std::string name_;
};

inline simulated_network::simulated_network(boost::asio::any_io_executor executor, std::shared_ptr<virtual_clock> clock,
                                            std::shared_ptr<random_source> random)
    : executor_(std::move(executor)), clock_(std::move(clock)), random_(std::move(random)) {}

inline std::shared_ptr<transport> simulated_network::host(std::string name) {
    return std::make_shared<simulated_host>(shared_from_this(), std::move(name));
}

inline simulated_network::pair_type simulated_network::between(std::string_view a, std::string_view b) {
    return a < b ? pair_type{a, b} : pair_type{b, a};
}

inline link_options& simulated_network::link(std::string_view a, std::string_view b) {
    return links_.try_emplace(between(a, b), defaults_).first->second;
}

inline const link_options& simulated_network::options_of(const pair_type& who) const {
    const auto found = links_.find(who);
    return found != links_.end() ? found->second : defaults_;
}

inline std::chrono::nanoseconds simulated_network::draw(const duration_range& range) {
    if (range.longest <= range.shortest) return range.shortest;
    const auto span = static_cast<std::uint64_t>((range.longest - range.shortest).count()) + 1;
    return range.shortest + std::chrono::nanoseconds{static_cast<std::int64_t>(random_->next() % span)};
}

inline std::size_t simulated_network::draw_size(std::size_t largest, std::size_t available) {
    if (largest == 0) return available;
    return 1 + static_cast<std::size_t>(random_->next() % std::min(largest, available));
}

inline void simulated_network::tell(network_event::kind what, std::uint64_t connection, bool answers,
                                    std::uint64_t count, std::string_view host, std::string_view peer,
                                    std::string_view bytes) const {
    if (abandoned_) return;
    for (const auto& observer : observers_) observer({what, connection, answers, count, host, peer, bytes});
}

inline void simulated_network::deliver(const pair_type& who, std::function<void()> function) {
    arrive_at(clock_->now() + draw(options_of(who).delay), who, std::move(function));
}

inline void simulated_network::arrive_at(time_point when, const pair_type& who, std::function<void()> function) {
    if (abandoned_) return;
    clock_->call_at(when, executor_, [self = shared_from_this(), who, function = std::move(function)] {
        if (self->abandoned_) return;
        if (self->parted(who))
            self->held_.push_back({who, function});
        else
            function();
    });
}

inline void simulated_network::connect(std::shared_ptr<farcall::detail::simulated_attempt> attempt) {
    std::erase_if(attempts_, [](const auto& each) { return each.expired(); });
    attempts_.push_back(attempt);
    tell(network_event::kind::connect, 0, false, 0, attempt->from, attempt->to.host);
    deliver(attempt->link, [self = shared_from_this(), attempt] { self->knock(attempt); });
}

inline void simulated_network::knock(const std::shared_ptr<farcall::detail::simulated_attempt>& attempt) {
    if (attempt->ended()) return;
    const auto found = acceptors_.find(attempt->to.host);
    const auto acceptor = found != acceptors_.end() ? found->second.lock() : nullptr;
    if (!acceptor || acceptor->closed || chance(options_of(attempt->link).refusal)) {
        tell(network_event::kind::refused, 0, true, 0, attempt->to.host, attempt->from);
        return deliver(attempt->link, [attempt] { attempt->end(boost::asio::error::connection_refused); });
    }
    auto connection = std::make_shared<farcall::detail::simulated_connection>(shared_from_this(), ++last_connection_,
                                                                              attempt->from, attempt->to.host);
    connections_[connection->id] = connection;
    tell(network_event::kind::connected, connection->id, true, 0, attempt->to.host, attempt->from);
    deliver(attempt->link, [attempt, connection] {
        // The stream of an attempt that was given up closes its end at once.
        attempt->end({}, std::make_unique<farcall::detail::simulated_stream>(connection, 0, attempt->executor));
    });
    acceptor->backlog.push_back(std::move(connection));
    acceptor->advance();
}

template <class Which>
std::vector<std::shared_ptr<farcall::detail::simulated_connection>> simulated_network::connections(Which which) const {
    std::vector<std::shared_ptr<farcall::detail::simulated_connection>> found;
    for (const auto& [id, weak] : connections_)
        if (auto connection = weak.lock(); connection && which(*connection)) found.push_back(std::move(connection));
    return found;
}

inline std::size_t simulated_network::disconnect(std::string_view a, std::string_view b) {
    const auto all = connections([who = between(a, b)](const auto& each) { return each.link == who && !each.ended(); });
    for (const auto& each : all) each->reset();
    return all.size();
}

inline std::size_t simulated_network::disconnect(std::string_view host) {
    const auto all = connections([host](const auto& each) { return each.belongs_to(host) && !each.ended(); });
    for (const auto& each : all) each->reset();
    return all.size();
}

inline void simulated_network::partition(std::string_view a, std::string_view b) {
    if (!partitions_.insert(between(a, b)).second) return;
    tell(network_event::kind::partition, 0, false, 0, a, b);
}

inline void simulated_network::release(const std::function<bool(const pair_type&)>& which) {
    std::vector<held> released;
    for (held& each : std::exchange(held_, {})) (which(each.who) ? released : held_).push_back(std::move(each));
    for (held& each : released) deliver(each.who, std::move(each.function));
}

inline void simulated_network::heal(std::string_view a, std::string_view b) {
    const pair_type who = between(a, b);
    if (partitions_.erase(who) == 0) return;
    tell(network_event::kind::heal, 0, false, 0, a, b);
    release([&](const pair_type& each) { return each == who; });
}

inline void simulated_network::heal() {
    if (partitions_.empty()) return;
    partitions_.clear();
    tell(network_event::kind::heal, 0, false, 0, {}, {});
    release([](const pair_type&) { return true; });
}

inline void simulated_network::silence(std::string_view a, std::string_view b) {
    tell(network_event::kind::silence, 0, false, 0, a, b);
    for (const auto& each : connections([who = between(a, b)](const auto& one) { return one.link == who; }))
        each->silence();
}

inline void simulated_network::silence(std::string_view host) {
    tell(network_event::kind::silence, 0, false, 0, host, {});
    for (const auto& each : connections([host](const auto& one) { return one.belongs_to(host); })) each->silence();
}

inline bool simulated_network::replay(std::string_view from, std::string_view to) {
    std::vector<const recording*> fitting;
    for (const recording& each : recordings_)
        if (each.from == from && each.to == to) fitting.push_back(&each);
    if (fitting.empty()) return false;
    const auto again = std::make_shared<farcall::detail::simulated_replay>(
        fitting[static_cast<std::size_t>(random_->next() % fitting.size())]->bytes);
    tell(network_event::kind::replay, 0, false, again->bytes.size(), from, to);
    const auto attempt = std::make_shared<farcall::detail::simulated_attempt>(farcall::detail::simulated_attempt{
        endpoint{"sim", std::string{to}, 0, {}}, std::string{from}, executor_,
        [again](boost::system::error_code failure, std::unique_ptr<byte_stream> stream) {
            if (!failure) again->begin(std::move(stream));
        },
        between(from, to)});
    connect(attempt);
    return true;
}

inline std::vector<std::shared_ptr<void>> simulated_network::forget(std::string_view host) {
    std::vector<std::shared_ptr<void>> dropped;
    const auto drop = [&](auto& function) {
        using type = std::remove_reference_t<decltype(function)>;
        if (function) dropped.push_back(std::make_shared<type>(std::exchange(function, nullptr)));
    };
    if (const auto found = acceptors_.find(std::string{host}); found != acceptors_.end())
        if (const auto acceptor = found->second.lock()) {
            drop(acceptor->accepting);
            acceptor->close();
        }
    for (const auto& weak : attempts_)
        if (const auto attempt = weak.lock(); attempt && attempt->from == host) drop(attempt->done);
    for (const auto& each : connections([host](const auto& one) { return one.belongs_to(host); }))
        for (unsigned side : {0u, 1u})
            if (each->hosts[side] == host) each->forget(side, dropped);
    return dropped;
}

inline std::size_t simulated_network::open_connections() const {
    return connections([](const auto& each) { return !each.ended(); }).size();
}

inline void simulated_network::abandon() {
    if (std::exchange(abandoned_, true)) return;
    std::vector<io_handler> dropped;
    std::vector<listener::accept_handler> accepts;
    std::vector<std::deque<std::shared_ptr<farcall::detail::simulated_connection>>> backlogs;
    const auto all = connections([](const auto&) { return true; });
    for (const auto& each : all) each->abandon(dropped);
    for (const auto& [name, weak] : acceptors_)
        if (const auto acceptor = weak.lock()) {
            accepts.push_back(std::exchange(acceptor->accepting, nullptr));
            backlogs.push_back(std::exchange(acceptor->backlog, {}));
        }
    const auto waiting = std::exchange(held_, {});
    observers_.clear();
}

}  // namespace testing
}  // namespace farcall
