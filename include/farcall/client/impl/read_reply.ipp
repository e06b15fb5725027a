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
    std::string text = "the result does not fit the declaration: result";
    if (!why.path.empty() && why.path.front() != '[') text += '.';
    text += why.text() + "; compare the declarations on both sides";
    return error{status::internal, std::move(text)}.with_executed(executed::yes);
}

}  // namespace farcall::detail
