#pragma once

#include <farcall/client/read_reply.hpp>
#include <farcall/protocol/response.hpp>

namespace farcall::detail {

FARCALL_DECL std::string_view reread_result(const reply& end, std::string& problem) {
    limits bounds;
    bounds.depth = end.depth;
    response_reader reader{bounds};
    if (reader.read_checked(end.message) != reply_kind::response ||
        reader.response().says != response_view::outcome::result) {
        problem = reader.problem();
        if (problem.empty()) problem = "it has no result";
        return {};
    }
    return reader.response().result;
}

FARCALL_DECL error misfit(const codec_error& why) {
    return error{status::internal, "the result does not fit the declaration: " + why.text("result") +
                                       "; compare the declarations on both sides"}
        .with_executed(executed::yes);
}

}  // namespace farcall::detail
