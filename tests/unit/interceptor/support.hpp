#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <farcall/interceptor/coroutine.hpp>
#include <farcall/interceptor/interception.hpp>
#include <farcall/testing/virtual_clock.hpp>

/// What the tests of interceptors share: calls whose inmost part is a function of the test.
namespace interceptor_test {

using farcall::call_outcome;
using farcall::error;
using farcall::executed;
using farcall::intercepted_call;
using farcall::interceptor;
using farcall::next_call;
using farcall::status;
using farcall::testing::virtual_clock;

/// Where calls pass a chain, on an event loop that the test runs.
struct lane {
    boost::asio::io_context context{1};
    std::shared_ptr<virtual_clock> clock = std::make_shared<virtual_clock>();
    std::vector<interceptor> chain{};

    intercepted_call make(std::string method = "Calculator.add", const farcall::method_info* info = nullptr) const {
        intercepted_call made{farcall::call_side::server, std::move(method), info, *clock};
        made.params = "[1,2]";
        return made;
    }
    /// Everything that can run now.
    void run() {
        context.restart();
        context.poll();
    }
    /// `first`, where calls live, then everything that can run.
    template <class First>
    void run(First first) {
        boost::asio::post(context, std::move(first));
        run();
    }
};

/// One call. By default its inmost part answers with the params.
class test_call final : public farcall::detail::interception {
public:
    explicit test_call(lane& where) : test_call(where, where.make()) {}
    test_call(lane& where, intercepted_call made)
        : interception(where.chain, where.context.get_executor(), std::move(made)) {}
    ~test_call() override {
        if (gone != nullptr) *gone = true;
    }

    /// Makes one and begins it.
    static std::shared_ptr<test_call> begin_in(lane& where) {
        auto made = std::make_shared<test_call>(where);
        made->begin();
        return made;
    }

    void give_up() override {
        ++given_up;
        if (on_give_up) on_give_up(*this);
    }
    using interception::answered;

    std::function<void(test_call&)> on_invoke = [](test_call& self) { self.answered(call_outcome::answer(self.call().params)); };
    std::function<void(test_call&)> on_give_up{};
    int invoked = 0;
    int given_up = 0;
    std::optional<call_outcome> end{};
    int ends = 0;
    bool* gone = nullptr;

    /// "ok <result>", or status, executed and message.
    std::string told() const {
        if (!end) return "nothing";
        if (!end->failure) return "ok " + end->result;
        return std::string{to_string(end->failure->status())} + ", executed " +
               std::string{to_string(end->failure->executed())} + ": " + end->failure->message();
    }

private:
    void invoke() override {
        ++invoked;
        on_invoke(*this);
    }
    void finish(call_outcome outcome) override {
        ++ends;
        end = std::move(outcome);
    }
};

/// Waits on a timer of the loop before the call, or behind it.
struct waiting {
    std::shared_ptr<virtual_clock> clock;
    bool first = true;

    static boost::asio::awaitable<void> pause(virtual_clock& clock) {
        auto timer = clock.make_timer(co_await boost::asio::this_coro::executor);
        auto* const raw = timer.get();
        co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void(boost::system::error_code)>(
            [&](auto handler) {
                using kept = std::optional<decltype(handler)>;
                const auto box = std::make_shared<kept>(std::move(handler));
                const auto end = [](kept& each, boost::system::error_code why) {
                    if (auto called = std::exchange(each, std::nullopt)) std::move (*called)(why);
                };
                if (auto slot = boost::asio::get_associated_cancellation_slot(**box); slot.is_connected())
                    // Weak: the slot lives in what it would keep.
                    slot.assign([weak = std::weak_ptr{box}, end, raw](auto) {
                        const auto alive = weak.lock();
                        raw->cancel();
                        if (alive) end(*alive, boost::asio::error::operation_aborted);
                    });
                raw->set(clock.now() + std::chrono::seconds{1}, [box, end] { end(*box, {}); });
            },
            boost::asio::use_awaitable);
    }
    boost::asio::awaitable<call_outcome> around(intercepted_call&, next_call& next) {
        if (first) co_await pause(*clock);
        call_outcome end = co_await next();
        if (!first) co_await pause(*clock);
        co_return end;
    }
};

}  // namespace interceptor_test
