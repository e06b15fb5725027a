#pragma once

#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include <farcall/codec/codecs.hpp>
#include <farcall/server/arguments.hpp>
#include <farcall/server/dispatcher.hpp>
#include <farcall/server/handler_failure.hpp>
#include <farcall/server/incoming_call.hpp>
#include <farcall/service/handler.hpp>

namespace farcall {

/// A handler may be a coroutine: its result is what it `co_return`s.
template <class T, class Executor>
struct awaited_result<boost::asio::awaitable<T, Executor>> {
    using type = T;
};

namespace detail {

template <class T>
inline constexpr bool awaitable_type = false;
template <class T, class Executor>
inline constexpr bool awaitable_type<boost::asio::awaitable<T, Executor>> = true;

template <class List>
struct arguments_of;
template <class... Stored>
struct arguments_of<type_list<Stored...>> {
    using reader = argument_reader<Stored...>;
    using values = std::tuple<Stored...>;
};

/// The typed side of one method on the server: from JSON arguments through the handler to a JSON result.
///
/// @tparam Method   a method descriptor, or anything with `result`, `stored` and `info`
/// @tparam Handler  what the server holds; called as the declaration says
template <class Method, class Handler>
class skeleton {
public:
    /// Answers one call; the `invoke` of a `method_entry`.
    static void answer(const std::shared_ptr<void>& handler, incoming_call& call) noexcept {
        values arguments;
        try {
            if (!read_call<reader>(call, arguments, Method::info.parameters)) return;
        } catch (...) {
            // A codec or a constructor of the user's threw.
            return call.fail(handler_failure<Method>(std::current_exception(), call.expose_exceptions())
                                 .with_executed(executed::no));
        }
        if constexpr (awaits)
            spawn(handler, call, std::move(arguments));
        else if constexpr (has_attribute<Method, blocking>)
            run_on_worker(handler, call, std::move(arguments));
        else
            run(handler, call, arguments);
    }

private:
    using result = typename Method::result;
    using reader = typename arguments_of<typename Method::stored>::reader;
    using values = typename arguments_of<typename Method::stored>::values;
    static constexpr bool with_context = handler_call<Method, Handler> == handler_match::with_context;

    /// What the handler itself returns, maybe an awaitable.
    template <class Context>
    static decltype(auto) invoke(const std::shared_ptr<void>& handler, Context&& context, values& arguments) {
        Handler& object = *static_cast<Handler*>(handler.get());
        return std::apply(
            [&](auto&... argument) -> decltype(auto) {
                if constexpr (with_context)
                    return invoke_handler<Method>(object, context(), std::move(argument)...);
                else
                    return invoke_handler<Method>(object, std::move(argument)...);
            },
            arguments);
    }

    using returned = decltype(invoke(std::declval<const std::shared_ptr<void>&>(),
                                     std::declval<farcall::context& (*)()>(), std::declval<values&>()));
    static constexpr bool awaits = awaitable_type<std::remove_cvref_t<returned>>;
    static_assert(!awaits || !has_attribute<Method, blocking>,
                  "a method declared `blocking` runs on a worker thread, where a coroutine has no place: remove the "
                  "attribute, or return the result itself");

    /// Whether what the handler returned is sent as it is, and may be large.
    template <class Value>
    static constexpr bool text = std::is_same_v<std::remove_cvref_t<Value>, std::string> && std::is_same_v<result, std::string>;

    /// Encodes what the handler returned as the declared result.
    template <class Value>
    static bool encode_result(json_writer& out, Value&& value) {
        if constexpr (text<Value>)
            return out.string_that_stays(value);
        else if constexpr (std::is_same_v<std::remove_cvref_t<Value>, result>)
            return encode(out, value);
        else
            return encode(out, static_cast<result>(std::forward<Value>(value)));
    }

    static void run(const std::shared_ptr<void>& handler, incoming_call& call, values& arguments) noexcept {
        std::optional<farcall::context> context;
        const auto make_context = [&]() -> farcall::context& {
            context.emplace(call.make_context());
            call.take_trailers(*context);
            return *context;
        };
        try {
            if constexpr (std::is_void_v<returned>) {
                invoke(handler, make_context, arguments);
                call.succeed([](json_writer& out) { return out.null(); });
            } else {
                auto&& value = invoke(handler, make_context, arguments);
                call.template succeed<text<decltype(value)>>(
                    [&](json_writer& out) { return encode_result(out, std::forward<decltype(value)>(value)); });
            }
        } catch (...) {
            call.fail(handler_failure<Method>(std::current_exception(), call.expose_exceptions()));
        }
    }

    static void spawn(const std::shared_ptr<void>& handler, incoming_call& call, values arguments) noexcept {
        const auto deferred = call.defer(with_context);
        if (!deferred) return;
        const auto executor = call.executor();
        // What is called at the end keeps the signal that the slot belongs to longer than the coroutine.
        boost::asio::co_spawn(executor, run_awaited(handler, deferred, std::move(arguments), call.expose_exceptions()),
                              boost::asio::bind_cancellation_slot(deferred->slot(), [deferred](std::exception_ptr) {}));
    }

    static boost::asio::awaitable<void> run_awaited(std::shared_ptr<void> handler, deferred_pointer call,
                                                    values arguments, bool expose) {
        // Not every executor begins at once.
        if (const auto why = call->refusal()) {
            call->fail(*why);
            co_return;
        }
        const auto context = [&]() -> farcall::context& { return call->context(); };
        std::exception_ptr thrown;
        try {
            if constexpr (std::is_void_v<typename awaited_result<std::remove_cvref_t<returned>>::type>) {
                co_await invoke(handler, context, arguments);
                call->succeed([](json_writer& out) { return out.null(); });
            } else {
                const auto value = co_await invoke(handler, context, arguments);
                call->template succeed<text<decltype(value)>>([&](json_writer& out) { return encode_result(out, value); });
            }
        } catch (...) {
            thrown = std::current_exception();
        }
        if (thrown) call->fail(call->failure_of(thrown, handler_failure<Method>(thrown, expose)));
    }

    static void run_on_worker(const std::shared_ptr<void>& handler, incoming_call& call, values arguments) noexcept {
        const auto deferred = call.defer(with_context);
        if (!deferred) return;
        // std::function wants what can be copied, so the arguments travel in a box.
        auto box = std::make_shared<values>(std::move(arguments));
        const bool accepted = call.run_on_worker(deferred, [handler, deferred, box, expose = call.expose_exceptions()] {
            work(handler, deferred, *box, expose);
        });
        if (!accepted)
            deferred->fail(error{status::resource_exhausted, "the queue of the worker pool is full "
                                                             "(server_options::worker_queue); try again later"}
                               .with_executed(executed::no));
    }

    static void work(const std::shared_ptr<void>& handler, const deferred_pointer& call, values& arguments,
                     bool expose) noexcept {
        call->begin();
        if (auto why = call->refusal()) return deferred_call::post_failure(call, *std::move(why));
        const auto context = [&]() -> farcall::context& { return call->context(); };
        try {
            if constexpr (std::is_void_v<returned>) {
                invoke(handler, context, arguments);
                deferred_call::succeed_from_thread(call, [](json_writer& out) { return out.null(); });
            } else {
                const auto& value = invoke(handler, context, arguments);
                deferred_call::succeed_from_thread(call, [&](json_writer& out) { return encode_result(out, value); });
            }
        } catch (...) {
            const std::exception_ptr thrown = std::current_exception();
            deferred_call::post_failure(call, call->failure_of(thrown, handler_failure<Method>(thrown, expose)));
        }
    }
};

}  // namespace detail
}  // namespace farcall
