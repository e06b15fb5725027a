#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <farcall/observe/event.hpp>

namespace farcall {

/// @{ The hooks that an observer may have.
template <class T>
concept watches_connections_up = requires(T& object, const connection_event& event) { object.connection_up(event); };
template <class T>
concept watches_connections_down = requires(T& object, const connection_event& event) { object.connection_down(event); };
template <class T>
concept watches_connect_failures = requires(T& object, const connect_failure_event& event) { object.connect_failed(event); };
template <class T>
concept watches_lifecycle = requires(T& object, const lifecycle_event& event) { object.lifecycle(event); };
template <class T>
concept watches_calls = requires(T& object, const call_event& event) { object.call_ended(event); };
template <class T>
concept watches_retries = requires(T& object, const retry_event& event) { object.retry(event); };
template <class T>
concept watches_hedges = requires(T& object, const hedge_event& event) { object.hedge(event); };
template <class T>
concept watches_goaways = requires(T& object, const goaway_event& event) { object.goaway(event); };
template <class T>
concept watches_drops = requires(T& object, const drop_event& event) { object.drop(event); };
template <class T>
concept watches_limits = requires(T& object, const limit_event& event) { object.limit_hit(event); };
/// @}

/// Watches calls and wants their arguments: so many bytes of each, asked once. Keeping them costs a copy a call.
template <class T>
concept wants_params = watches_calls<T> && requires(const T& object) {
    { object.wanted_params() } -> std::convertible_to<std::size_t>;
};

/// Watches calls of a client, and wants the server's part of their time, if it says so when it is asked once. Every answer
/// is longer by that.
template <class T>
concept wants_server_time = watches_calls<T> && requires(const T& object) {
    { object.wants_server_time() } -> std::convertible_to<bool>;
};

/// A class whose objects watch what happens in a client or a server, and change nothing.
///
/// To write your own:
/// 1. give a class any of the functions that the concepts above name: `void retry(const farcall::retry_event& event)`,
///    and so on; it needs no base, and what it does not have costs nothing;
/// 2. the arguments of calls are told to those only that have `std::size_t wanted_params() const`, see `wants_params`;
/// 3. copy what is to be kept: an event's texts live as long as the function runs;
/// 4. be quick and do not block: it runs on the thread that does the I/O; on several at a time in a server with more
///    than one. What it throws is ignored.
template <class T>
concept observing = watches_connections_up<T> || watches_connections_down<T> || watches_connect_failures<T> ||
                    watches_lifecycle<T> || watches_calls<T> || watches_retries<T> || watches_hedges<T> ||
                    watches_goaways<T> || watches_drops<T> || watches_limits<T>;

namespace detail {

/// A class of the user's that was meant to be an observer; not a container or a pointer of observers.
template <class T>
concept no_observer = std::is_class_v<T> && !observing<T> && !requires { typename T::value_type; } &&
                      !requires { typename T::element_type; };

/// An observer without its type.
class observer_stage {
public:
    virtual ~observer_stage() = default;
    virtual bool watches(const call_event&) const noexcept = 0;
    virtual std::size_t wanted_params() const = 0;
    virtual bool asks_server_time() const = 0;
    virtual void connection_up(const connection_event& event) = 0;
    virtual void connection_down(const connection_event& event) = 0;
    virtual void tell(const connect_failure_event& event) = 0;
    virtual void tell(const lifecycle_event& event) = 0;
    virtual void tell(const call_event& event) = 0;
    virtual void tell(const retry_event& event) = 0;
    virtual void tell(const hedge_event& event) = 0;
    virtual void tell(const goaway_event& event) = 0;
    virtual void tell(const drop_event& event) = 0;
    virtual void tell(const limit_event& event) = 0;
};

template <class T>
class typed_observer final : public observer_stage {
public:
    explicit typed_observer(std::shared_ptr<T> object) : object_(std::move(object)) {}

