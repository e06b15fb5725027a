#pragma once

#include <exception>
#include <string>

#include <farcall/client/read_reply.hpp>
#include <farcall/protocol/response.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// The error of a result that does not fit the declaration.
inline error misfit(const codec_error& why, std::string_view method) {
    return error{status::internal, "the result does not fit the declaration: " + why.text("result") +
                                       "; compare the declarations on both sides"}
        .with_executed(executed::yes)
        .with_method(method);
}

inline bool read_by_form(json_reader& in, const answer_form& form, void* value) {
    return form.read != nullptr ? form.read(in, value) : in.skip_value() && in.finish();
}

/// What follows when the value in the answer's result could not be read: whoever reads the whole message in full may
/// find that its text in place was no good, and reads the value from the right one.
///
/// @param failed  what read the text in place
/// @returns why there is no value, or none: it was read after all
[[gnu::cold]] inline std::optional<error> reread_result(const reply& end, std::string_view method,
                                                        const json_reader& failed, const answer_form& form, void* value) {
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
    if (form.renew != nullptr) form.renew(value);
    json_reader again{reader.response().result, end.depth == 0 ? 0 : end.depth - 1};
    if (read_by_form(again, form, value)) return std::nullopt;
    return misfit(again.error(), method);
}

FARCALL_DECL std::optional<error> read_reply(const reply& end, std::string_view method, const answer_form& form,
                                             void* value) {
    if (end.failure != nullptr) return with_remote_exception(end.failure->with_method(method), form.thrown);
    try {
        json_reader in{end.result, end.depth == 0 ? 0 : end.depth - 1};  // the message itself is one level
        in.expect(end.arriving);
        if (read_by_form(in, form, value)) [[likely]] return std::nullopt;
        return reread_result(end, method, in, form, value);
    } catch (const std::exception& thrown) {
        codec_error problem;
        problem.message = thrown.what();
        return misfit(problem, method);
    }
}

}  // namespace farcall::detail
