#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <farcall/interceptor/interception.hpp>
#include <farcall/interceptor/interceptor.hpp>

namespace farcall {

namespace detail {

/// The coroutine of one stage for one call. Owned by the interception while it runs.
class coroutine_run final : public interception::waiting_stage, public std::enable_shared_from_this<coroutine_run> {
public:
    coroutine_run(std::shared_ptr<interception> way, std::size_t index) : way_(std::move(way)), index_(index) {}

    interception& way() noexcept { return *way_; }
    boost::asio::cancellation_slot slot() noexcept { return signal_.slot(); }

    /// What the coroutine awaits: goes on inwards.
    template <class Handler>
    void await(Handler handler) {
        if (was_awaited_) {
            return boost::asio::post(way_->executor(), [handler = std::move(handler)]() mutable {
                std::move(handler)(call_outcome::failed(error{
                    status::failed_precondition, "an interceptor may make the call once; `co_await next()` came twice"}));
            });
        }
        was_awaited_ = true;
        auto slot = boost::asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected())
            slot.assign([weak = weak_from_this()](boost::asio::cancellation_type) {
                if (const auto self = weak.lock(); self && self->waiting_) self->way_->give_up();
            });
        waiting_ = std::make_unique<waiting<Handler>>(std::move(handler));
        way_->go_on(index_, *this);
    }

    void resume(call_outcome end) override {
        // Never from inside: the coroutine may be in the middle of its `co_await`.
        boost::asio::post(way_->executor(), [self = shared_from_this(), end = std::move(end)]() mutable {
            std::exchange(self->waiting_, nullptr)->resume(std::move(end));
        });
    }
    void stop() override { signal_.emit(boost::asio::cancellation_type::terminal); }

    void ended(std::exception_ptr thrown, call_outcome end) {
        if (thrown) {
            error why = interceptor_failure(thrown);
            if (!was_awaited_ && why.executed() == executed::unknown) why = why.with_executed(executed::no);
            end = call_outcome::failed(std::move(why));
        }
        const auto way = way_;
        way->ended(index_, std::move(end));
    }

private:
    struct waiter {
        virtual ~waiter() = default;
        virtual void resume(call_outcome end) = 0;
    };
    template <class Handler>
    struct waiting final : waiter {
        explicit waiting(Handler made) : handler(std::move(made)) {}
        void resume(call_outcome end) override {
            Handler called = std::move(handler);
            std::move(called)(std::move(end));
        }
        Handler handler;
    };

    std::shared_ptr<interception> way_;
    std::size_t index_;
    boost::asio::cancellation_signal signal_;
    std::unique_ptr<waiter> waiting_;
    bool was_awaited_ = false;
};

}  // namespace detail

/// What is further in than an interceptor that is a coroutine: `call_outcome end = co_await next();`, at most once.
///
/// @par Cancellation  terminal: the call is given up, and its outcome follows as ever
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
class coroutine_stage final : public interceptor_stage {
public:
    explicit coroutine_stage(std::shared_ptr<T> object) : object_(std::move(object)) {}

    bool waits() const noexcept override { return true; }

    void run(const std::shared_ptr<interception>& way, std::size_t index) override {
        auto made = std::make_shared<coroutine_run>(way, index);
        way->running(index, made);
        boost::asio::co_spawn(way->executor(), around(object_, made),
                              boost::asio::bind_cancellation_slot(
                                  made->slot(), [made](std::exception_ptr thrown, call_outcome end) {
                                      made->ended(thrown, std::move(end));
                                  }));
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
