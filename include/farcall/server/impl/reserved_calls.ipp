#pragma once

#include <string>
#include <utility>

#include <farcall/codec/json_reader.hpp>
#include <farcall/codec/scan.hpp>
#include <farcall/interceptor/intercepted_call.hpp>
#include <farcall/detail/error_code.hpp>
#include <farcall/protocol/hello.hpp>
#include <farcall/protocol/side_message.hpp>
#include <farcall/server/incoming_call.hpp>
#include <farcall/server/metrics_document.hpp>
#include <farcall/server/reserved_calls.hpp>
#include <farcall/server/server_connection.hpp>

namespace farcall::detail {

FARCALL_DECL void reserved_calls::answer_seen(const reply_route& route, const intercepted_call& seen) {
    request_view request;
    request.id = seen.id;
    request.method = seen.method;
    request.params = seen.params;
    seen_ = &seen;
    answer_checked(route, request);
    seen_ = nullptr;
}

FARCALL_DECL void reserved_calls::answer(std::string_view text, const std::shared_ptr<reply_batch>& batch,
                                         call_account& account) {
    request_reader& reader = connection_.reader();
    if (!reader.request().params_checked && reader.read_checked(text) == message_kind::refused)
        return connection_.refuse(batch.get(), account);
    answer_checked({&connection_, reader.request().id, batch.get(), &account}, reader.request());
}

FARCALL_DECL void reserved_calls::answer_checked(const reply_route& route, const request_view& request) {
    if (request.method == hello_name) return answer_hello(route, request);
    if (request.method == health_name) return answer_health(route, request);
    if (request.method == metrics_name) return answer_metrics(route, request);
    if (request.method == debug_calls_name) return answer_debug_calls(route, request);
    answer_discover(route, request);
}

FARCALL_DECL void reserved_calls::answer_discover(const reply_route& route, const request_view& request) {
    if (!may_see("/openrpc.json", route, request)) return;
    server_shared& shared = connection_.shared();
    const std::string& document = shared.openrpc.text(shared.methods, shared.options);
    route.succeed([&](json_writer& out) { return out.raw(document); });
}

FARCALL_DECL bool reserved_calls::may_see(std::string_view path, const reply_route& route,
                                          const request_view& request) {
    const page_access& pages = connection_.shared().pages;
    const bool offered = connection_.offers_pages();
    auto found = pages.look(path, offered, {});
    if (found == page_access::verdict::locked && seen_ != nullptr) {
        found = pages.look(path, offered, seen_->headers.get("authorization").value_or(std::string_view{}));
    } else if (found == page_access::verdict::locked) {
        // Only those who need it pay for the reading.
        call_meta meta;
        std::string problem;
        if (!read_meta(request.meta, meta, problem)) {
            route.fail(error{status::invalid_argument, std::move(problem)}.with_executed(executed::no));
            return false;
        }
        if (const call_meta* around = connection_.around()) meta.add(*around);
        found = pages.look(path, offered, meta.headers.get("authorization").value_or(std::string_view{}));
    }
    if (found == page_access::verdict::absent)
        route.fail(connection_.shared().methods.missing(request.method));
    else if (found == page_access::verdict::locked)
        route.fail(error{status::unauthenticated,
                         std::string{request.method} + " wants a token: send it as metadata, authorization: Bearer and the token"}
                       .with_executed(executed::no));
    return found == page_access::verdict::shown;
}

FARCALL_DECL void reserved_calls::answer_metrics(const reply_route& route, const request_view& request) {
    if (!may_see("/metrics", route, request)) return;
    server_shared& shared = connection_.shared();
    if (!shared.metrics.counts())
        return route.fail(error{status::unimplemented, "this server counts nothing: server_options::metrics is off"}
                              .with_executed(executed::no));
    std::uint64_t seconds = 0;
    const std::string_view said = side_member(request.params, "history");
    json_reader in{said, 1};
    if (!said.empty() && !(in.integer(seconds) && in.finish() && seconds <= metrics_history::kept))
        return route.fail(error{status::invalid_argument,
                                "rpc.metrics: history is a number of seconds, at most " +
                                    std::to_string(metrics_history::kept)}
                              .with_executed(executed::no));
    text_buffer result;
    append_metrics(result, shared, static_cast<std::size_t>(seconds));
    route.succeed([&](json_writer& out) { return out.raw(result.view()); });
}

FARCALL_DECL void reserved_calls::answer_debug_calls(const reply_route& route, const request_view& request) {
    if (!may_see("/debug/calls", route, request)) return;
    server_shared& shared = connection_.shared();
    if (!shared.options.debug_calls)
        return route.fail(error{status::unimplemented, "this server keeps no calls: server_options::debug_calls is not set"}
                              .with_executed(executed::no));
    std::string text = *shared.debug_text();
    // One line for those who speak in lines; inside of strings there is none.
    std::replace(text.begin(), text.end(), '\n', ' ');
    route.succeed([&](json_writer& out) { return out.raw(text); });
}

FARCALL_DECL void reserved_calls::answer_hello(const reply_route& route, const request_view& request) {
    hello_answer answer;
    if (hello_wants_session(request.params)) {
        try {
            const std::string& principal = seen_ != nullptr ? seen_->principal : connection_.peer()->principal;
            opened_session opened = connection_.shared().recorded.kept().open(principal, connection_.arrived()).value();
            answer = {std::move(opened.id), opened.window, opened.lease};
        } catch (const error& why) {
            return route.fail(why);
        }
    }
    text_buffer result;
    append_hello_answer(result, answer);
    route.succeed([&](json_writer& out) { return out.raw(result.view()); });
}

FARCALL_DECL void reserved_calls::answer_health(const reply_route& route, const request_view& request) {
    const health& wanted = connection_.shared().wanted;
    const std::string_view said = side_member(request.params, "service");
    std::string scratch;
    std::string_view service;
    if (!said.empty()) {
        if (said.front() != '"')
            return route.fail(error{status::invalid_argument, "rpc.health: service is a name, such as \"Calculator\""}
                                  .with_executed(executed::no));
        service = scan_unescape(said, scratch);
    }
    if (!wanted.serving(service))
        return route.fail(
            error{status::not_found, "no service " + excerpt(service) + "; without service, rpc.health tells of all"});
    text_buffer result;
    wanted.append(result, service);
    route.succeed([&](json_writer& out) { return out.raw(result.view()); });
}

FARCALL_DECL bool reserved_calls::take(const request_view& message) {
    if (message.method == cancel_name || message.method == lsp_cancel_name) {
        const std::string_view id = read_cancel(message.params);
        if (!id.empty()) connection_.cancel(id);
        return !id.empty();
    }
    if (message.method == ping_name) {
        const auto number = read_ping(message.params);
        if (number) take_ping(*number);
        return number.has_value();
    }
    return false;
}

FARCALL_DECL void reserved_calls::take_ping(std::uint64_t number) {
    const time_point now = connection_.read_at();
    if (now - pings_since_ >= ping_window) {
        pings_since_ = now;
        pings_ = 0;
    }
    const std::size_t most = connection_.shared().options.limits.pings;
    if (++pings_ > most)
        return connection_.close_with(
            {.code = code_of(status::resource_exhausted),
             .message = "limits.pings: more than " + std::to_string(most) +
                        " pings within a minute; ask less often whether this server is there"},
            limit_name::pings);
    if (!connection_.pushes()) return;
    append_pong(connection_.replies().begin(nullptr), number);
    connection_.replies().end(nullptr);
}

}  // namespace farcall::detail
