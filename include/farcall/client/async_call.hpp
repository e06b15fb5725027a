#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/recycling_allocator.hpp>
#include <boost/asio/system_executor.hpp>

#include <farcall/client/call_request.hpp>
#include <farcall/client/cancel_relay.hpp>
#include <farcall/client/client_core.hpp>
#include <farcall/client/handler_executor.hpp>
#include <farcall/client/read_reply.hpp>
#include <farcall/client/token.hpp>

namespace farcall::detail {

/// What a completion handler gets, by the two forms in which a call can end.
template <class R>
struct exception_form {
    using signature = void(std::exception_ptr, R);
    template <class Handler>
    static void call(Handler&& handler, result<R>&& end) {
        if (end)
            std::forward<Handler>(handler)(std::exception_ptr{}, std::move(*end));
        else
            std::forward<Handler>(handler)(end.error().to_exception(), R{});
    }
};
template <>
struct exception_form<void> {
    using signature = void(std::exception_ptr);
    template <class Handler>
    static void call(Handler&& handler, result<void>&& end) {
        std::forward<Handler>(handler)(end ? std::exception_ptr{} : end.error().to_exception());
    }
};
template <class R>
struct result_form {
    using signature = void(result<R>);
    template <class Handler>
    static void call(Handler&& handler, result<R>&& end) {
        std::forward<Handler>(handler)(std::move(end));
    }
};

/// A call that a completion handler waits for; owns itself from `begin` to the handler's call.
template <class R, class Declared, class Form, class Handler>
class async_call final : public outgoing_call, public io_driver::task {
public:
    /// @param source  has the request: `source.take()`
    template <class Source>
    static void begin(Handler&& handler, Source& source) {
        auto allocator = allocator_of(handler);
        async_call* const call = traits::allocate(allocator, 1);
        try {
            traits::construct(allocator, call, std::move(handler), source);
        } catch (...) {
            traits::deallocate(allocator, call, 1);
            throw;
        }
        try {
            call->listen();
        } catch (...) {
            call->release();
            throw;
        }
        call->request_.core->driver().submit(*call);
    }

    template <class Source>
    async_call(Handler&& handler, Source& source)
        : request_(source.take()),
          executor_(boost::asio::get_associated_executor(handler)),
          handler_(std::move(handler)) {
        request_.fill(*this);
    }

    void run() noexcept override {
        // The handler may not be called from inside the function that starts the operation.
        bool ended = false;
        ended_inside_ = &ended;
        if (const error* const why = request_.failure())
            complete({.failure = why, .attempts = 0});
        else
            request_.start(*this, relay_.get(), queued());
        if (!ended) ended_inside_ = nullptr;
    }

    // The handler outlives the call: what it does, and its end, may destroy what the call belongs to.
    void abandon() noexcept override { release(); }

    void complete(const reply& end) noexcept override {
        const bool inside = ended_inside_ != nullptr;
        if (inside) *ended_inside_ = true;
        request_.tell(end);
        result<R> outcome = read_reply<R>(end, method, Declared{});
        request_.ended(end, outcome);
        remains left = release();
        // What lies in a cancellation slot stays there, without effect: the thread of the signal may be another one.
        if (!inside && left.executor.here()) return Form::call(std::move(left.handler), std::move(outcome));
        finish(left, std::move(outcome), inside);
    }

private:
    // On the system executor, which is what a handler without one has, a dispatched handler is called at once, too.
    static constexpr bool own_executor =
        !std::is_same_v<boost::asio::associated_executor_t<Handler>, boost::asio::system_executor>;

    static auto allocator_of(const Handler& handler) {
        // A handler that starts the next call gives it the memory of the one that has ended.
        using standard = boost::asio::recycling_allocator<void>;
        using allocator = boost::asio::associated_allocator_t<Handler, standard>;
        return typename std::allocator_traits<allocator>::template rebind_alloc<async_call>(
            boost::asio::get_associated_allocator(handler, standard{}));
    }
    using traits = std::allocator_traits<decltype(allocator_of(std::declval<const Handler&>()))>;
    using executor_type = handler_executor<boost::asio::associated_executor_t<Handler>>;

