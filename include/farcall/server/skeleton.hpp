#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include <farcall/codec/codec.hpp>
#include <farcall/server/handler_failure.hpp>
#include <farcall/server/served_call.hpp>
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

template <class Awaitable>
struct coroutine_of;
template <class T, class Executor>
struct coroutine_of<boost::asio::awaitable<T, Executor>> {
    using type = boost::asio::awaitable<void, Executor>;
};

template <class List>
struct arguments_of;
template <class... Stored>
struct arguments_of<type_list<Stored...>> {
    using type = stored_arguments<Stored...>;
};

template <class Method>
inline constexpr method_form form_of{arguments_of<typename Method::stored>::type::forms, Method::info.parameters,
                                     failure_teller_of<thrown_types<Method>>};

/// Whether what a handler returned is sent as it is, and may be large.
template <class Result, class Value>
inline constexpr bool returned_text =
    std::is_same_v<std::remove_cvref_t<Value>, std::string> && std::is_same_v<Result, std::string>;

/// Encodes what a handler returned as the declared result.
/// @tparam Value  a reference
template <class Result, class Value>
bool write_returned_as(json_writer& out, void* of) {
    auto& value = *static_cast<std::remove_reference_t<Value>*>(of);
    if constexpr (returned_text<Result, Value>)
        return out.string_that_stays(value);
    else if constexpr (std::is_same_v<std::remove_cvref_t<Value>, Result>)
        return encode(out, value);
    else
        return encode(out, static_cast<Result>(static_cast<Value>(value)));
}

/// The typed side of one method on the server: from JSON arguments through the handler to a JSON result.
///
/// @tparam Method   a method descriptor, or anything with `result`, `stored` and `info`
/// @tparam Handler  what the server holds; called as the declaration says
template <class Method, class Handler>
class skeleton {
public:
    /// Answers one call; the `invoke` of a `method_entry`.
    static void answer(const std::shared_ptr<void>& handler, incoming_call& call) noexcept {
        if constexpr (has_attribute<Method, blocking>) {
            // What is handed to another thread travels in a box.
            auto arguments = std::make_shared<values>();
            if (read(call, *arguments, indices{}))
                run_on_worker(call, with_context, handler, std::move(arguments), form_of<Method>, &work);
        } else {
            values arguments;
            if (!read(call, arguments, indices{})) return;
            if constexpr (awaits)
                spawn(handler, call, std::move(arguments));
            else
                run(handler.get(), call, arguments);
        }
    }

private:
    using result = typename Method::result;
    using stored = typename arguments_of<typename Method::stored>::type;
    using values = typename stored::values;
    using indices = std::make_index_sequence<stored::forms.size()>;
    static constexpr bool with_context = handler_call<Method, Handler> == handler_match::with_context;

    template <std::size_t... I>
    static bool read(incoming_call& call, values& arguments, std::index_sequence<I...>) noexcept {
        const typename stored::places places{&std::get<I>(arguments)..., nullptr};
        return read_call(call, places, form_of<Method>);
    }

    /// What the handler itself returns, maybe an awaitable.
    /// @param context  the handler's first argument, if it takes one
    template <std::size_t... I, class... Context>
    static decltype(auto) invoke(void* handler, values& arguments, std::index_sequence<I...>, Context&... context) {
        return invoke_handler<Method>(*static_cast<Handler*>(handler), context..., std::move(std::get<I>(arguments))...);
    }
    template <class Context>
    static decltype(auto) invoke_in(Context& context, void* handler, values& arguments) {
        if constexpr (with_context)
            return invoke(handler, arguments, indices{}, context);
        else
            return invoke(handler, arguments, indices{});
    }

    using returned = decltype(invoke_in(std::declval<farcall::context&>(), nullptr, std::declval<values&>()));
    static constexpr bool awaits = awaitable_type<std::remove_cvref_t<returned>>;
    static_assert(!awaits || !has_attribute<Method, blocking>,
                  "a method declared `blocking` runs on a worker thread, where a coroutine has no place: remove the "
                  "attribute, or return the result itself");

    template <class Value>
    static returned_value to_be_written(Value&& value) noexcept {
        return {&write_returned_as<result, Value&&>, const_cast<void*>(static_cast<const void*>(std::addressof(value))),
                returned_text<result, Value>};
    }

    template <class Context>
    static void run_in(Context& context, void* handler, incoming_call& call, values& arguments) {
        if constexpr (std::is_void_v<returned>) {
            invoke_in(context, handler, arguments);
            answer_call(call, {});
        } else {
            answer_call(call, to_be_written(invoke_in(context, handler, arguments)));
        }
    }

    static void run(void* handler, incoming_call& call, values& arguments) noexcept {
        // Outlives the handler: the answer takes along what it leaves there, that of a failure too.
        [[maybe_unused]] std::optional<running_context> context;
        try {
            if constexpr (with_context) {
                context.emplace(call);
                run_in(context->get(), handler, call, arguments);
            } else {
                run_in(call, handler, call, arguments);
            }
        } catch (...) {
            answer_with_failure(call, form_of<Method>);
        }
    }

    static void spawn(const std::shared_ptr<void>& handler, incoming_call& call, values arguments) noexcept {
        const deferred_pointer deferred = defer_call(call, with_context);
        if (!deferred) return;
        using coroutine = typename coroutine_of<std::remove_cvref_t<returned>>::type;
        start_coroutine(deferred, run_awaited<coroutine>(handler, deferred, std::move(arguments), exposes_exceptions(call)));
    }

    template <class Coroutine>
    static Coroutine run_awaited(std::shared_ptr<void> handler, deferred_pointer call, values arguments, bool expose) {
        if (!begin_deferred(*call)) co_return;
        std::exception_ptr thrown;
        try {
            if constexpr (std::is_void_v<typename awaited_result<std::remove_cvref_t<returned>>::type>) {
                co_await invoke_in(context_of(*call), handler.get(), arguments);
                answer_deferred(*call, {});
            } else {
                const auto value = co_await invoke_in(context_of(*call), handler.get(), arguments);
                answer_deferred(*call, to_be_written(value));
            }
        } catch (...) {
            thrown = std::current_exception();
        }
        if (thrown) answer_deferred_with(*call, thrown, form_of<Method>, expose);
    }

    static void work(void* handler, deferred_call& call, void* of) {
        values& arguments = *static_cast<values*>(of);
        if constexpr (std::is_void_v<returned>) {
            invoke_in(context_of(call), handler, arguments);
            answer_from_thread(call, {});
        } else {
            const auto& value = invoke_in(context_of(call), handler, arguments);
            answer_from_thread(call, to_be_written(value));
        }
    }
};

}  // namespace detail
}  // namespace farcall
