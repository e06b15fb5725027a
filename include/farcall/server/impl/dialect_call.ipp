#pragma once

#include <farcall/server/dialect_call.hpp>

namespace farcall::detail {

FARCALL_DECL dialect_call::dialect_call(const dialect_request& said, const dispatcher& methods) {
    // The answer has another form, so that the id is only that of a call that is answered.
    if (!said.notification()) request.id = "1";
    if (!said.problem.empty()) {
        failure = error{status::invalid_argument, said.problem}.with_executed(executed::no);
        return;
    }
    request.method = said.method;
    const bool whole = said.method.find('.') != std::string_view::npos;
    if (!whole && !said.service.empty()) {
        name_ = std::string{said.service} + '.' + std::string{said.method};
        request.method = name_;
    }
    method = methods.find(request.method);
    // These clients know functions, not services.
    if (method == nullptr && !whole && said.service.empty()) method = methods.find_bare(said.method);
    if (method != nullptr) request.method = method->info->wire_name;
    const auto params = join_arguments(said.params, said.kwargs,
                                       method != nullptr ? method->info->parameters : std::span<const std::string_view>{},
                                       arguments_);
    if (params)
        request.params = *params;
    else if (method != nullptr)
        failure = error{status::invalid_argument,
                        std::string{request.method} + " has arguments without a name here: give all of them in params"}
                      .with_executed(executed::no);
}

}  // namespace farcall::detail
