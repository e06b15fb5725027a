#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include <farcall/clock.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/error.hpp>
#include <farcall/metadata.hpp>
#include <farcall/method.hpp>
#include <farcall/peer.hpp>
#include <farcall/trace_context.hpp>

namespace farcall {

/// What a handler can know of the call that it answers: declare `farcall::context&` as its first parameter.
///
/// The object belongs to the call. A handler that is a coroutine may use it until it returns.
/// @par Thread safety  Unsafe, but for `stop()`, whose token may be copied to other threads.
class context {
public:
    /// Made by the server. `method` must outlive the context.
    /// @param principal  what interceptors have left of it; nothing: the connection's counts
    context(const method_info& method, std::shared_ptr<farcall::peer> peer, time_point deadline, metadata headers,
            unsigned attempt, std::stop_token stop, trace_context trace = {},
            std::optional<std::string> principal = {})
        : method_(&method),
          peer_(std::move(peer)),
          deadline_(deadline),
          headers_(std::move(headers)),
          attempt_(attempt),
          stop_(std::move(stop)),
          trace_(std::move(trace)),
          principal_(std::move(principal)) {}

    /// The method that is called.
    const method_info& method() const noexcept { return *method_; }

    /// The connection that the call came on.
    farcall::peer& peer() const noexcept { return *peer_; }

    /// Who the caller has proved to be; empty: anybody. What interceptors say of this call, if the server has any, which
    /// begin with what its connection has (`peer::principal`).
    const std::string& principal() const noexcept { return principal_ ? *principal_ : peer_->principal; }

    /// The application's object of this connection; made with `T{}` at the first use. One type for a connection: several
    /// services on one server share it.
    /// @par Errors  `failed_precondition` if the connection's object has another type
    template <class T>
    T& state() const {
        if (!peer_->state.has_value()) peer_->state.emplace<T>();
        if (T* found = std::any_cast<T>(&peer_->state)) return *found;
        throw error{status::failed_precondition,
                    "the connection's state has another type than the one asked for; use one type for all services of a "
                    "server"};
    }

    /// When the caller stops waiting; `never` if it did not say.
    time_point deadline() const noexcept { return deadline_; }

    /// What the caller sent along with the call: in the message, or as header fields of HTTP, whose names come in lower
    /// case. The fields of a WebSocket's handshake belong to the connection and are none of these.
    const metadata& headers() const noexcept { return headers_; }

    /// The caller's name for the request that this call is part of, its header `x-request-id`; empty: it gave none. Goes
    /// along with the calls that the handler makes `with` this context.
    std::string_view request_id() const noexcept { return headers_.get(request_id_key).value_or(std::string_view{}); }

    /// Where the call stands in a trace. Goes along with the calls that the handler makes `with` this context.
    const trace_context& trace() const noexcept { return trace_; }

    /// What is sent along with the answer, to a caller that asks for it by `farcall::report_to`.
    metadata& trailers() noexcept { return trailers_; }

    /// Which attempt of the caller this is, from 1.
    unsigned attempt() const noexcept { return attempt_; }

    /// Stop is requested when the answer is not wanted any more: the caller cancelled the call, its deadline has passed,
    /// its connection is gone, or the server stops at once. A coroutine is cancelled by Asio's ways, too: what it waits
    /// for ends with `operation_aborted`, which need not be caught.
    ///
    /// A plain handler ends before the next message is read, so of these only the loss of the connection reaches a copy
    /// of its token that goes on elsewhere.
    const std::stop_token& stop() const noexcept { return stop_; }

    /// Whether stop was requested: for loops of a `blocking` handler.
    bool cancelled() const noexcept { return stop_.stop_requested(); }

private:
    const method_info* method_;
    std::shared_ptr<farcall::peer> peer_;
    time_point deadline_;
    metadata headers_;
    unsigned attempt_;
    std::stop_token stop_;
    trace_context trace_;
    std::optional<std::string> principal_;
    metadata trailers_;
};

}  // namespace farcall
