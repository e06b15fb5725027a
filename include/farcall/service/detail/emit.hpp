#pragma once

#include <farcall/service/descriptor.hpp>
#include <farcall/service/detail/preprocessor.hpp>
#include <farcall/service/detail/names.hpp>
#include <farcall/service/handler.hpp>
#include <farcall/service/proxy.hpp>
#include <farcall/service/signature_check.hpp>

/// @file
/// What one expansion of `RPC_SERVICE` emits: texts, types, one-line forwarders, and the sentences of compile-time
/// errors, since only here the names of service and method are literals.
///
/// User's types are pasted in `farcall_<Service>` and nowhere else: every name in it begins `farcall_`, so that no
/// method, and no other name of ours, hides a type of the user's.

// Compilers then report mistakes in a declaration at the declaration, and not here with a list of our macros.
#pragma GCC system_header

#define FARCALL_EMIT_SERVICE(service, ...)                                                                             \
    static_assert(!::farcall::detail::reserved_service_name(#service),                                                 \
                  #service ": this name is reserved; choose another for the service (not rpc, not farcall_...)");      \
    struct service;                                                                                                    \
    struct farcall_##service {                                                                                         \
        using farcall_service = service;                                                                               \
        static constexpr ::std::string_view farcall_service_name{#service};                                            \
        FARCALL_PP_IF_EMPTY(FARCALL_EMIT_NO_METHODS(service), __VA_ARGS__)                                             \
        static constexpr ::std::string_view farcall_names[]{                                                           \
            FARCALL_PP_FOR_EACH(FARCALL_EMIT_NAME, service, __VA_ARGS__) farcall_service_name};                        \
        static constexpr auto farcall_repeated = ::farcall::detail::repeated_names(farcall_names);                     \
        FARCALL_PP_FOR_EACH(FARCALL_EMIT_METHOD, service, __VA_ARGS__)                                                 \
        using farcall_methods = ::farcall::detail::method_list<farcall_##service FARCALL_PP_FOR_EACH(                  \
            FARCALL_EMIT_TYPE, service, __VA_ARGS__)>;                                                                 \
    };                                                                                                                 \
    struct service {                                                                                                   \
        using farcall_table = farcall_##service;                                                                       \
        template <class Policy>                                                                                        \
        using basic_proxy = ::farcall::detail::farcall_proxy<service, Policy>;                                         \
        using proxy = basic_proxy<::farcall::no_retry>;                                                                \
    };

/// The walks over the entries, each with what it emits for an entry that has not its parentheses, and in place of
/// those beyond the 250th.
#define FARCALL_EMIT_NAME(service, index, method, ...) #method,
#define FARCALL_EMIT_NAME_MALFORMED(service, index, ...) {},
#define FARCALL_EMIT_NAME_BEYOND(service)

#define FARCALL_EMIT_TYPE(service, index, method, ...) , farcall_##method##_##index
#define FARCALL_EMIT_TYPE_MALFORMED(service, index, ...)
#define FARCALL_EMIT_TYPE_BEYOND(service)

#define FARCALL_EMIT_METHOD_MALFORMED(service, index, ...)                                                             \
    static_assert(::farcall::detail::no_mistake,                                                                       \
                  #service ": every entry is (method, signature, attributes...), as in "                               \
                           "(add, int(int a, int b), farcall::readonly), and not " #__VA_ARGS__);
#define FARCALL_EMIT_METHOD_BEYOND(service)                                                                            \
    static_assert(::farcall::detail::no_mistake,                                                                       \
                  #service ": declares more than 250 methods; split it into several services");
#define FARCALL_EMIT_NO_METHODS(service)                                                                               \
    static_assert(::farcall::detail::no_mistake,                                                                       \
                  #service ": declares no methods; add at least one, as in (ping, void())");

#define FARCALL_EMIT_METHOD(service, index, method, ...)                                                               \
    static_assert(!farcall_repeated[index],                                                                            \
                  #service "." #method " is declared twice; give one of the two another name");                        \
    static_assert(!::farcall::detail::reserved_method_name(#method),                                                   \
                  #service "." #method ": names that begin farcall_ are reserved; choose another for the method");     \
    static_assert(!::farcall::detail::has_default_argument(                                                            \
                      ::farcall::detail::parameter_list(::farcall::detail::signature_of(#__VA_ARGS__))),               \
                  #service "." #method ": a signature cannot have default arguments; write the parameter without: "    \
                  #__VA_ARGS__);                                                                                       \
    using farcall_##index##_declared = ::farcall::detail::declared<__VA_ARGS__>;                                         \
    struct farcall_##method##_##index {                                                                                \
        using farcall_declared = farcall_##index##_declared;                                                             \
        using farcall_method = ::farcall::method_descriptor<farcall_##method##_##index>;                               \
        static constexpr ::std::string_view farcall_tail{#__VA_ARGS__};                                                \
        static constexpr ::farcall::detail::method_text farcall_text{#service, #method, #service "." #method,          \
                                                                     farcall_tail};                                    \
        FARCALL_EMIT_INVOKE(method)                                                                                    \
        FARCALL_EMIT_PROXY_METHOD(method)                                                                              \
        FARCALL_EMIT_CHECKS(#service "." #method, #method, #__VA_ARGS__)                                               \
    };                                                                                                                 \
    FARCALL_EMIT_REFUSALS(farcall_##index##_declared::check<farcall_##method##_##index::farcall_tail>(),                 \
                          #service "." #method, #__VA_ARGS__)

/// A call of the method on a handler. Template parameters have a prefix, for a method may be called `Handler`.
#define FARCALL_EMIT_INVOKE(method)                                                                                    \
    template <class FarcallHandler, class... FarcallArguments>                                                         \
    static constexpr auto invoke(FarcallHandler& handler, FarcallArguments&&... arguments)                             \
        ->decltype(handler.method(static_cast<FarcallArguments&&>(arguments)...)) {                                    \
        return handler.method(static_cast<FarcallArguments&&>(arguments)...);                                          \
    }

/// The method's two functions in a proxy.
#define FARCALL_EMIT_PROXY_METHOD(method)                                                                              \
    template <class FarcallProxy, class FarcallSignature>                                                              \
    struct farcall_proxy_method;                                                                                       \
    template <class FarcallProxy, class FarcallResult, class... FarcallArguments>                                      \
    struct farcall_proxy_method<FarcallProxy, FarcallResult(FarcallArguments...)> {                                    \
        FarcallResult method(::farcall::detail::passed<FarcallArguments>... arguments) const {                         \
            return ::farcall::detail::proxy_access::call<farcall_method, FarcallProxy>(*this, arguments...);           \
        }                                                                                                              \
        template <class FarcallToken>                                                                                  \
        decltype(auto) method(::farcall::detail::passed<FarcallArguments>... arguments, FarcallToken&& token) const {  \
            return ::farcall::detail::proxy_access::start<farcall_method, FarcallProxy>(                               \
                *this, static_cast<FarcallToken&&>(token), arguments...);                                              \
        }                                                                                                              \
    };                                                                                                                 \
    template <class FarcallProxy>                                                                                      \
    struct farcall_proxy_method<FarcallProxy, ::farcall::detail::stream_signature> {                                   \
        template <class... FarcallArguments>                                                                           \
        void method(FarcallArguments&&...) const {                                                                     \
            farcall_refuse_streams<FarcallProxy>();                                                                    \
        }                                                                                                              \
    };

/// Errors of those who use the method: instantiated by the skeleton and the proxy.
#define FARCALL_EMIT_CHECKS(wire_name, method, tail)                                                                   \
    template <class Handler>                                                                                           \
    static consteval void farcall_check_handler() {                                                                    \
        constexpr ::farcall::handler_match match = ::farcall::handler_call<farcall_method, Handler>;                   \
        static_assert(match != ::farcall::handler_match::missing,                                                      \
                      wire_name ": the handler lacks a member function '" method "' callable as " tail);               \
        static_assert(match != ::farcall::handler_match::wrong_result,                                                 \
                      wire_name ": the handler's '" method "' does not return the declared result of " tail);          \
    }                                                                                                                  \
    template <class User>                                                                                              \
    static consteval void farcall_refuse_streams() {                                                                   \
        static_assert(!::farcall::detail::any_type<User>,                                                              \
                      wire_name ": streams are not available in this version of farcall; remove it or return a "       \
                                "std::vector: " tail);                                                                 \
    }                                                                                                                  \
    template <class Declaration>                                                                                       \
    static consteval void farcall_check_json_form() {                                                                  \
        static_assert(::farcall::detail::free_of<Declaration, ::farcall::detail::mistake::no_json_form>,               \
                      wire_name ": a type has no JSON form, see the compiler's note for which and why: " tail);        \
    }                                                                                                                  \
    template <bool Token>                                                                                              \
    static consteval void farcall_check_token() {                                                                      \
        static_assert(Token, wire_name ": one argument too many, for it is no completion token such as "               \
                                       "boost::asio::use_awaitable or a callback: " tail);                             \
    }                                                                                                                  \
    template <bool Safe>                                                                                               \
    static consteval void farcall_check_retry_policy() {                                                               \
        static_assert(Safe, wire_name " is not idempotent, and the proxy's retry policy may run it twice; declare "    \
                                      "it farcall::readonly, farcall::idempotent or farcall::exactly_once, or use "    \
                                      "another policy");                                                               \
    }

/// Errors of the declaration itself.
#define FARCALL_EMIT_REFUSALS(declaration, wire_name, tail)                                                            \
    FARCALL_EMIT_REFUSAL(declaration, no_signature,                                                                    \
                         wire_name ": behind the name stands the signature, as in int(int a, int b), and there is "    \
                                   "none")                                                                             \
    FARCALL_EMIT_REFUSAL(declaration, not_a_function,                                                                  \
                         wire_name ": behind the name stands its signature, as in int(int a, int b), and not " tail)   \
    FARCALL_EMIT_REFUSAL(declaration, qualified,                                                                       \
                         wire_name ": write the signature without const, noexcept, & and ... behind it: " tail)        \
    FARCALL_EMIT_REFUSAL(declaration, pointer_parameter,                                                               \
                         wire_name ": a parameter is a raw pointer (or an array or function, which become one); take " \
                                   "a value, std::optional, a container, and std::string for text: " tail)             \
    FARCALL_EMIT_REFUSAL(declaration, reference_parameter,                                                             \
                         wire_name ": a parameter is a reference that is not const; a call carries values only, take " \
                                   "the value or a const reference, and return what changes: " tail)                   \
    FARCALL_EMIT_REFUSAL(declaration, reference_result,                                                                \
                         wire_name ": the result is a reference or a pointer; return the value: " tail)                \
    FARCALL_EMIT_REFUSAL(declaration, unknown_attribute,                                                               \
                         wire_name ": a type behind the signature is no attribute (they derive from "                  \
                                   "farcall::attribute): " tail)                                                       \
    FARCALL_EMIT_REFUSAL(declaration, contradictory_attributes,                                                        \
                         wire_name ": attributes contradict or repeat one another; exactly_once goes without "         \
                                   "readonly and idempotent, all but throws and alias are given once: " tail)          \
    FARCALL_EMIT_REFUSAL(declaration, bad_timeout, wire_name ": timeout_ms<> must be above 0: " tail)                  \
    FARCALL_EMIT_REFUSAL(declaration, bad_cacheable,                                                                   \
                         wire_name ": cacheable_ms<> must be above 0, and of a method that is farcall::readonly: "     \
                                   tail)                                                                               \
    FARCALL_EMIT_REFUSAL(declaration, bad_alias,                                                                       \
                         wire_name ": alias<> must not be empty nor begin with \"rpc.\": " tail)

#define FARCALL_EMIT_REFUSAL(declaration, kind, ...)                                                                   \
    static_assert(::farcall::detail::free_of<decltype(declaration), ::farcall::detail::mistake::kind>, __VA_ARGS__);
