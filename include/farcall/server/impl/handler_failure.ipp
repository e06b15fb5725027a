#pragma once

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <typeinfo>

#include <cxxabi.h>

#include <farcall/server/handler_failure.hpp>

namespace farcall::detail {

FARCALL_DECL std::string humanised(std::string_view type_name) {
    std::string text{type_name};
    for (char& c : text)
        if (c == '_') c = ' ';
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

FARCALL_DECL error declared_failure(std::string text, std::string_view type, std::string_view value) {
    error::details texts;
    texts.message = std::move(text);
    texts.type = type;
    texts.value = value;
    return error{status::unknown, std::move(texts)}.with_executed(executed::yes);
}

/// The name of a type that is known at run time only, as `type_name<T>()` would write it.
inline std::string run_time_type_name(const std::type_info& type) {
    int failed = 0;
    const std::unique_ptr<char, decltype(&std::free)> readable{
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &failed), &std::free};
    std::string name = failed == 0 ? readable.get() : type.name();
    constexpr std::string_view anonymous = "(anonymous namespace)::";
    while (name.starts_with(anonymous)) name.erase(0, anonymous.size());
    return name;
}

inline error hidden_failure(std::string type, std::string_view text, bool expose) {
    error::details texts;
    if (expose)
        texts.message = text;
    else
        texts.message = "the handler threw " + type +
                        ", whose text stays on the server; declare it with throws<> to send it";
    if (!expose) texts.private_text = text;
    texts.type = std::move(type);
    return error{status::internal, std::move(texts)}.with_executed(executed::yes);
}

FARCALL_DECL error undeclared_failure(const std::exception_ptr& thrown, bool expose) {
    try {
        std::rethrow_exception(thrown);
    } catch (const error& chosen) {
        // What a call of the handler's own ended with says whether that one ran, not whether this one did.
        const bool nested = !chosen.method().empty();
        return nested || chosen.executed() == executed::unknown ? chosen.with_executed(executed::yes) : chosen;
    } catch (const std::logic_error& told) {
        error::details texts;
        texts.message = told.what();
        // A class derived from a standard one is told by its own name, which the caller may not know.
        texts.type = run_time_type_name(typeid(told));
        return error{status::unknown, std::move(texts)}.with_executed(executed::yes);
    } catch (const std::exception& hidden) {
        return hidden_failure(run_time_type_name(typeid(hidden)), hidden.what(), expose);
    } catch (...) {
        const std::type_info* type = abi::__cxa_current_exception_type();
        const std::string name = type != nullptr ? run_time_type_name(*type) : "an unknown type";
        return hidden_failure(name, "an exception of type " + name, expose);
    }
}

}  // namespace farcall::detail
