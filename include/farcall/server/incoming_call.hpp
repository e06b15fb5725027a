#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/codec/json_writer.hpp>
#include <farcall/context.hpp>
#include <farcall/protocol/meta.hpp>
#include <farcall/protocol/request.hpp>
#include <farcall/protocol/message_writer.hpp>
#include <farcall/server/reply_batch.hpp>

namespace farcall::detail {

class server_connection;
struct method_entry;

/// Where the answer to one call goes, and in which form. The connection is used on its executor only.
struct reply_route {
    server_connection* connection = nullptr;
    std::string_view id{};  ///< raw text; empty: a notification, whose answer goes nowhere
    reply_batch* batch = nullptr;

    /// Answers with what `encode(json_writer&)` writes; if that fails, with an error that says why. If it throws, there
    /// is no answer.
    template <class Encode>
    void succeed(Encode&& encode) const {
        if (id.empty()) return;
        text_buffer& out = begin();
        begin_result(out, id);
        json_writer writer{out};
        bool good = false;
        try {
            good = std::forward<Encode>(encode)(writer);
        } catch (...) {
            // A codec of the user's threw: half a reply would spoil those behind it.
            take_back();
            throw;
        }
        if (!good || !writer.ok()) return cannot_encode(writer.error());
        end_result(out);
        end();
    }

    /// Answers with an error.
    FARCALL_DECL void fail(const error& why) const;

private:
    FARCALL_DECL text_buffer& begin() const;
    FARCALL_DECL void end() const;
    FARCALL_DECL void take_back() const;
    FARCALL_DECL void cannot_encode(const codec_error& why) const;
};

/// A call whose answer comes after the read loop has gone on: a coroutine's or a worker thread's.
///
/// Holds what must outlive the message: the connection, the id, the context. Whoever holds it answers once; without
/// an answer its destruction makes one, so that no caller waits for ever.
class deferred_call {
public:
    FARCALL_DECL deferred_call(std::shared_ptr<server_connection> connection, std::string_view id,
                               std::shared_ptr<reply_batch> batch, farcall::context call);
    deferred_call(const deferred_call&) = delete;
    deferred_call& operator=(const deferred_call&) = delete;
    /// May run on any thread.
    FARCALL_DECL ~deferred_call();

    farcall::context& context() noexcept { return context_; }
    /// Whether the caller has stopped waiting.
    FARCALL_DECL bool expired() const;
    FARCALL_DECL const boost::asio::any_io_executor& executor() const noexcept;

    /// @{ On the connection's executor.
    template <class Encode>
    void succeed(Encode&& encode) {
        if (answered_) return;
        if (wanted()) route().succeed(std::forward<Encode>(encode));
        answered_ = true;
        done();
    }
    FARCALL_DECL void fail(const error& why);
    /// @}

    /// @{ On any other thread: the value is encoded there, the text is sent by the connection.
    template <class Encode>
    static void succeed_from_thread(std::shared_ptr<deferred_call> call, Encode&& encode) {
        text_buffer text;
        json_writer writer{text};
        if (std::forward<Encode>(encode)(writer) && writer.ok())
            post_result(std::move(call), std::move(text));
        else
            post_failure(std::move(call), unencodable(writer.error()));
    }
    FARCALL_DECL static void post_result(std::shared_ptr<deferred_call> call, text_buffer text);
    FARCALL_DECL static void post_failure(std::shared_ptr<deferred_call> call, error why);
    /// @}

    FARCALL_DECL static error unencodable(const codec_error& why);

private:
    FARCALL_DECL reply_route route() const noexcept;
    /// Whether there is still somebody to answer: what a lost connection is given, it keeps to its end.
    FARCALL_DECL bool wanted() const noexcept;
    FARCALL_DECL void done();

    std::shared_ptr<server_connection> connection_;
    std::string id_;
    std::shared_ptr<reply_batch> batch_;
    farcall::context context_;
    bool answered_ = false;
};

/// Why arguments do not fit a method.
struct argument_failure {
    codec_error decoding{};   ///< of one of them
    std::string message{};    ///< of their number or names, behind the method's name; empty if it is `decoding`
};

/// One call, while its message is being handled: what a skeleton reads and answers.
///
/// Lives on the stack of the connection's read loop. Is answered once, or deferred.
class incoming_call {
public:
    /// @param text  the whole message, in which the request lies
    incoming_call(server_connection& connection, std::string_view text, request_view request,
                  const std::shared_ptr<reply_batch>& batch, const method_entry& method) noexcept
        : connection_(connection), text_(text), request_(request), batch_(batch), method_(method) {}

    FARCALL_DECL const method_info& method() const noexcept;
    /// JSON text of the arguments; empty if there are none. Not yet known to be valid unless `params_checked`.
    std::string_view params() const noexcept { return request_.params; }
    bool params_checked() const noexcept { return request_.params_checked; }
    bool notification() const noexcept { return request_.id.empty(); }
    FARCALL_DECL std::size_t params_depth() const noexcept;

    /// Answers with what `encode(json_writer&)` writes.
    template <class Encode>
    void succeed(Encode&& encode) {
        route().succeed(std::forward<Encode>(encode));
    }
    FARCALL_DECL void fail(const error& why);
    /// Answers that the arguments do not fit. Only when `params_checked`.
    FARCALL_DECL void fail_arguments(const argument_failure& why);
    /// Reads the message in full: `params`, and what else it says, may be different afterwards. False: it is no request,
    /// and is answered.
    FARCALL_DECL bool check_params();

    /// Reads what the caller sent along. False: it is wrong, and the call is answered.
    FARCALL_DECL bool read_meta();
    /// Only after `read_meta`.
    FARCALL_DECL farcall::context make_context();
    /// When the caller stops waiting; only after `read_meta`. Looks at the clock: a plain handler never asks.
    FARCALL_DECL time_point deadline() const;

    /// For an answer that comes later; only after `read_meta`. Null: too many are under way, and it is answered.
    FARCALL_DECL std::shared_ptr<deferred_call> defer();
    bool deferred() const noexcept { return deferred_; }

    FARCALL_DECL const boost::asio::any_io_executor& executor() const noexcept;
    FARCALL_DECL bool expose_exceptions() const noexcept;

    /// Runs `job` on the worker pool. False: it is full or stopped; the job is dropped.
    FARCALL_DECL bool run_on_worker(std::function<void()> job);

private:
    FARCALL_DECL reply_route route() const noexcept;

    server_connection& connection_;
    std::string_view text_;
    request_view request_;
    const std::shared_ptr<reply_batch>& batch_;
    const method_entry& method_;
    std::optional<call_meta> meta_;
    std::optional<std::chrono::milliseconds> timeout_;
    bool deferred_ = false;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/incoming_call.ipp>
#endif
