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

#include <farcall/client/call_draft.hpp>
#include <farcall/client/call_request.hpp>
#include <farcall/client/cancel_relay.hpp>
#include <farcall/client/handler_executor.hpp>
#include <farcall/client/read_reply.hpp>

namespace farcall::detail {

/// What a call has ended with.
template <class R>
struct call_outcome_of {
    std::remove_cv_t<R> value{};
    std::optional<error> why{};  ///< there is no value; none: there is

    void* room() noexcept { return &value; }
};
template <class R>
    requires std::is_void_v<R>
struct call_outcome_of<R> {
    std::optional<error> why{};

    static void* room() noexcept { return nullptr; }
};

/// What a completion handler gets, by the two forms in which a call can end.
template <class R>
struct exception_form {
    using signature = void(std::exception_ptr, R);
    template <class Handler>
    static void call(Handler&& handler, call_outcome_of<R>&& end) {
        if (!end.why)
            std::forward<Handler>(handler)(std::exception_ptr{}, std::move(end.value));
        else
            std::forward<Handler>(handler)(end.why->to_exception(), R{});
    }
};
template <>
struct exception_form<void> {
    using signature = void(std::exception_ptr);
    template <class Handler>
    static void call(Handler&& handler, call_outcome_of<void>&& end) {
        std::forward<Handler>(handler)(end.why ? end.why->to_exception() : std::exception_ptr{});
    }
};
template <class R>
struct result_form {
    using signature = void(result<R>);
    template <class Handler>
    static void call(Handler&& handler, call_outcome_of<R>&& end) {
        if (end.why)
            std::forward<Handler>(handler)(result<R>{*std::move(end.why)});
        else if constexpr (std::is_void_v<R>)
            std::forward<Handler>(handler)(result<R>{});
        else
            std::forward<Handler>(handler)(result<R>{std::move(end.value)});
    }
};

/// The request of a call whose token says when it is made.
///
/// A token that makes the call at once makes the request in its place; one that keeps what it will need, as those of
/// coroutines do, moves this first, and then the arguments are still there.
class request_source {
public:
    /// @param draft  valid until this is moved
    explicit request_source(const call_draft& draft) noexcept : draft_(&draft) {}
    FARCALL_DECL request_source(request_source&& other);

    /// Of one that was moved.
    call_request& request() noexcept { return *made_; }
    call_request take() { return draft_ != nullptr ? call_request{*draft_} : call_request{std::move(*made_)}; }

private:
    const call_draft* draft_ = nullptr;  ///< null: it is made
    std::optional<call_request> made_;
};

/// What a call has that a completion handler waits for, without the handler's type.
class async_call_base : public outgoing_call, public io_task {
public:
    void run() noexcept final {
        // The handler may not be called from inside the function that starts the operation.
        bool ended = false;
        ended_inside_ = &ended;
        if (const error* const why = request_.failure())
            complete({.failure = why, .attempts = 0});
        else
            request_.start(*this, relay_.get(), queued());
        if (!ended) ended_inside_ = nullptr;
    }

protected:
    /// @param request  must live as long as this
    explicit async_call_base(call_request& request) : request_(request) { request_.fill(*this); }
    ~async_call_base() = default;

    /// From now on the call can be given up by what its options say, and by the relay.
    FARCALL_DECL void listen();

    call_request& request_;
    std::shared_ptr<cancel_relay> relay_;  ///< null: the call cannot be given up
    bool* ended_inside_ = nullptr;
};

/// The request of a call that has it itself; made before what refers to it.
struct own_request {
    call_request request;
};

/// A call that a completion handler waits for; owns itself from `begin` to the handler's call.
template <class R, class Form, class Handler>
class async_call final : own_request, public async_call_base {
public:
    static void begin(Handler&& handler, const answer_form& form, request_source& source) {
        auto allocator = allocator_of(handler);
        async_call* const call = traits::allocate(allocator, 1);
        try {
            traits::construct(allocator, call, std::move(handler), form, source);
        } catch (...) {
            traits::deallocate(allocator, call, 1);
            throw;
        }
        try {
            auto slot = boost::asio::get_associated_cancellation_slot(call->handler_);
            if (slot.is_connected() || call->request_.stoppable()) call->listen();
            if (slot.is_connected()) slot.template emplace<cancel_relay::on_cancellation>(call->relay_);
        } catch (...) {
            call->release();
            throw;
        }
        call->request_.submit(*call);
    }

    async_call(Handler&& handler, const answer_form& form, request_source& source)
        : own_request{source.take()},
          async_call_base(own_request::request),
          form_(form),
          executor_(boost::asio::get_associated_executor(handler)),
          handler_(std::move(handler)) {}

    // The handler outlives the call: what it does, and its end, may destroy what the call belongs to.
    void abandon() noexcept override { release(); }

    void complete(const reply& end) noexcept override {
        const bool inside = ended_inside_ != nullptr;
        if (inside) *ended_inside_ = true;
        request_.tell(end);
        call_outcome_of<R> outcome;
        outcome.why = read_reply(end, method, form_, outcome.room());
        request_.ended(end, outcome.why ? &*outcome.why : nullptr);
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
        call_outcome_of<R> outcome;
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

    static void finish(remains& left, call_outcome_of<R>&& outcome, bool inside) {
        completion bound{std::move(left.handler), std::move(outcome)};
        if constexpr (!own_executor)
            boost::asio::post(io_executor(*left.core), std::move(bound));
        else if (inside)
            left.executor.post(std::move(bound));
        else
            left.executor.dispatch(std::move(bound));
    }

    const answer_form& form_;
    executor_type executor_;
    Handler handler_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/async_call.ipp>
#endif
