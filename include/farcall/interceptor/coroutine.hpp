#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <farcall/interceptor/interception.hpp>
#include <farcall/interceptor/interceptor.hpp>

namespace farcall {

namespace detail {

/// The coroutine of one stage for one call. Owned by the interception while it runs, and by who may call `next`.
class coroutine_run final : public interception::waiting_stage, public std::enable_shared_from_this<coroutine_run> {
public:
    coroutine_run(std::shared_ptr<interception> way, std::size_t index) : way_(std::move(way)), index_(index) {}

    interception& way() noexcept { return *way_; }
    boost::asio::cancellation_slot slot() noexcept { return signal_.slot(); }

    /// What the coroutine awaits: goes on inwards.
    template <class Handler>
    void await(Handler handler) {
        if (was_awaited_)
            return refuse(std::move(handler), "an interceptor may make the call once; `co_await next()` came twice");
        if (ended_)
            return refuse(std::move(handler), "`co_await next()` came when the interceptor that it is of had ended");
        was_awaited_ = true;
        auto slot = boost::asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected())
            slot.assign([weak = weak_from_this()](boost::asio::cancellation_type) {
                if (const auto self = weak.lock(); self && self->waiting_) self->way_->give_up_behind(self->index_);
            });
        waiting_ = std::make_unique<waiting<Handler>>(shared_from_this(), std::move(handler));
        way_->go_on(index_);
    }

    void resume(call_outcome end) override {
        // Never from inside: the coroutine may be in the middle of its `co_await`. An executor that runs nothing any
        // more destroys it with what is posted.
        boost::asio::post(way_->executor(), [waiting = std::move(waiting_), end = std::move(end)]() mutable {
            waiting->resume(std::move(end));
        });
    }
    void stop() override {
        if (ended_) return;
        const auto alive = shared_from_this();
        told_to_stop_ = true;
        signal_.emit(boost::asio::cancellation_type::terminal);
    }
    void abandon() noexcept override { const auto dropped = std::move(waiting_); }

    void ended(const std::exception_ptr& thrown, call_outcome end) {
        ended_ = true;
        if (thrown) {
            error why = cancelled_by_stop(thrown) ? way_->stop_failure() : interceptor_failure(thrown);
            if (!was_awaited_ && why.executed() == executed::unknown) why = why.with_executed(executed::no);
            end = call_outcome::failed(std::move(why));
        }
        way_->ended(index_, std::move(end));
    }

private:
    struct waiter {
        virtual ~waiter() = default;
        virtual void resume(call_outcome end) = 0;
    };
    template <class Handler>
    struct waiting final : waiter {
        waiting(std::shared_ptr<coroutine_run> run, Handler made) : owner(std::move(run)), handler(std::move(made)) {}
        void resume(call_outcome end) override {
            auto where = boost::asio::get_associated_executor(handler, owner->way_->executor());
            boost::asio::dispatch(where, [called = std::move(handler), end = std::move(end)]() mutable {
                std::move(called)(std::move(end));
            });
        }
        /// Whoever awaits may be another coroutine, which the stage has begun and which outlasts it.
        std::shared_ptr<coroutine_run> owner;
        Handler handler;
    };

    template <class Handler>
    void refuse(Handler handler, const char* why) {
        boost::asio::post(way_->executor(), [handler = std::move(handler), why]() mutable {
            std::move(handler)(call_outcome::failed(error{status::failed_precondition, why}.with_executed(executed::no)));
        });
    }
    bool cancelled_by_stop(const std::exception_ptr& thrown) const {
        if (!told_to_stop_) return false;
        try {
            std::rethrow_exception(thrown);
        } catch (const boost::system::system_error& failure) {
            return failure.code() == boost::asio::error::operation_aborted;
        } catch (...) {
            return false;
        }
    }

    std::shared_ptr<interception> way_;
    std::size_t index_;
    boost::asio::cancellation_signal signal_;
    std::unique_ptr<waiter> waiting_;
    bool was_awaited_ = false;
    bool told_to_stop_ = false;
    bool ended_ = false;
};

/// What is called at the end of a stage's coroutine. Destroyed without that, it tells that the end will never come.
class coroutine_end {
public:
    explicit coroutine_end(std::shared_ptr<coroutine_run> run) noexcept : run_(std::move(run)) {}
    coroutine_end(coroutine_end&&) noexcept = default;
    ~coroutine_end() {
        if (run_) run_->way().abandon();
    }

    void operator()(const std::exception_ptr& thrown, call_outcome end) {
        const auto run = std::move(run_);
        run->ended(thrown, std::move(end));
    }

private:
    std::shared_ptr<coroutine_run> run_;
};

}  // namespace detail

/// What is further in than an interceptor that is a coroutine: `call_outcome end = co_await next();`, at most once.
///
/// It belongs to the coroutine. Another one that it begins may await it, but not outlast it: when the coroutine ends
/// with the call under way, the call is given up, and what the coroutine has ended with goes on outwards as soon as the
/// call has ended. A call that it has not begun by then is refused.
/// @par Errors        in the outcome: `failed_precondition`, executed no: it came twice, or when the coroutine had ended
/// @par Cancellation  terminal: the call is given up, with all coroutines further in; its outcome follows as ever
class next_call {
public:
    explicit next_call(std::shared_ptr<detail::coroutine_run> run) noexcept : run_(std::move(run)) {}

    /// Makes the call; never throws for the call's own failure, which is in the outcome.
    boost::asio::awaitable<call_outcome> operator()() const {
        return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void(call_outcome)>(
            [](auto handler, std::shared_ptr<detail::coroutine_run> run) { run->await(std::move(handler)); },
            boost::asio::use_awaitable, run_);
    }

private:
    std::shared_ptr<detail::coroutine_run> run_;
};

namespace detail {

template <class T>
concept awaits_outcome = requires(T& object, intercepted_call& call, next_call& next) {
    { object.around(call, next) } -> std::same_as<boost::asio::awaitable<call_outcome>>;
};

template <class T>
class coroutine_stage final : public interceptor_stage {
public:
    static_assert(awaits_outcome<T>,
                  "an interceptor's around(farcall::intercepted_call&, farcall::next_call&) returns "
                  "boost::asio::awaitable<farcall::call_outcome>");

    explicit coroutine_stage(std::shared_ptr<T> object) : object_(std::move(object)) {}

    bool waits() const noexcept override { return true; }

    void run(const std::shared_ptr<interception>& way, std::size_t index) override {
        auto made = std::make_shared<coroutine_run>(way, index);
        way->running(index, made);
        boost::asio::co_spawn(way->executor(), around(object_, made),
                              boost::asio::bind_cancellation_slot(made->slot(), coroutine_end{made}));
    }

private:
    static boost::asio::awaitable<call_outcome> around(std::shared_ptr<T> object, std::shared_ptr<coroutine_run> run) {
        next_call next{run};
        co_return co_await object->around(run->way().call(), next);
    }

    std::shared_ptr<T> object_;
};

}  // namespace detail
}  // namespace farcall
