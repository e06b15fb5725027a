#pragma once

#include <algorithm>
#include <utility>

#include <farcall/detail/utf8.hpp>
#include <farcall/observe/debug_calls.hpp>
#include <farcall/observe/log_line.hpp>

namespace farcall {

FARCALL_DECL debug_calls::debug_calls(debug_calls_options options) : options_(std::move(options)) {
    if (!options_.time) options_.time = std::make_shared<system_clocks>();
}

FARCALL_DECL time_point debug_calls::now() const {
    return options_.time->now();
}

FARCALL_DECL void debug_calls::call_ended(const call_event& event) {
    const time_point present = now();
    const bool is_slow = slow(event.time, present);
    const bool has_failed = event.status != status::ok && options_.failed != 0;
    if (!is_slow && !has_failed) return;
    const auto call = copy(event);
    const std::lock_guard lock(mutex_);
    if (is_slow) keep_slow(call, present);
    if (!has_failed) return;
    if (failed_.size() < options_.failed) return failed_.push_back(call);
    failed_[oldest_] = call;
    oldest_ = (oldest_ + 1) % options_.failed;
}

FARCALL_DECL bool debug_calls::slow(std::chrono::nanoseconds time, time_point now) const noexcept {
    if (options_.slowest == 0) return false;
    return time.count() > least_.load(std::memory_order_relaxed) ||
           now.time_since_epoch().count() >= renewed_.load(std::memory_order_relaxed);
}

FARCALL_DECL void debug_calls::keep_slow(const std::shared_ptr<const debug_call>& call, time_point now) {
    std::erase_if(slowest_, [&](const kept& each) { return each.until <= now; });
    const auto slower = [](const kept& a, const kept& b) { return a.call->time > b.call->time; };
    const kept added{now + options_.remembered, call};
    slowest_.insert(std::upper_bound(slowest_.begin(), slowest_.end(), added, slower), added);
    if (slowest_.size() > options_.slowest) slowest_.pop_back();
    const auto first = std::min_element(slowest_.begin(), slowest_.end(),
                                        [](const kept& a, const kept& b) { return a.until < b.until; });
    renewed_.store(first->until.time_since_epoch().count(), std::memory_order_relaxed);
    least_.store(slowest_.size() < options_.slowest ? -1 : slowest_.back().call->time.count(), std::memory_order_relaxed);
}

FARCALL_DECL std::shared_ptr<const debug_call> debug_calls::copy(const call_event& event) const {
    // Peers choose how long these are, and calls are kept for an hour.
    const auto cut = [](std::string_view text) { return std::string{detail::cut_utf8(text, most_text)}; };
    auto made = std::make_shared<debug_call>();
    made->ended = options_.time->wall();
    made->time = event.time;
    made->queue = event.queue;
    made->method = cut(event.method);
    made->id = cut(event.id);
    made->peer = cut(event.connection.peer);
    made->protocol = event.connection.protocol;
    made->request_id = cut(event.request_id);
    made->traceparent = cut(event.traceparent);
    const std::string_view params = detail::cut_utf8(event.params, options_.params);
    if (options_.redact && !params.empty())
        made->params = detail::cut_utf8(options_.redact(event.method, params), std::max(options_.params, most_text));
    else
        made->params = params;
    made->params_size = event.params_size;
    made->bytes_in = event.bytes_in;
    made->bytes_out = event.bytes_out;
    made->attempts = event.attempts;
    made->status = event.status;
    if (event.failure != nullptr) {
        made->error = cut(event.failure->message());
        made->exception = cut(event.failure->private_text());
    }
    return made;
}

FARCALL_DECL std::vector<debug_call> debug_calls::slowest() const {
    std::vector<debug_call> made;
    const time_point present = now();
    const std::lock_guard lock(mutex_);
    for (const kept& each : slowest_)
        if (each.until > present) made.push_back(*each.call);
    return made;
}

FARCALL_DECL std::vector<debug_call> debug_calls::failed() const {
    std::vector<debug_call> made;
    const std::lock_guard lock(mutex_);
    for (std::size_t i = failed_.size(); i-- != 0;) made.push_back(*failed_[(oldest_ + i) % failed_.size()]);
    return made;
}

FARCALL_DECL std::string debug_calls::json() const {
    const auto append = [&](std::string& out, const std::vector<debug_call>& calls) {
        for (const debug_call& call : calls) {
            const bool good = call.status == status::ok;
            log_line line{log_format::json, good ? log_level::info : log_level::warning, call.ended,
                          good ? "call" : "call failed", most_text};
            line.field("method", call.method)
                .field_if("id", call.id)
                .field("status", to_string(call.status))
                .field("us", call.time)
                .field("queue_us", call.queue)
                .field("bytes_in", call.bytes_in)
                .field("bytes_out", call.bytes_out)
                .field("attempts", call.attempts)
                .field("peer", call.peer)
                .field_if("protocol", call.protocol)
                .field_if("request_id", call.request_id)
                .field_if("traceparent", call.traceparent)
                .field_if("error", call.error)
                .field_if("exception", call.exception)
                .field("params", call.params, options_.params)
                .field("params_bytes", call.params_size);
            out += &call == calls.data() ? "\n " : ",\n ";
            out += line.finish();
        }
        out += ']';
    };
    std::string text = "{\"slowest\":[";
    append(text, slowest());
    text += ",\n\"failed\":[";
    append(text, failed());
    text += "}\n";
    return text;
}

}  // namespace farcall
