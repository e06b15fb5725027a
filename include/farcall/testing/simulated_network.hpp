#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/random.hpp>
#include <farcall/testing/virtual_clock.hpp>
#include <farcall/transport/transport.hpp>

namespace farcall {

namespace detail {
class simulated_connection;
struct simulated_acceptor;
struct simulated_attempt;
}  // namespace detail

namespace testing {

/// A duration drawn anew each time, uniformly from both ends and what lies between.
struct duration_range {
    std::chrono::nanoseconds shortest{0};  ///< included
    std::chrono::nanoseconds longest{0};   ///< included, not below `shortest`

    constexpr duration_range() = default;
    /// Always the same: `{5ms}`.
    constexpr duration_range(std::chrono::nanoseconds always) : shortest(always), longest(always) {}
    /// From one to the other: `{1ms, 20ms}`.
    constexpr duration_range(std::chrono::nanoseconds from, std::chrono::nanoseconds to) : shortest(from), longest(to) {}
};

/// How the link between two hosts behaves, in both directions. The defaults: in no time and without a fault.
///
/// Probabilities are from 0 (never) to 1 (always).
struct link_options {
    /// How long a piece of data, or one way of a connect, takes. What follows on the same connection never overtakes.
    duration_range delay{};
    /// Writes travel in pieces of 1 to this many bytes, drawn for each. 0: as they were written.
    std::size_t largest_piece = 0;
    /// Reads get 1 to this many bytes, drawn for each. 0: all that has arrived.
    std::size_t largest_read = 0;
    /// Bytes of one direction that may be on the way or unread; then the writer waits. At least 1.
    std::size_t capacity = 256u << 10;
    /// That a connect is refused although somebody listens.
    double refusal = 0;
    /// That the connection is lost with a piece of data, of which a part may still arrive.
    double loss = 0;
    /// That a write takes nothing at once (`would_block`) although there is room.
    double blocked_write = 0;
    /// @{ New connections are lost when so many bytes have been written: to the listening side, and from it. These
    /// bytes still arrive; then both sides find the connection reset.
    std::optional<std::uint64_t> cut_requests_at{};
    std::optional<std::uint64_t> cut_answers_at{};
    /// @}
    /// New connections keep so many bytes of what is written to the listening side, for `simulated_network::replay`.
    std::size_t kept_for_replay = 0;
};

/// What happened on the network, for a trace.
struct network_event {
    /// The kinds of events, in the words of `to_string`.
    enum class kind : std::uint8_t {
        connect, refused, connected, wrote, arrived, closed, reset, partition, heal, silence, replay, start, crash
    };

    kind what;                 ///< which kind it is
    std::uint64_t connection;  ///< counts from 1; 0: none yet
    bool answers;              ///< from the listening side
    std::uint64_t count;       ///< bytes
    std::string_view host;     ///< who did it or got it
    std::string_view peer;     ///< the other host; empty if there is none
    std::string_view bytes{};  ///< of `wrote`: what; gone when the observer returns
};

constexpr std::string_view to_string(network_event::kind what) noexcept {
    constexpr std::string_view names[] = {"connect", "refused",   "connected", "wrote",   "arrived", "closed", "reset",
                                          "partition", "heal", "silence",   "replay", "start",   "crash"};
    return names[static_cast<unsigned>(what)];
}

/// Hosts and connections between them, in memory, with faults on demand: `sim://host`.
///
/// `host(name)` is the transport of one host: its connects come from there. A listener is found by its URL, whose host
/// is where it listens. A connection behaves as TCP does: bytes arrive in order and once, or the connection ends. Who
/// closes while bytes of the other side are unread resets the connection, and loses what is still on its way.
/// Changes of a link's options hold at once, for connections that exist, too, but for the offsets of cuts.
///
/// Made by a `simulation`; owned by a `std::shared_ptr`.
/// @par Thread safety  Unsafe: one thread, as everything in a simulation.
class simulated_network final : public std::enable_shared_from_this<simulated_network> {
public:
    /// @param executor  where the network's own work runs
    simulated_network(boost::asio::any_io_executor executor, std::shared_ptr<virtual_clock> clock,
                      std::shared_ptr<random_source> random);
    simulated_network(const simulated_network&) = delete;
    simulated_network& operator=(const simulated_network&) = delete;

    /// The transport of the host with this name; any name will do.
    std::shared_ptr<transport> host(std::string name);

