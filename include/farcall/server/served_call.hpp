#pragma once

#include <exception>
#include <memory>
#include <span>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <farcall/codec/json_writer.hpp>
#include <farcall/context.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/error.hpp>
#include <farcall/service/read_arguments.hpp>

/// @file
/// What skeletons do with a call, whatever the types of its method: users' files see nothing else of it.

namespace boost::asio {

template <class T, class Executor>
class awaitable;

}  // namespace boost::asio

namespace farcall::detail {

class incoming_call;
class deferred_call;

/// Keeps a deferred call; the last one gives it up if it is not answered. On any thread.
using deferred_pointer = boost::intrusive_ptr<deferred_call>;
FARCALL_DECL void intrusive_ptr_add_ref(deferred_call* call) noexcept;
FARCALL_DECL void intrusive_ptr_release(deferred_call* call) noexcept;

/// One method on the server, by functions that alone know its types.
struct method_form {
    std::span<const parameter_form> parameters;
    std::span<const std::string_view> names;  ///< one a parameter; empty where it has none
    /// The error that tells a caller of what the handler threw.
    error (*failure)(const std::exception_ptr& thrown, bool expose);
};

/// What a handler has returned; by default nothing, which is null.
struct returned_value {
    bool (*write)(json_writer& out, void* value) = nullptr;
    void* value = nullptr;
    bool text = false;  ///< a string that stays until the answer is made, and may be large
};

/// @{ While the call's message is being handled.

/// Reads the arguments in any form that is allowed.
/// @param values  where each goes
/// @returns false if they do not fit; the call is answered then
FARCALL_DECL bool read_call(incoming_call& call, void* const* values, const method_form& form) noexcept;

/// Answers. Throws what a codec of the user's throws; the call is not answered then.
FARCALL_DECL void answer_call(incoming_call& call, const returned_value& value);
/// Answers with the exception that is being handled.
FARCALL_DECL void answer_with_failure(incoming_call& call, const method_form& form) noexcept;
/// The context of a handler that ends before the next message is read, with what it leaves there for the answer.
class running_context {
public:
    FARCALL_DECL explicit running_context(incoming_call& call);
    running_context(const running_context&) = delete;
    running_context& operator=(const running_context&) = delete;

    context& get() noexcept { return context_; }

private:
    context context_;
};

/// For an answer that comes later. Null: too many are under way, and it is answered.
/// @param stoppable  whether the handler looks at `context::stop()`
FARCALL_DECL deferred_pointer defer_call(incoming_call& call, bool stoppable) noexcept;

FARCALL_DECL bool exposes_exceptions(const incoming_call& call) noexcept;

/// All arguments as one JSON text, an array or an object, or empty.
/// @returns false if it is none; the call is answered then
FARCALL_DECL bool read_raw_arguments(incoming_call& call, std::string_view& params);
/// @}

/// @{ Later, for a coroutine, where the connection lives.

/// Starts the coroutine that answers the call.
FARCALL_DECL void start_coroutine(const deferred_pointer& call,
                                  boost::asio::awaitable<void, boost::asio::any_io_executor>&& work);
/// Whether the handler is to begin; if not, the call is answered.
FARCALL_DECL bool begin_deferred(deferred_call& call);
FARCALL_DECL context& context_of(deferred_call& call) noexcept;
FARCALL_DECL void answer_deferred(deferred_call& call, const returned_value& value);
FARCALL_DECL void answer_deferred_with(deferred_call& call, const std::exception_ptr& thrown, const method_form& form,
                                       bool expose);
/// @}

/// Runs a handler on the worker pool, and answers with what it ends with.
/// @param arguments  a `Values`, kept until that
/// @param work       calls the handler; calls `answer_from_thread`
FARCALL_DECL void run_on_worker(incoming_call& call, bool stoppable, const std::shared_ptr<void>& handler,
                                std::shared_ptr<void> arguments, const method_form& form,
                                void (*work)(void* handler, deferred_call& call, void* arguments)) noexcept;
FARCALL_DECL void answer_from_thread(deferred_call& call, const returned_value& value);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/served_call.ipp>
#endif
