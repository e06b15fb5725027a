#pragma once

#include <algorithm>
#include <iomanip>
#include <ostream>

#include <farcall/store/memory_store.hpp>
#include <farcall/testing/simulation.hpp>

namespace farcall::testing {

inline simulation::simulation(std::uint64_t seed)
    : seed_(seed),
      random_(std::make_shared<seeded_random>(seed)),
      clock_(std::make_shared<virtual_clock>()),
      began_(clock_->now()),
      turns_(seed ^ 0x7465736f6d616e79u),
      network_(std::make_shared<simulated_network>(context_.get_executor(), clock_,
                                                   std::make_shared<seeded_random>(random_->next()))) {
    network_->observe([this](const network_event& event) { note(event); });
}

inline simulation::~simulation() {
    // First whatever could still set something off; then what the loops hold, without being run.
    network_->abandon();
    clock_->abandon();
    for (const auto& each : processes_) each->state_.reset();
    clear_loops();
}

inline void simulation::clear_loops() {
    // What is destroyed in one loop may post to another, and that to a third: a proxy says its last words in its own.
    for (int round = 0; round < 3; ++round) {
        context_.clear();
        for (const auto& each : processes_)
            for (const auto& loop : each->loops_) loop->clear();
    }
}

inline process& simulation::at(std::string_view host) {
    for (const auto& each : processes_)
        if (each->host_ == host) return *each;
    throw error{status::not_found,
                "no process was started on host \"" + std::string{host} + "\"; see simulation::start"};
}

template <std::invocable<process&> Main>
process& simulation::start(std::string host, Main main) {
    if (std::any_of(processes_.begin(), processes_.end(), [&](const auto& each) { return each->host_ == host; }))
        throw error{status::failed_precondition,
                    "host \"" + host + "\" has a process already; use simulation::restart, or another host"};
    process& made = *processes_.emplace_back(new process{*this, std::move(host)});
    made.main_ = [main = std::make_shared<Main>(std::move(main))](process& self) -> std::shared_ptr<void> {
        using state = std::invoke_result_t<Main&, process&>;
        if constexpr (std::is_void_v<state>) {
            (*main)(self);
            return nullptr;
        } else {
            return std::make_shared<state>((*main)(self));
        }
    };
    begin(made);
    return made;
}

inline void simulation::begin(process& which) {
    which.loops_.push_back(std::make_unique<simulated_loop>());
    which.running_ = true;
    which.suspended_ = which.doomed_ = which.reborn_ = false;
    ++which.starts_;
    network_->tell(network_event::kind::start, 0, false, 0, which.host_, {});
    which.state_ = which.main_(which);
}

inline void simulation::end(process& which) {
    which.running_ = false;
    simulated_loop& loop = *which.loops_.back();
    // Its system acts first, so that nothing that is destroyed below can write a word.
    const auto operations = network_->forget(which.host_);
    const auto alarms = clock_->forget(loop);
    which.state_.reset();
    loop.clear();
}

inline bool simulation::inside(const process& which) {
    return which.running_ && which.loops_.back()->get_executor().running_in_this_thread();
}

inline void simulation::crash(std::string_view host) {
    process& which = at(host);
    if (!which.running_) return;
    if (inside(which)) {
        which.doomed_ = true;
        return;
    }
    network_->tell(network_event::kind::crash, 0, false, 0, which.host_, {});
    end(which);
    // What was destroyed with it, operations and alarms included, may have posted to it.
    which.loops_.back()->clear();
}

inline void simulation::fail(std::string_view host) {
    network_->silence(host);
    crash(host);
}

inline void simulation::restart(std::string_view host) {
    process& which = at(host);
    crash(host);
    if (which.running_)
        which.reborn_ = true;
    else
        begin(which);
}

inline bool simulation::turn_of(process& which) {
    if (!which.running_ || which.suspended_ || which.loops_.back()->poll_one() == 0) return false;
    if (which.doomed_) {
        const bool again = which.reborn_;
        crash(which.host_);
        if (again) begin(which);
    }
    return true;
}

inline bool simulation::turn() {
    if (processes_.empty()) return context_.poll_one() != 0;
    const std::size_t places = processes_.size() + 1;
    const std::size_t first = static_cast<std::size_t>(turns_.next() % places);
    for (std::size_t i = 0; i < places; ++i) {
        const std::size_t place = (first + i) % places;
        if (place == processes_.size() ? context_.poll_one() != 0 : turn_of(*processes_[place])) return true;
    }
    return false;
}

inline void process::spawn(boost::asio::awaitable<void> work) { world_.spawn_on(executor(), std::move(work)); }

inline farcall::client_options process::client_options() const { return world_.client_options(host_); }

inline farcall::server_options process::server_options() const {
    farcall::server_options made = world_.server_options(host_);
    made.executor = executor();
    return made;
}

inline farcall::client_options simulation::client_options(std::string host) {
    farcall::client_options made;
    made.transport = network_->host(std::move(host));
    made.time = clock_;
    made.random = std::make_shared<seeded_random>(random_->next());
    return made;
}

inline farcall::server_options simulation::server_options(std::string host) {
    farcall::server_options made;
    made.executor = context_.get_executor();
    made.transport = network_->host(std::move(host));
    made.time = clock_;
    // The names of sessions, too, come from the seed.
    memory_store_options remembers;
    remembers.random = std::make_shared<seeded_random>(random_->next());
    made.store = std::make_shared<memory_store>(remembers);
    return made;
}

inline bool simulation::advance(time_point limit) {
    // More turns than this without a tick of the clock are a loop that feeds itself.
    constexpr std::uint64_t most_turns_at_once = 50'000'000;
    bool moved = turn();
    if (moved) {
        if (++turns_at_once_ > most_turns_at_once)
            throw error{status::internal, "the simulation stays at one moment for ever: something starts itself anew "
                                          "without waiting"};
    } else {
        const time_point before = clock_->now();
        const std::uint64_t alarms = clock_->alarms_done();
        moved = clock_->step(limit);
        if (clock_->now() != before) turns_at_once_ = 0;
        if (clock_->alarms_done() != alarms) mix(static_cast<std::uint64_t>(elapsed().count()));
    }
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    return moved;
}

inline void simulation::mix(std::uint64_t value) noexcept {
    hash_ = (hash_ ^ value) * 0x9e3779b97f4a7c15u;
    hash_ ^= hash_ >> 29;
}

inline void simulation::note(const network_event& event) {
    mix(static_cast<std::uint64_t>(elapsed().count()));
    mix(static_cast<std::uint64_t>(event.what) << 1 | (event.answers ? 1u : 0u));
    mix(event.connection);
    mix(event.count);
    if (trace_ == nullptr) return;
    *trace_ << std::fixed << std::setprecision(6) << std::chrono::duration<double>(elapsed()).count() << ' ' << event.host
            << " -> " << event.peer << ' ' << to_string(event.what);
    if (event.connection != 0) *trace_ << " connection " << event.connection;
    if (event.count != 0) *trace_ << ' ' << event.count << " bytes";
    *trace_ << '\n';
}

template <class T>
T simulation::run(boost::asio::awaitable<T> work, std::chrono::nanoseconds limit) {
    struct ending {
        std::optional<std::conditional_t<std::is_void_v<T>, bool, T>> value;
        std::exception_ptr failure;
        bool done = false;
    };
    // Shared, for a coroutine that does not end in time may end later.
    const auto end = std::make_shared<ending>();
    boost::asio::co_spawn(
        context_,
        [](boost::asio::awaitable<T> inner, std::shared_ptr<ending> into) -> boost::asio::awaitable<void> {
            if constexpr (std::is_void_v<T>)
                co_await std::move(inner);
            else
                into->value.emplace(co_await std::move(inner));
        }(std::move(work), end),
        [end](std::exception_ptr failure) {
            end->failure = failure;
            end->done = true;
        });
    if (!run_until([&] { return end->done; }, limit))
        throw error{status::deadline_exceeded, "the coroutine did not end within the virtual time that the simulation ran"};
    if (end->failure) std::rethrow_exception(end->failure);
    if constexpr (!std::is_void_v<T>) return std::move(*end->value);
}

inline void simulation::spawn(boost::asio::awaitable<void> work) { spawn_on(executor(), std::move(work)); }

inline void simulation::spawn_on(boost::asio::any_io_executor where, boost::asio::awaitable<void> work) {
    boost::asio::co_spawn(where, std::move(work), [this](std::exception_ptr failure) {
        if (failure && !failure_) failure_ = failure;
    });
}

template <class Handler>
void simulation::end_delay(std::optional<Handler>& box, boost::system::error_code why) {
    Handler called = std::move(*box);
    box.reset();
    boost::asio::get_associated_cancellation_slot(called).clear();
    std::move(called)(why);
}

template <class Handler>
void simulation::start_delay(Handler handler, virtual_clock& clock, boost::asio::io_context& context,
                             std::chrono::nanoseconds time) {
    const boost::asio::any_io_executor executor =
        boost::asio::get_associated_executor(handler, context.get_executor());
    auto slot = boost::asio::get_associated_cancellation_slot(handler);
    // A std::function is copied, so the handler travels in a box.
    const auto box = std::make_shared<std::optional<Handler>>(std::move(handler));
    const auto alarm = clock.call_at(clock.now() + time, executor, [box] { end_delay(*box, {}); });
    if (slot.is_connected())
        // The slot belongs to the coroutine that the handler in the box owns: it must not own the box.
        slot.assign([alarm, weak = std::weak_ptr(box), executor, &clock](boost::asio::cancellation_type) {
            const auto held = weak.lock();
            if (held && clock.take_back(alarm))
                boost::asio::post(executor, [held] { end_delay(*held, boost::asio::error::operation_aborted); });
        });
}

}  // namespace farcall::testing