    /// How links behave that were not set apart by `link`.
    link_options& defaults() noexcept { return defaults_; }
    /// The link between two hosts, set apart from `defaults` with the first use, as a copy of them.
    link_options& link(std::string_view a, std::string_view b);

    /// @{ Loses connections between two hosts, or all of one: both sides find them reset at once, and bytes on the way
    /// are lost.
    /// @returns how many
    std::size_t disconnect(std::string_view a, std::string_view b);
    std::size_t disconnect(std::string_view host);
    /// @}

    /// From now on nothing arrives between two hosts; nobody is told. `heal` delivers what was held up.
    void partition(std::string_view a, std::string_view b);
    /// Ends the partition of two hosts.
    void heal(std::string_view a, std::string_view b);
    /// Heals every partition.
    void heal();

    /// The connections that two hosts have with each other now carry nothing any more, and nobody is told: half open.
    /// New ones work.
    void silence(std::string_view a, std::string_view b);
    /// The same for all connections of one host: its machine has failed.
    void silence(std::string_view host);

    /// Brings what one host wrote to another on an earlier connection a second time, on a new connection: duplicates, as
    /// a network that repeats makes them, although TCP itself does not. Nobody reads the answers.
    ///
    /// Needs `link_options::kept_for_replay`. Of the last 16 connections that have ended one is drawn.
    /// @returns false if none has ended
    bool replay(std::string_view from, std::string_view to);

    /// Connections of which neither side has ended it.
    std::size_t open_connections() const;

    /// Is told of everything that happens from now on, as others are that were told to observe before.
    void observe(std::function<void(const network_event&)> observer) { observers_.push_back(std::move(observer)); }

    /// Ends without calling anybody any more: what waits for something is forgotten. The end of a simulation.
    void abandon();

private:
    friend class farcall::detail::simulated_connection;
    friend class simulation;
    friend struct farcall::detail::simulated_attempt;
    friend class simulated_host;

    using pair_type = std::pair<std::string, std::string>;
    static pair_type between(std::string_view a, std::string_view b);

    const link_options& options_of(const pair_type& who) const;
    bool parted(const pair_type& who) const { return partitions_.contains(who); }
    std::chrono::nanoseconds draw(const duration_range& range);
    std::size_t draw_size(std::size_t largest, std::size_t available);
    bool chance(double probability) { return probability > 0 && uniform(*random_) < probability; }
    void tell(network_event::kind what, std::uint64_t connection, bool answers, std::uint64_t count,
              std::string_view host, std::string_view peer, std::string_view bytes = {}) const;

    /// Calls `function` when something that leaves now has arrived: later if there is a partition by then.
    void deliver(const pair_type& who, std::function<void()> function);
    /// The same at a time that is known, for something that the partition may hold.
    void arrive_at(time_point when, const pair_type& who, std::function<void()> function);
    void release(const std::function<bool(const pair_type&)>& which);
    template <class Which>
    std::vector<std::shared_ptr<farcall::detail::simulated_connection>> connections(Which which) const;

    /// The end of a simulated process: closes what its host has open, and calls nobody there.
    /// @returns what its operations would have called, for whoever destroys it
    std::vector<std::shared_ptr<void>> forget(std::string_view host);

    void connect(std::shared_ptr<farcall::detail::simulated_attempt> attempt);
    void knock(const std::shared_ptr<farcall::detail::simulated_attempt>& attempt);
    void refuse(const std::shared_ptr<farcall::detail::simulated_attempt>& attempt);

    struct held {
        pair_type who;
        std::function<void()> function;
    };
    struct recording {
        std::string from;
        std::string to;
        std::string bytes;
    };
    static constexpr std::size_t most_recordings = 16;

    boost::asio::any_io_executor executor_;
    std::shared_ptr<virtual_clock> clock_;
    std::shared_ptr<random_source> random_;
    link_options defaults_;
    std::map<pair_type, link_options> links_;
    std::set<pair_type> partitions_;
    std::vector<held> held_;
    std::map<std::string, std::weak_ptr<farcall::detail::simulated_acceptor>> acceptors_;
    std::map<std::uint64_t, std::weak_ptr<farcall::detail::simulated_connection>> connections_;
    std::vector<std::weak_ptr<farcall::detail::simulated_attempt>> attempts_;
    std::deque<recording> recordings_;
    std::vector<std::function<void(const network_event&)>> observers_;
    std::uint64_t last_connection_ = 0;
    bool abandoned_ = false;
};

}  // namespace testing
}  // namespace farcall

#include <farcall/testing/impl/simulated_network.ipp>
