#pragma once

#include <exception>
#include <string>

#include <farcall/client/read_reply.hpp>
#include <farcall/protocol/response.hpp>

namespace farcall::detail {

/// The error of a result that does not fit the declaration.
inline error misfit(const codec_error& why, std::string_view method) {
    return error{status::internal, "the result does not fit the declaration: " + why.text("result") +
                                       "; compare the declarations on both sides"}
        .with_executed(executed::yes)
        .with_method(method);
}

FARCALL_DECL std::optional<error> reread_result(const reply& end, std::string_view method, const json_reader& failed,
                                                void* value, read_anew read) {
    if (end.message.empty()) return misfit(failed.error(), method);
    limits bounds;
    bounds.depth = end.depth;
    response_reader reader{bounds};
    if (reader.read_checked(end.message) != reply_kind::response ||
        reader.response().says != response_view::outcome::result) {
        std::string problem{reader.problem()};
        if (problem.empty()) problem = "it has no result";
        return error{status::internal, "the server's answer is malformed: " + problem}.with_method(method);
    }
    json_reader again{reader.response().result, end.depth == 0 ? 0 : end.depth - 1};
    if (read(again, value)) return std::nullopt;
    return misfit(again.error(), method);
}

FARCALL_DECL error thrown_by_codec(std::string_view method) {
    try {
        throw;
    } catch (const std::exception& thrown) {
        codec_error problem;
        problem.message = thrown.what();
        return misfit(problem, method);
    }
}

}  // namespace farcall::detail
