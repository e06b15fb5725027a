#pragma once

#include <stdexcept>

#include <farcall/client/remote_exception.hpp>

namespace farcall::detail {

/// An exception of the standard library that the server named by its type, made again; null for any other type.
inline std::exception_ptr standard_exception(const error& why) {
    struct known {
        std::string_view name;
        std::exception_ptr (*make)(const error&);
    };
    static constexpr known all[] = {
        {"std::logic_error", [](const error& e) { return make_raised(std::logic_error{e.message()}, e); }},
        {"std::domain_error", [](const error& e) { return make_raised(std::domain_error{e.message()}, e); }},
        {"std::invalid_argument", [](const error& e) { return make_raised(std::invalid_argument{e.message()}, e); }},
        {"std::length_error", [](const error& e) { return make_raised(std::length_error{e.message()}, e); }},
        {"std::out_of_range", [](const error& e) { return make_raised(std::out_of_range{e.message()}, e); }},
        {"std::runtime_error", [](const error& e) { return make_raised(std::runtime_error{e.message()}, e); }},
        {"std::range_error", [](const error& e) { return make_raised(std::range_error{e.message()}, e); }},
        {"std::overflow_error", [](const error& e) { return make_raised(std::overflow_error{e.message()}, e); }},
        {"std::underflow_error", [](const error& e) { return make_raised(std::underflow_error{e.message()}, e); }},
    };
    for (const known& one : all)
        if (why.type() == one.name) return one.make(why);
    return nullptr;
}

FARCALL_DECL error with_remote_exception(const error& why, declared_exceptions declared) {
    if (why.type().empty() || why.origin() != origin::peer) return why;
    std::exception_ptr cause;
    for (const declared_exception_form& one : declared) {
        if (why.type() != one.type) continue;
        cause = one.make(why);
        break;
    }
    if (!cause) cause = standard_exception(why);
    return cause ? why.with_cause(std::move(cause)) : why;
}

}  // namespace farcall::detail
