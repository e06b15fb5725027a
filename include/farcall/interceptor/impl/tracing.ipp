#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <farcall/detail/ascii.hpp>
#include <farcall/detail/error_code.hpp>
#include <farcall/detail/library_calls.hpp>
#include <farcall/detail/shared_random.hpp>
#include <farcall/detail/system_random.hpp>
#include <farcall/detail/utf8.hpp>
#include <farcall/endpoint.hpp>
#include <farcall/interceptor/tracing.hpp>

namespace farcall {
namespace detail {

/// New ids for traces and spans.
///
/// @par Thread safety  Safe.
class trace_ids {
public:
    explicit trace_ids(random_source& seeds) : high_(seeds), low_(seeds), span_(seeds) {}

    std::uint64_t span() noexcept { return span_.next(); }
    span_context trace() noexcept { return {.trace_high = high_.next(), .trace_low = low_.next()}; }

private:
    shared_random high_, low_, span_;
};

/// The span of a call under way, from `before` to `after`.
struct open_span {
    open_span(const span_exporter& to, span begun, time_point now)
        : exporter(to), made(std::move(begun)), began(now) {}
    open_span(const open_span&) = delete;
    open_span& operator=(const open_span&) = delete;
    /// A call that is dropped with the program's event loop has no `after`; its trace must not lack the span.
    ~open_span() {
        if (exported) return;
        made.status = status::cancelled;
        made.message = "the call was dropped before it ended";
        exporter.ended(std::move(made));
    }

    void end(time_point now) noexcept {
        made.time = now - began;
        exported = true;
        exporter.ended(std::move(made));
    }

