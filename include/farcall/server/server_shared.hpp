#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include <farcall/observe/debug_calls.hpp>
#include <farcall/observe/observer.hpp>
#include <farcall/peer.hpp>
#include <farcall/protocol/http/site.hpp>
#include <farcall/server/dispatcher.hpp>
#include <farcall/server/health.hpp>
#include <farcall/server/kept_metrics.hpp>
#include <farcall/server/metrics_registry.hpp>
#include <farcall/server/openrpc.hpp>
#include <farcall/server/page_access.hpp>
#include <farcall/server/recorder.hpp>
#include <farcall/server/worker_pool.hpp>
#include <farcall/server_options.hpp>
#include <farcall/store/memory_store.hpp>
#include <farcall/transport/time_source.hpp>

namespace farcall::detail {

class server_connection;

/// What all connections of a server have in common. Outlives them.
///
/// @par Thread safety  What changes once the server runs is safe: `openrpc`, `wanted`, `metrics`, `told`, `workers`, `recorded`, `buffered` and what `forget` and `forget_last_call` do.
struct server_shared {
    explicit server_shared(server_options chosen)
        : options(std::move(chosen)),
          time(options.time ? options.time : system_time()),
          pages(options.http.pages),
          workers(options.executor ? worker_pool{*options.executor}
                                   : worker_pool{options.worker_threads, options.worker_queue}),
          recorded(options.store, time),
          kept_answers(brief_store(), time) {}

    static std::vector<observer> with_debug(const server_options& options) {
        std::vector<observer> all = options.observers;
        if (options.debug_calls) all.emplace_back(options.debug_calls);
        return all;
    }

    /// For clients that repeat what they have just sent.
    static std::shared_ptr<store> brief_store() {
        return std::make_shared<memory_store>(
            memory_store_options{.bytes = 4u << 20, .keys = std::chrono::minutes{10}});
    }

    /// All that is counted.
    server_metrics measure() const {
        server_metrics made = metrics.read(time->now());
        made.workers = workers.metrics();
        made.buffered_bytes = buffered.load(std::memory_order_relaxed);
        return made;
    }

    /// What `/debug/calls` says. Only where calls are kept.
    std::shared_ptr<const std::string> debug_text() {
        return told.calls.get(time->now(), [&] { return options.debug_calls->json(); });
    }

    server_options options;
    observers watched{with_debug(options)};
    std::shared_ptr<time_source> time;
    /// Who may see what the server tells of itself.
    page_access pages;
    dispatcher methods;
    kept_openrpc_document openrpc;
    health wanted;
    metrics_registry metrics;
    /// What is said of them.
    kept_metrics told;
    /// What is offered over HTTP; made when the server starts.
    std::unique_ptr<http_site> site;
    worker_pool workers;
    recorder recorded;
    /// What is answered again to requests in a dialect that come twice, of methods that promise nothing.
    recorder kept_answers;
    std::function<void(peer&)> on_connect;
    std::function<void(peer&)> on_disconnect;
    /// Bytes held for all connections.
    std::atomic<std::size_t> buffered{0};
    /// A connection has ended; called on its executor, last of all.
    std::function<void(server_connection&)> forget;
    /// The last call has ended of a connection that had ended before; called on its executor.
    std::function<void(server_connection&)> forget_last_call;
};

}  // namespace farcall::detail
