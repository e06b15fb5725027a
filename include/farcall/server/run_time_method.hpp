#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <farcall/codec/json.hpp>
#include <farcall/reflect/type_name.hpp>
#include <farcall/server/method_entry.hpp>
#include <farcall/server/skeleton.hpp>
#include <farcall/service/method_schema.hpp>
#include <farcall/service/signature_traits.hpp>

namespace farcall::detail {

template <class Callable>
struct call_signature;
template <class R, class... A>
struct call_signature<R(A...)> {
    using type = R(A...);
};
template <class R, class... A>
struct call_signature<R (*)(A...)> : call_signature<R(A...)> {};
template <class R, class... A>
struct call_signature<R (*)(A...) noexcept> : call_signature<R(A...)> {};
template <class C, class R, class... A>
struct call_signature<R (C::*)(A...)> : call_signature<R(A...)> {};
template <class C, class R, class... A>
struct call_signature<R (C::*)(A...) const> : call_signature<R(A...)> {};
template <class C, class R, class... A>
struct call_signature<R (C::*)(A...) noexcept> : call_signature<R(A...)> {};
template <class C, class R, class... A>
struct call_signature<R (C::*)(A...) const noexcept> : call_signature<R(A...)> {};
template <class Callable>
    requires requires { &Callable::operator(); }
struct call_signature<Callable> : call_signature<decltype(&Callable::operator())> {};

/// The signature without a leading `context&`, and with the result of an awaitable in its place.
template <class Signature>
struct exposed_signature;
template <class R, class... A>
struct exposed_signature<R(A...)> {
    using type = typename awaited_result<std::remove_cvref_t<R>>::type(A...);
};
template <class R, class... A>
struct exposed_signature<R(context&, A...)> : exposed_signature<R(A...)> {};

/// Stands for a method descriptor where a callable is added at run time.
template <class Callable>
struct run_time_method {
    using signature = typename exposed_signature<typename call_signature<Callable>::type>::type;
    using result = typename signature_traits<signature>::result;
    using stored = typename signature_traits<signature>::stored;
    using attributes = type_list<>;
    /// Without names: such a method takes its arguments by position only.
    static constexpr std::array<std::string_view, signature_traits<signature>::arity> no_names{};
    static constexpr method_info info{.parameters = no_names};

    template <class Handler, class... Arguments>
    static constexpr auto invoke(Handler& handler, Arguments&&... arguments)
        -> decltype(handler(std::forward<Arguments>(arguments)...)) {
        return handler(std::forward<Arguments>(arguments)...);
    }
};

/// A handler that takes all arguments as one JSON value, an array or an object, and returns one.
template <class Callable>
concept raw_handler = std::is_invocable_v<Callable&, const json&> &&
                      std::is_same_v<typename call_signature<Callable>::type, json(const json&)>;

/// It takes anything and returns anything.
inline constexpr method_schema raw_method_schema{.result = &write_schema<json>, .any_arguments = true};

inline constexpr method_form raw_form{{}, {}, &undeclared_failure};

template <class Callable>
struct raw_skeleton {
    static void answer(const std::shared_ptr<void>& handler, incoming_call& call) noexcept {
        try {
            std::string_view text;
            if (!read_raw_arguments(call, text)) return;
            json params = json::parse(text.empty() ? std::string_view{"[]"} : text).value();
            json value = (*static_cast<Callable*>(handler.get()))(params);
            const auto write = [](json_writer& out, void* of) { return encode(out, *static_cast<json*>(of)); };
            answer_call(call, {write, &value});
        } catch (...) {
            answer_with_failure(call, raw_form);
        }
    }
};

/// The name of a type as its users write it: "std::vector<std::string>".
template <class T>
std::string written_type() {
    std::string name{type_name<T>()};
    const auto replace = [&name](std::string_view long_form, std::string_view short_form) {
        for (std::size_t at = 0; (at = name.find(long_form, at)) != std::string::npos; at += short_form.size())
            name.replace(at, long_form.size(), short_form);
    };
    replace("std::__cxx11::", "std::");
    replace("std::basic_string<char>", "std::string");
    replace(" >", ">");
    replace(" &", "&");
    return name;
}

/// A signature as text, such as "int(std::string, int)"; the parameters of a callable have no names that can be read.
template <class Signature>
struct written_signature;
template <class R, class... A>
struct written_signature<R(A...)> {
    static std::string text() {
        std::string list;
        ((list += (list.empty() ? "" : ", ") + written_type<A>()), ...);
        return written_type<R>() + '(' + list + ')';
    }
};

/// The texts of a method that is added at run time.
struct run_time_texts {
    std::string wire_name;
    std::string signature;
    method_info info;
};

inline std::shared_ptr<run_time_texts> make_run_time_texts(std::string_view name, std::string signature,
                                                           method_info info) {
    auto texts = std::make_shared<run_time_texts>();
    texts->wire_name = name;
    texts->signature = std::move(signature);
    texts->info = info;
    texts->info.wire_name = texts->wire_name;
    texts->info.signature = texts->signature;
    const std::size_t dot = name.rfind('.');
    texts->info.name = std::string_view{texts->wire_name}.substr(dot == std::string_view::npos ? 0 : dot + 1);
    return texts;
}

/// Whether all parameters can be read and the result be written; a compile-time error that says why not otherwise.
template <class Result, class... Stored>
consteval bool check_run_time_forms(type_list<Stored...>) {
    constexpr bool good = (json_decodable<Stored> && ...) && (std::is_void_v<Result> || json_encodable<Result>);
    static_assert(good, "a function that is added to a server by name has a parameter or a result without JSON form; "
                        "the compiler's note says which and why");
    (require_json_form<Stored, coding::decoding>(), ...);
    if constexpr (!std::is_void_v<Result>) require_json_form<Result, coding::encoding>();
    return good;
}

/// The entry for a callable under a name.
template <class Callable>
method_entry make_run_time_entry(std::string_view name, Callable callable) {
    using held = std::decay_t<Callable>;
    method_entry entry;
    std::shared_ptr<run_time_texts> texts;
    if constexpr (raw_handler<held>) {
        texts = make_run_time_texts(name, "json(json params)", {});
        entry.invoke = &raw_skeleton<held>::answer;
        entry.schema = &raw_method_schema;
    } else {
        using method = run_time_method<held>;
        texts = make_run_time_texts(name, written_signature<typename method::signature>::text(), method::info);
        if constexpr (check_run_time_forms<typename method::result>(typename method::stored{})) {
            entry.invoke = &skeleton<method, held>::answer;
            entry.schema = &method_schema_of<method>;
        }
    }
    entry.handler = std::make_shared<held>(std::move(callable));
    entry.info = &texts->info;
    entry.info_owner = texts;
    return entry;
}

}  // namespace farcall::detail