    /// From now on the call can be given up by what its handler and its options say.
    void listen() {
        auto slot = boost::asio::get_associated_cancellation_slot(handler_);
        if (!slot.is_connected() && !request_.stoppable()) return;
        relay_ = cancel_relay::make(*this, request_.core->driver().executor());
        if (slot.is_connected()) slot.template emplace<cancel_relay::on_cancellation>(relay_);
        if (request_.stoppable()) relay_->follow(request_.extras->stop);
    }

    /// What is left of a call that has ended; the core goes last.
    struct remains {
        std::shared_ptr<client_core> core;
        executor_type executor;
        Handler handler;
    };

    /// A handler with what it gets, on its way to its executor: in memory of the handler's.
    struct completion {
        using allocator_type = boost::asio::associated_allocator_t<Handler>;

        allocator_type get_allocator() const noexcept { return boost::asio::get_associated_allocator(handler); }
        void operator()() { Form::call(std::move(handler), std::move(outcome)); }

        Handler handler;
        result<R> outcome;
    };

    /// Destroys the call and gives its memory back.
    remains release() noexcept {
        if (relay_) relay_->end();
        remains left{std::move(request_.core), std::move(executor_), std::move(handler_)};
        auto allocator = allocator_of(left.handler);
        this->~async_call();
        traits::deallocate(allocator, this, 1);
        return left;
    }

    static void finish(remains& left, result<R>&& outcome, bool inside) {
        completion bound{std::move(left.handler), std::move(outcome)};
        if constexpr (!own_executor)
            boost::asio::post(left.core->driver().executor(), std::move(bound));
        else if (inside)
            left.executor.post(std::move(bound));
        else
            left.executor.dispatch(std::move(bound));
    }

    call_request request_;
    executor_type executor_;
    Handler handler_;
    std::shared_ptr<cancel_relay> relay_;  ///< null: the call cannot be given up
    bool* ended_inside_ = nullptr;
};

/// The request of a call whose token says when it is made.
///
/// A token that makes the call at once makes the request in its place; one that keeps what it will need, as those of
/// coroutines do, moves this first, and then the arguments are still there.
/// @param Make  `make(call_request&)` makes the request; valid until this is moved
template <class Make>
class request_source {
public:
    explicit request_source(const Make& make) noexcept : make_(&make) {}
    request_source(request_source&& other) {
        if (other.make_ != nullptr)
            (*other.make_)(made_.emplace());
        else
            made_.emplace(std::move(*other.made_));
        made_->made = never;  // nobody knows how much later the call is started
    }

    call_request take() { return make_ != nullptr ? made(*make_) : call_request{std::move(*made_)}; }

private:
    static call_request made(const Make& make) {
        call_request request;
        make(request);
        return request;
    }

    const Make* make_ = nullptr;  ///< null: it is made
    std::optional<call_request> made_;
};

/// Starts a call whose end goes to an Asio completion token.
/// @param make  `make(call_request&)` makes the request
template <class R, class Declared, class Token, class Make>
auto initiate(const Make& make, Token&& token) {
    using bare = std::decay_t<Token>;
    const auto with_form = [&]<class Form, class Inner>(Form, Inner&& inner) {
        return boost::asio::async_initiate<Inner, typename Form::signature>(
            [](auto handler, auto&& source) {
                async_call<R, Declared, Form, decltype(handler)>::begin(std::move(handler), source);
            },
            inner, request_source<Make>{make});
    };
    if constexpr (adapted_to_result<bare>)
        return with_form(result_form<R>{}, token.token);
    else if constexpr (result_callback<bare, R>)
        return with_form(result_form<R>{}, std::forward<Token>(token));
    else
        return with_form(exception_form<R>{}, std::forward<Token>(token));
}

}  // namespace farcall::detail
