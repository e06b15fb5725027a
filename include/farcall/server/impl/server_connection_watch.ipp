#pragma once

/// @file
/// What a connection tells the observers of its server.

#include <string>

#include <boost/asio/error.hpp>

#include <farcall/detail/utf8.hpp>
#include <farcall/server/server_connection.hpp>

namespace farcall::detail {

FARCALL_DECL connection_tag server_connection::tag() const noexcept {
    return {call_side::server, id_, accepted_from_,
            protocol_ == connection_protocol::undecided ? std::string_view{} : to_string(protocol_)};
}

FARCALL_DECL void server_connection::limit_hit(limit_name limit) const {
    shared_->metrics.hit(limit);
    if (shared_->watched.any()) shared_->watched.tell(limit_event{tag(), to_string(limit)});
}

FARCALL_DECL void server_connection::drop(std::string_view what, std::string_view which) const {
    if (shared_->watched.any()) shared_->watched.tell(drop_event{tag(), what, which});
}

FARCALL_DECL void server_connection::tell_up() const {
    if (shared_->watched.any() && !refused_) shared_->watched.connection_up({tag(), {}});
}

FARCALL_DECL void server_connection::tell_down(boost::system::error_code failure) const {
    if (!shared_->watched.any() || refused_) return;
    // The peer's end of it is as good as ours; and what we end ourselves is said in `why_closed_`.
    const bool in_order = !failure || failure == boost::asio::error::eof || failure == boost::asio::error::operation_aborted;
    const std::string reason = !why_closed_.empty() || in_order ? why_closed_ : failure.message();
    shared_->watched.connection_down({tag(), reason});
}

FARCALL_DECL void server_connection::close_because(limit_name limit) {
    limit_hit(limit);
    if (shared_->watched.any()) why_closed_ = "limits." + std::string{to_string(limit)};
}

FARCALL_DECL std::shared_ptr<call_details> server_connection::see(const request_view& request) const {
    const auto made = std::make_shared<call_details>();
    made->method = cut_utf8(request.method, call_details::most_text);
    made->id = cut_utf8(request.id, call_details::most_text);
    made->params = cut_utf8(request.params, shared_->watched.watch_params());
    made->params_size = request.params.size();
    return made;
}

FARCALL_DECL void server_connection::tell(const call_account& account, time_point now) const {
    const call_details& seen = *account.seen;
    if (account.refused) return drop("what is no request", seen.id);
    shared_->watched.tell(call_event{.connection = tag(),
                                     .method = seen.method,
                                     .info = account.method != nullptr ? account.method->info : nullptr,
                                     .id = seen.id,
                                     .request_id = seen.request_id,
                                     .traceparent = seen.traceparent,
                                     .params = seen.params,
                                     .params_size = seen.params_size,
                                     .bytes_in = account.bytes_in,
                                     .bytes_out = account.bytes_out,
                                     .time = account.time(now),
                                     .queue = account.queued(),
                                     .attempts = seen.attempt,
                                     .status = account.status,
                                     .failure = seen.failure ? &*seen.failure : nullptr});
}

}  // namespace farcall::detail
