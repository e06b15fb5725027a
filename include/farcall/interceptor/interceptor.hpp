#pragma once

#include <concepts>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <farcall/interceptor/call_outcome.hpp>
#include <farcall/interceptor/intercepted_call.hpp>

namespace farcall {

class next_call;

namespace detail {

class interception;

template <class T>
concept looks_before = requires(T& object, intercepted_call& call) {
    { object.before(call) } -> std::same_as<void>;
};
template <class T>
concept may_answer = requires(T& object, intercepted_call& call) {
    { object.before(call) } -> std::convertible_to<std::optional<call_outcome>>;
};
template <class T>
concept looks_after = requires(T& object, intercepted_call& call, call_outcome& end) { object.after(call, end); };
/// Has a function of that name, whatever it returns.
template <class T>
concept has_before = requires(T& object, intercepted_call& call) { object.before(call); };
template <class T>
concept goes_around = requires(T& object, intercepted_call& call, next_call& next) { object.around(call, next); };

}  // namespace detail

/// A class whose objects see every call of a client or a server, and may change or end it.
///
/// To write your own, give a class one of these two forms; it needs no base and knows no service's types:
/// 1. `before`, `after` or both.
///    - `void before(intercepted_call& call)` runs on the way in. It may change the call, and refuses it by throwing a
///      `farcall::error` (executed no, unless it says otherwise). Declared to return `std::optional<call_outcome>` it
///      may also answer the call itself.
///    - `void after(intercepted_call& call, call_outcome& end)` runs on the way out, if `before` let the call pass. It
///      may change the outcome. `intercepted_call::local` keeps what belongs to the call between the two.
/// 2. `boost::asio::awaitable<call_outcome> around(intercepted_call& call, next_call& next)`: a coroutine, for what
///    waits. `co_await next()` makes the call with all that is further in and gives its outcome; without it the call is
///    answered by what the coroutine returns. A call that is still under way when the coroutine ends is given up.
///    Include `farcall/interceptor/coroutine.hpp`.
///
/// The first of several is the outermost: it sees a call first and its outcome last. One object serves all calls: those
/// of a client one after another, those of a server on each of its I/O threads at a time. What is thrown and is no
/// `farcall::error` ends the call with `internal`; the outcomes of outer ones are not skipped.
/// @par Example  examples/15_interceptors.cpp
template <class T>
concept intercepting = detail::looks_before<T> || detail::may_answer<T> || detail::looks_after<T> || detail::goes_around<T>;

namespace detail {

/// An interceptor without its type.
class interceptor_stage {
public:
    virtual ~interceptor_stage() = default;
    /// @returns an outcome if the call goes no further; throws to refuse it
    virtual std::optional<call_outcome> before(intercepted_call&) { return std::nullopt; }
    virtual void after(intercepted_call&, call_outcome&) {}
    /// Whether it is a coroutine: then `run` comes in place of the two others.
    virtual bool waits() const noexcept { return false; }
    /// @param index  of this stage in the chain
    virtual void run(const std::shared_ptr<interception>&, std::size_t /*index*/) {}
};

template <class T>
class plain_stage final : public interceptor_stage {
public:
    explicit plain_stage(std::shared_ptr<T> object) : object_(std::move(object)) {}

    std::optional<call_outcome> before(intercepted_call& call) override {
        if constexpr (looks_before<T>)
            object_->before(call);
        else if constexpr (may_answer<T>)
            return object_->before(call);
        return std::nullopt;
    }
    void after(intercepted_call& call, call_outcome& end) override {
        if constexpr (looks_after<T>) object_->after(call, end);
    }

private:
    std::shared_ptr<T> object_;
};

/// For those that are coroutines: in `farcall/interceptor/coroutine.hpp`.
template <class T>
class coroutine_stage;

/// An object that was meant to be an interceptor and is none. Containers are left to their own constructors.
template <class T>
concept no_interceptor = std::is_class_v<T> && !intercepting<T> && !requires { typename T::value_type; } &&
                         !requires { typename T::element_type; };

/// A compile-time error that says what is wrong with the form of an interceptor.
template <class T>
consteval void check_interceptor() {
    static_assert(!has_before<T> || looks_before<T> || may_answer<T>,
                  "an interceptor's before(farcall::intercepted_call&) returns void or std::optional<farcall::call_outcome>");
    static_assert(!(goes_around<T> && (has_before<T> || looks_after<T>)),
                  "an interceptor has either around, or before and after, not both");
    if constexpr (goes_around<T>)
        static_assert(requires { sizeof(coroutine_stage<T>); },
                      "an interceptor with around needs #include <farcall/interceptor/coroutine.hpp>");
}

}  // namespace detail

/// One object that sees calls, whatever its class; for `client_options::interceptors` and
/// `server_options::interceptors`.
///
/// @par Thread safety  Copies share the object.
class interceptor {
public:
    /// Keeps a copy of `object`.
    template <class T>
        requires(!std::same_as<T, interceptor>) && intercepting<T>
    interceptor(T object) : interceptor(std::make_shared<T>(std::move(object))) {}

    /// Shares `object`, which the application can look at, too.
    template <intercepting T>
    interceptor(std::shared_ptr<T> object) {
        detail::check_interceptor<T>();
        if constexpr (detail::goes_around<T>)
            stage_ = std::make_shared<detail::coroutine_stage<T>>(std::move(object));
        else
            stage_ = std::make_shared<detail::plain_stage<T>>(std::move(object));
    }

    /// Says why an object of that class is no interceptor.
    template <class T>
        requires(!std::same_as<T, interceptor>) && detail::no_interceptor<T>
    interceptor(T) {
        static_assert(intercepting<T> || detail::has_before<T>,
                      "no farcall::interceptor: the class has neither before(farcall::intercepted_call&), nor "
                      "after(farcall::intercepted_call&, farcall::call_outcome&), nor "
                      "around(farcall::intercepted_call&, farcall::next_call&) that could be called; see "
                      "farcall::intercepting");
        detail::check_interceptor<T>();
    }

    /// What runs it; for those who make calls.
    detail::interceptor_stage& stage() const noexcept { return *stage_; }

private:
    std::shared_ptr<detail::interceptor_stage> stage_;
};

}  // namespace farcall
