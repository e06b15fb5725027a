#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/metadata.hpp>
#include <farcall/observe/span_exporter.hpp>

namespace farcall {

namespace detail {
class otlp_sender;
class otlp_thread;
}  // namespace detail

/// What an `otlp_http_exporter` can be told when it is made.
struct otlp_http_options {
    /// What the process is called in traces: the resource's "service.name".
    std::string service{"unknown_service"};
    /// The collector; a URL without a path gets /v1/traces. No TLS: an https collector is reached through an agent on
    /// this machine.
    std::string url{"http://127.0.0.1:4318/v1/traces"};
    /// More of the resource, such as "deployment.environment.name".
    std::vector<span_attribute> resource{};
    /// Go with every request, such as `authorization`.
    metadata headers{};
    /// Spans that wait at most; one more is dropped and counted. At least 1.
    std::size_t queue = 2'048;
    /// Spans in one request at most. At least 1.
    std::size_t batch = 512;
    /// How long a span waits for others, unless there is a batch of them.
    std::chrono::milliseconds delay{5'000};
    /// For one request and its answer.
    std::chrono::milliseconds timeout{10'000};
    /// Of one batch; between them the collector's `Retry-After`, or `pause` doubled each time, with jitter. Only what may
    /// pass (no connection, 429, 502, 503, 504) is tried again. At least 1.
    unsigned attempts = 5;
    /// Before the second attempt.
    std::chrono::milliseconds pause{1'000};
    /// How long the destructor waits until what is there is sent, whatever keeps it; the rest is dropped. Without effect with
    /// `executor`.
    std::chrono::milliseconds last_wait{2'000};
    /// Is told, on the exporter's thread, why a batch is lost; must not throw. Never once the destructor has returned, which
    /// waits for one that is being told. The text may be a peer's: escape it.
    std::function<void(std::string_view why, std::size_t spans)> lost{};
    /// Where it works; its context must outlive the exporter. Empty: on a thread of its own.
    std::optional<boost::asio::any_io_executor> executor{};
};

/// Sends spans to an OpenTelemetry collector: OTLP over HTTP, as JSON, in batches.
///
/// Never holds up a call: a span is put into a bounded queue, and what is too much is dropped and counted.
/// @code
///     auto spans = std::make_shared<farcall::otlp_http_exporter>(farcall::otlp_http_options{.service = "shop"});
///     options.interceptors.push_back(farcall::tracing{spans});
/// @endcode
/// With a thread of its own the destructor sends what is left, see `last_wait`. On an executor it drops that: call `flush`
/// and run the executor a while before.
/// @par Errors         `invalid_argument` for a URL that is none of HTTP's
/// @par Thread safety  Safe.
/// @see OpenTelemetry Protocol 1.x, "OTLP/HTTP"
class otlp_http_exporter {
public:
    /// Connects when there is something to send.
    FARCALL_DECL explicit otlp_http_exporter(otlp_http_options options);
    otlp_http_exporter(const otlp_http_exporter&) = delete;
    otlp_http_exporter& operator=(const otlp_http_exporter&) = delete;
    FARCALL_DECL ~otlp_http_exporter();

    /// See `exporting_spans`.
    FARCALL_DECL void ended(span made);

    /// Sends what waits without waiting for more. Returns at once.
    FARCALL_DECL void flush();

    /// What has become of the spans since the beginning; what waits is in none of them.
    struct counts {
        std::uint64_t sent = 0;      ///< taken by the collector
        std::uint64_t dropped = 0;   ///< the queue was full, or there was no time at the end
        std::uint64_t rejected = 0;  ///< the collector got them and wants them not
        std::uint64_t lost = 0;      ///< could not be delivered

        /// Equal in all.
        friend bool operator==(const counts&, const counts&) = default;
    };
    /// The present counts.
    FARCALL_DECL counts counted() const;

private:
    std::chrono::milliseconds last_wait_{0};
    std::unique_ptr<detail::otlp_thread> thread_;
    std::shared_ptr<detail::otlp_sender> sender_;  ///< behind the thread, whose event loop it uses
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/observe/impl/otlp_http_exporter.ipp>
#endif
