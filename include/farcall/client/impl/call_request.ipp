#pragma once

#include <algorithm>

#include <farcall/client/call_request.hpp>

namespace farcall::detail {

FARCALL_DECL void call_request::fill(outgoing_call& call) const {
    call.method = name();
    call.params = params.view();
    call.headers = headers.empty() ? nullptr : &headers;
    call.deadline = deadline;
    call.repeatable = repeatable;
}

FARCALL_DECL std::chrono::steady_clock::time_point call_request::latest() const {
    if (deadline == never) return std::chrono::steady_clock::time_point::max();
    return std::chrono::steady_clock::now() + (deadline - core->time().now());
}

FARCALL_DECL void call_request::start(outgoing_call& call) const {
    if (policy)
        start_retrying(core, policy, call);
    else
        core->channel().start(call);
}

FARCALL_DECL void call_request::set_deadline(const call_options& options, std::chrono::milliseconds declared) {
    std::chrono::milliseconds timeout = declared.count() != 0 ? declared : core->options().timeout;
    if (options.timeout) timeout = *options.timeout;
    if (timeout.count() == 0) return;
    deadline = core->time().now() + std::min(timeout, core->options().limits.longest_deadline);
}

FARCALL_DECL void call_request::refuse(const codec_error& why) {
    failure = error{status::invalid_argument, "the arguments cannot be sent: " + why.text("params")}.with_executed(
        executed::no);
}

}  // namespace farcall::detail
