#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>

#include <farcall/client/async_call.hpp>
#include <farcall/client/cancel_relay.hpp>
#include <farcall/client/handler_executor.hpp>
#include <farcall/client/read_reply.hpp>
#include <farcall/error.hpp>
#include <farcall/result.hpp>

// Who awaits a call has included what they are.
namespace boost::asio {
template <typename T, typename Executor>
class awaitable;
template <typename Executor>
struct use_awaitable_t;
}  // namespace boost::asio

namespace farcall::detail {

/// Where a coroutine wants what its call has ended with.
struct awaited_outcome {
    const answer_form& form;
    void* value;                ///< new, of the result's type; null if there is none
    std::optional<error>& why;  ///< there is no value
};

/// A call that a coroutine waits for; lies in the coroutine's frame, beside its request and where its outcome goes.
///
/// From `begin` on it owns the coroutine by its handler, to `complete` or `abandon`, and has ended before either goes on.
template <class Handler>
class awaited_call final : public async_call_base {
public:
    awaited_call(Handler&& handler, call_request& request, const awaited_outcome& outcome)
        : async_call_base(request),
          outcome_(outcome),
          executor_(boost::asio::get_associated_executor(handler)),
          handler_(std::move(handler)) {}

    void begin() {
        try {
            auto slot = boost::asio::get_associated_cancellation_slot(handler_);
            if (slot.is_connected() || request_.stoppable()) listen();
            if (slot.is_connected()) slot.template emplace<cancel_relay::on_cancellation>(relay_);
        } catch (...) {
            release();
            throw;
        }
        request_.submit(*this);
    }

    void abandon() noexcept override { release(); }

    void complete(const reply& end) noexcept override {
        const bool inside = ended_inside_ != nullptr;
        if (inside) *ended_inside_ = true;
        request_.tell(end);
        outcome_.why = read_reply(end, method, outcome_.form, outcome_.value);
        request_.ended(end, outcome_.why ? &*outcome_.why : nullptr);
        if (!inside && executor_.here()) {
            const auto core = std::move(request_.core);
            Handler handler{std::move(handler_)};
            leave();
            return std::move(handler)();
        }
        remains left = release();
        auto bound = [handler = std::move(left.handler)]() mutable { std::move(handler)(); };
        if (inside)
            left.executor.post(std::move(bound));
        else
            left.executor.dispatch(std::move(bound));
    }

private:
    using executor_type = handler_executor<boost::asio::associated_executor_t<Handler>>;

    /// What is left of a call that has ended; the core goes last.
    struct remains {
        std::shared_ptr<client_core> core;
        executor_type executor;
        Handler handler;
    };

    remains release() noexcept {
        remains left{std::move(request_.core), std::move(executor_), std::move(handler_)};
        leave();
        return left;
    }

    /// Destroys the call; its memory is the coroutine's.
    void leave() noexcept {
        if (relay_) relay_->end();
        std::destroy_at(this);
    }

    awaited_outcome outcome_;
    executor_type executor_;
    Handler handler_;
};

/// In the frame of a coroutine: room for an `awaited_call`, and the operation that makes it there, to be awaited.
template <class Executor>
class call_in_frame {
public:
    call_in_frame(call_request& request, const awaited_outcome& outcome) noexcept : request_(request), outcome_(outcome) {}
    call_in_frame(const call_in_frame&) = delete;
    call_in_frame& operator=(const call_in_frame&) = delete;

    /// Starts the call: an asynchronous operation, as Asio defines them. Once.
    template <boost::asio::completion_token_for<void()> Token>
    auto operator()(Token&& token) {
        return boost::asio::async_initiate<Token, void()>(
            [this](auto&& handler) {
                using call = awaited_call<std::remove_cvref_t<decltype(handler)>>;
                static_assert(sizeof(call) <= sizeof room_ && alignof(call) <= alignof(std::max_align_t));
                (::new (static_cast<void*>(room_)) call{std::move(handler), request_, outcome_})->begin();
            },
            token);
    }

private:
    /// What resumes a coroutine is a pointer to it in Asio, and little more could it ever be.
    struct any_handler {
        using executor_type = Executor;
        executor_type get_executor() const noexcept;
        void* parts[8];
    };

    call_request& request_;
    awaited_outcome outcome_;
    alignas(std::max_align_t) std::byte room_[sizeof(awaited_call<any_handler>)];
};

/// Makes a call when it is awaited; its request is made at once.
///
/// All of a call is in this one frame. Asio's own way, by `use_awaitable`, has a frame, too, and an operation beside it.
/// @tparam ForResult  whether the caller gets the `result`, not the value
template <class R, bool ForResult, class Executor>
boost::asio::awaitable<std::conditional_t<ForResult, result<R>, R>, Executor> await_call(request_source source,
                                                                                         const answer_form& form) {
    call_outcome_of<R> outcome;
    call_in_frame<Executor> call{source.request(), {form, outcome.room(), outcome.why}};
    co_await std::move(call);
    if constexpr (ForResult) {
        if (outcome.why) co_return result<R>{*std::move(outcome.why)};
        if constexpr (std::is_void_v<R>)
            co_return result<R>{};
        else
            co_return result<R>{std::move(outcome.value)};
    } else {
        if (outcome.why) outcome.why->raise();
        if constexpr (!std::is_void_v<R>) co_return std::move(outcome.value);
    }
}

/// Of a completion token: whether a coroutine awaits the value, or the `result`, and by which executor.
template <class Token>
struct awaiting {
    static constexpr bool value = false, for_result = false;
};
template <class Executor>
struct awaiting<boost::asio::use_awaitable_t<Executor>> {
    using executor_type = Executor;
    static constexpr bool value = true, for_result = false;
};
template <class Executor>
struct awaiting<as_result_t::adapted<boost::asio::use_awaitable_t<Executor>>> {
    using executor_type = Executor;
    static constexpr bool value = true, for_result = true;
};

}  // namespace farcall::detail