    bool watches(const call_event&) const noexcept override { return watches_calls<T>; }
    std::size_t wanted_params() const override {
        if constexpr (wants_params<T>) return object_->wanted_params();
        return 0;
    }
    bool asks_server_time() const override {
        if constexpr (wants_server_time<T>) return object_->wants_server_time();
        return false;
    }
    void connection_up([[maybe_unused]] const connection_event& event) override {
        if constexpr (watches_connections_up<T>) object_->connection_up(event);
    }
    void connection_down([[maybe_unused]] const connection_event& event) override {
        if constexpr (watches_connections_down<T>) object_->connection_down(event);
    }
    void tell([[maybe_unused]] const connect_failure_event& event) override {
        if constexpr (watches_connect_failures<T>) object_->connect_failed(event);
    }
    void tell([[maybe_unused]] const lifecycle_event& event) override {
        if constexpr (watches_lifecycle<T>) object_->lifecycle(event);
    }
    void tell([[maybe_unused]] const call_event& event) override {
        if constexpr (watches_calls<T>) object_->call_ended(event);
    }
    void tell([[maybe_unused]] const retry_event& event) override {
        if constexpr (watches_retries<T>) object_->retry(event);
    }
    void tell([[maybe_unused]] const hedge_event& event) override {
        if constexpr (watches_hedges<T>) object_->hedge(event);
    }
    void tell([[maybe_unused]] const goaway_event& event) override {
        if constexpr (watches_goaways<T>) object_->goaway(event);
    }
    void tell([[maybe_unused]] const drop_event& event) override {
        if constexpr (watches_drops<T>) object_->drop(event);
    }
    void tell([[maybe_unused]] const limit_event& event) override {
        if constexpr (watches_limits<T>) object_->limit_hit(event);
    }

private:
    std::shared_ptr<T> object_;
};

}  // namespace detail

/// One object that watches, whatever its class; for `client_options::observers` and `server_options::observers`.
///
/// @par Thread safety  Copies share the object.
class observer {
public:
    /// Keeps a copy of `object`.
    template <class T>
        requires(!std::same_as<T, observer>) && observing<T>
    observer(T object) : observer(std::make_shared<T>(std::move(object))) {}

    /// Shares `object`, which the application can look at, too.
    template <observing T>
    observer(std::shared_ptr<T> object) : stage_(std::make_shared<detail::typed_observer<T>>(std::move(object))) {}

    /// Says why an object of that class is no observer.
    template <class T>
        requires(!std::same_as<T, observer>) && detail::no_observer<T>
    observer(T) {
        static_assert(observing<T>,
                      "no farcall::observer: the class has none of the functions connection_up, connection_down, "
                      "connect_failed, lifecycle, call_ended, retry, hedge, goaway, drop and limit_hit that could be called "
                      "with its event, such as call_ended(const farcall::call_event&); see farcall::observing");
    }

    /// What is told; for those who watch.
    detail::observer_stage& stage() const noexcept { return *stage_; }

private:
    std::shared_ptr<detail::observer_stage> stage_;
};

namespace detail {

/// All observers of a client or a server. Telling none of them something costs one look at a flag.
///
/// @par Thread safety  Safe, as far as the observers are.
class observers {
public:
    observers() = default;
    explicit observers(std::vector<observer> all) : all_(std::move(all)) {
        for (const observer& each : all_) {
            calls_ = calls_ || each.stage().watches(call_event{});
            params_ = std::max(params_, each.stage().wanted_params());
            server_time_ = server_time_ || each.stage().asks_server_time();
        }
    }

    /// Whether there is any.
    bool any() const noexcept { return !all_.empty(); }
    /// Whether one watches the ends of calls: what they are told has to be gathered while the call runs.
    bool watch_calls() const noexcept { return calls_; }

    /// Whether a client is to ask servers for their time.
    bool watch_server_time() const noexcept { return server_time_; }
    /// How many bytes of the arguments of calls they want to be told.
    std::size_t watch_params() const noexcept { return params_; }

    void connection_up(const connection_event& event) const noexcept {
        each([&](observer_stage& stage) { stage.connection_up(event); });
    }
    void connection_down(const connection_event& event) const noexcept {
        each([&](observer_stage& stage) { stage.connection_down(event); });
    }
    /// Any other event.
    template <class Event>
    void tell(const Event& event) const noexcept {
        each([&](observer_stage& stage) { stage.tell(event); });
    }

private:
    template <class Tell>
    void each(Tell tell) const noexcept {
        for (const observer& one : all_) {
            try {
                tell(one.stage());
            } catch (...) {
                // A watcher's trouble is none of the call's.
            }
        }
    }

    std::vector<observer> all_;
    std::size_t params_ = 0;
    bool calls_ = false;
    bool server_time_ = false;
};

}  // namespace detail
}  // namespace farcall