    span_exporter exporter;
    span made;
    time_point began;
    bool exported = false;
};

/// The spans of a call under way, of each `tracing` that it passes: one may pass several, which end in turn.
struct open_spans_of_call {
    std::vector<std::pair<const void*, std::shared_ptr<open_span>>> open;
};

constexpr std::size_t longest_in_span = 256;  ///< bytes of a text that is a peer's

inline std::string cut_for_span(std::string_view text) { return std::string{cut_utf8(text, longest_in_span)}; }

/// "127.0.0.1:40312", "[::1]:40312", "unix:0".
inline void add_peer(std::vector<span_attribute>& to, std::string_view address) {
    const std::size_t colon = address.rfind(':');
    if (colon == std::string_view::npos) return;
    std::string_view host = address.substr(0, colon);
    if (host == "unix" || host == "memory") {
        to.push_back({"network.transport", std::string{host == "unix" ? "unix" : "pipe"}});
        return;
    }
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    to.push_back({"network.peer.address", cut_for_span(host)});
    std::int64_t port = 0;
    for (const char c : address.substr(colon + 1)) {
        if (!ascii_digit(c) || port > 65'535) return;
        port = port * 10 + (c - '0');
    }
    to.push_back({"network.peer.port", port});
}

inline std::vector<span_attribute> describe_server(const std::string& url) {
    std::vector<span_attribute> to;
    const result<endpoint> server = parse_endpoint(url);
    if (!server) return to;
    const bool unix_socket = server->scheme == "unix";
    to.push_back({"server.address", unix_socket ? server->path : server->host});
    if (server->port != 0) to.push_back({"server.port", std::int64_t{server->port}});
    if (server->scheme == "http") to.push_back({"network.protocol.name", std::string{"http"}});
    if (server->scheme == "ws") to.push_back({"network.protocol.name", std::string{"websocket"}});
    if (unix_socket)
        to.push_back({"network.transport", std::string{"unix"}});
    else if (server->scheme == "tcp" || server->scheme == "http" || server->scheme == "ws")
        to.push_back({"network.transport", std::string{"tcp"}});
    return to;
}

/// What spans say of the servers that are called: a URL is read once, not once a call.
///
/// Remembers the last few, for one `tracing` may be in several clients.
/// @par Thread safety  Safe.
class traced_servers {
public:
    void describe(std::vector<span_attribute>& to, const std::string& url) {
        const std::lock_guard lock(mutex_);
        const entry& known = of(url);
        to.insert(to.end(), known.attributes.begin(), known.attributes.end());
    }

private:
    struct entry {
        std::string url;
        std::vector<span_attribute> attributes;
    };

    const entry& of(const std::string& url) {
        for (const entry& each : known_)
            if (each.url == url) return each;
        entry made{url, describe_server(url)};
        if (known_.size() < most) return known_.emplace_back(std::move(made));
        return known_[next_++ % most] = std::move(made);
    }

    static constexpr std::size_t most = 8;

    std::mutex mutex_;
    std::vector<entry> known_;
    std::size_t next_ = 0;  ///< whose place the next one takes
};

/// A request's id as text: what stands in quotes without them.
inline std::string id_text(std::string_view id) {
    if (id.size() >= 2 && id.front() == '"') id = id.substr(1, id.size() - 2);
    return cut_for_span(id);
}

inline void describe_begin(span& made, const intercepted_call& call, traced_servers& servers) {
    auto& facts = made.attributes;
    facts.push_back({"rpc.system.name", std::string{"jsonrpc"}});
    facts.push_back({"jsonrpc.protocol.version", std::string{"2.0"}});
    const bool unknown_here = call.side == call_side::server && call.info == nullptr;
    // Whatever a peer calls may not become one more name in every chart.
    made.name = unknown_here && !library_call(call.method) ? "_OTHER" : cut_for_span(call.method);
    facts.push_back({"rpc.method", made.name});
    if (made.name == "_OTHER") facts.push_back({"rpc.method_original", cut_for_span(call.method)});
    if (!call.id.empty() && call.id != "null") facts.push_back({"jsonrpc.request.id", id_text(call.id)});
    if (call.side == call_side::client)
        servers.describe(facts, call.server);
    else if (call.peer)
        add_peer(facts, call.peer->address);
    if (call.attempt > 1) facts.push_back({"farcall.attempt", std::int64_t{call.attempt}});
}

/// @param time  that the call took
inline void describe_end(span& made, const call_outcome& end, std::chrono::nanoseconds time) {
    auto& facts = made.attributes;
    made.status = end.status();
    // Whoever says that it took longer than the call is wrong.
    if (end.server_time && *end.server_time <= time)
        facts.push_back({"farcall.server_us", std::int64_t{end.server_time->count()}});
    if (end.stale) facts.push_back({"farcall.stale", true});
    if (!end.failure) return;
    const error& why = *end.failure;
    made.message = cut_for_span(why.message());
    facts.push_back({"error.type", std::string{to_string(why.status())}});
    // What a client found out by itself was never an answer, and has no number.
    if (made.side == call_side::server || why.code() != 0)
        facts.push_back({"rpc.response.status_code",
                         std::to_string(why.code() != 0 || why.has_own_code() ? why.code() : code_of(why.status()))});
    if (made.side == call_side::client) facts.push_back({"farcall.executed", std::string{to_string(why.executed())}});
}

}  // namespace detail

FARCALL_DECL tracing::tracing(span_exporter exporter, tracing_options options)
    : exporter_(std::move(exporter)),
      servers_(std::make_shared<detail::traced_servers>()),
      share_(options.share),
      reserved_(options.reserved) {
    if (options.random) {
        ids_ = std::make_shared<detail::trace_ids>(*options.random);
    } else {
        detail::system_random seeds;
        ids_ = std::make_shared<detail::trace_ids>(seeds);
    }
}

FARCALL_DECL void tracing::before(intercepted_call& call) {
    if (!reserved_ && call.method.starts_with("rpc.")) return;
    span made;
    if (const auto parent = parse_traceparent(call.trace.traceparent)) {
        made.context = *parent;
        made.parent = parent->span;
        if (!valid_tracestate(call.trace.tracestate)) call.trace.tracestate.clear();
    } else {
        made.context = ids_->trace();
        // The last 63 bits as a fraction, so that every process takes the same traces for the same share.
        made.context.sampled = std::ldexp(static_cast<double>(made.context.trace_low >> 1), -63) < share_;
        call.trace.tracestate.clear();  // belongs to the text that is none
    }
    made.context.span = ids_->span();
    call.trace.traceparent = to_traceparent(made.context);
    if (!made.context.sampled) return;

    auto& all = call.local<detail::open_spans_of_call>().open;
    made.side = call.side;
    made.remote_parent = call.side == call_side::server && made.parent != 0 && all.empty();
    made.tracestate = call.trace.tracestate;
    made.begin = call.wall();
    detail::describe_begin(made, call, *servers_);
    exporter_.began(made);
    all.emplace_back(this, std::make_shared<detail::open_span>(exporter_, std::move(made), call.now()));
}

FARCALL_DECL void tracing::after(intercepted_call& call, call_outcome& end) {
    auto& all = call.local<detail::open_spans_of_call>().open;
    const auto mine = std::find_if(all.rbegin(), all.rend(), [&](const auto& each) { return each.first == this; });
    if (mine == all.rend()) return;
    const auto open = std::move(mine->second);
    all.erase(std::prev(mine.base()));
    const time_point now = call.now();
    detail::describe_end(open->made, end, now - open->began);
    open->end(now);
}

}  // namespace farcall
