#pragma once

#include <iomanip>
#include <ostream>

#include <farcall/testing/simulation.hpp>

namespace farcall::testing {

inline simulation::simulation(std::uint64_t seed)
    : seed_(seed),
      random_(std::make_shared<seeded_random>(seed)),
      clock_(std::make_shared<virtual_clock>()),
      began_(clock_->now()),
      network_(std::make_shared<simulated_network>(context_.get_executor(), clock_,
                                                   std::make_shared<seeded_random>(random_->next()))) {
    network_->observe([this](const network_event& event) { note(event); });
}

inline simulation::~simulation() {
    // First whatever could still set something off; the queue of the context is destroyed last, without being run.
    network_->abandon();
    clock_->abandon();
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
    return made;
}

inline bool simulation::advance(time_point limit) {
    // More turns than this without a tick of the clock are a loop that feeds itself.
    constexpr std::uint64_t most_turns_at_once = 50'000'000;
    bool moved = context_.poll_one() != 0;
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

inline void simulation::spawn(boost::asio::awaitable<void> work) {
    boost::asio::co_spawn(context_, std::move(work), [this](std::exception_ptr failure) {
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
