#pragma once

#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include <farcall/codec/arriving_text.hpp>
#include <farcall/server/incoming_call.hpp>
#include <farcall/server/served_call.hpp>

namespace farcall::detail {

FARCALL_DECL void intrusive_ptr_add_ref(deferred_call* call) noexcept { call->add_holder(); }
FARCALL_DECL void intrusive_ptr_release(deferred_call* call) noexcept { call->remove_holder(); }

/// The call is answered, or its message was read in full and must be looked at again.
inline bool read_call_of_any_form(incoming_call& call, void* const* values, const method_form& form) {
    for (;;) {
        for (std::size_t i = 0; i != form.parameters.size(); ++i) form.parameters[i].clear(values[i]);
        argument_failure why;
        if (read_arguments(call.params(), call.params_depth(), values, form.parameters, form.names, why)) return true;
        if (call.params_checked()) {
            call.fail_arguments(why);
            return false;
        }
        // Where the params seem to end may not be where they do: the message is read in full before it is blamed.
        if (!call.check_params()) return false;
    }
}

FARCALL_DECL bool read_call(incoming_call& call, void* const* values, const method_form& form) noexcept {
    try {
        arriving_text* const arriving = call.params().size() < arriving_text::least ? nullptr : call.arriving();
        if (read_all_arguments(call.params(), call.params_depth(), values, form.parameters, arriving)) [[likely]] return true;
        return read_call_of_any_form(call, values, form);
    } catch (...) {
        // A codec or a constructor of the user's threw.
        call.fail(form.failure(std::current_exception(), call.expose_exceptions()).with_executed(executed::no));
        return false;
    }
}

inline bool write_returned(json_writer& out, const returned_value& value) {
    return value.write != nullptr ? value.write(out, value.value) : out.null();
}

FARCALL_DECL void answer_call(incoming_call& call, const returned_value& value) {
    const auto write = [&](json_writer& out) { return write_returned(out, value); };
    if (value.text)
        call.succeed<true>(write);
    else
        call.succeed(write);
}

FARCALL_DECL void answer_with_failure(incoming_call& call, const method_form& form) noexcept {
    call.fail(form.failure(std::current_exception(), call.expose_exceptions()));
}

FARCALL_DECL running_context::running_context(incoming_call& call) : context_(call.make_context()) {
    call.take_trailers(context_);
}

FARCALL_DECL deferred_pointer defer_call(incoming_call& call, bool stoppable) noexcept { return call.defer(stoppable); }

FARCALL_DECL bool exposes_exceptions(const incoming_call& call) noexcept { return call.expose_exceptions(); }

FARCALL_DECL bool read_raw_arguments(incoming_call& call, std::string_view& params) {
    if (!call.check_params()) return false;
    params = call.params();
    return true;
}

FARCALL_DECL void start_coroutine(const deferred_pointer& call, boost::asio::awaitable<void>&& work) {
    // What is called at the end keeps the signal that the slot belongs to longer than the coroutine.
    boost::asio::co_spawn(boost::asio::any_io_executor{call->executor()}, std::move(work),
                          boost::asio::bind_cancellation_slot(call->slot(), [call](std::exception_ptr) {}));
}

FARCALL_DECL bool begin_deferred(deferred_call& call) {
    // Not every executor begins at once.
    const auto why = call.refusal();
    if (why) call.fail(*why);
    return !why;
}

FARCALL_DECL context& context_of(deferred_call& call) noexcept { return call.context(); }

FARCALL_DECL void answer_deferred(deferred_call& call, const returned_value& value) {
    const auto write = [&](json_writer& out) { return write_returned(out, value); };
    if (value.text)
        call.succeed<true>(write);
    else
        call.succeed(write);
}

FARCALL_DECL void answer_deferred_with(deferred_call& call, const std::exception_ptr& thrown, const method_form& form,
                                       bool expose) {
    call.fail(call.failure_of(thrown, form.failure(thrown, expose)));
}

FARCALL_DECL void run_on_worker(incoming_call& call, bool stoppable, const std::shared_ptr<void>& handler,
                                std::shared_ptr<void> arguments, const method_form& form,
                                void (*work)(void* handler, deferred_call& call, void* arguments)) noexcept {
    const deferred_pointer deferred = call.defer(stoppable);
    if (!deferred) return;
    const bool accepted = call.run_on_worker(
        deferred, [handler, deferred, arguments = std::move(arguments), &form, work, expose = call.expose_exceptions()] {
            deferred->begin();
            if (auto why = deferred->refusal()) return deferred_call::post_failure(deferred, *std::move(why));
            try {
                work(handler.get(), *deferred, arguments.get());
            } catch (...) {
                const std::exception_ptr thrown = std::current_exception();
                deferred_call::post_failure(deferred, deferred->failure_of(thrown, form.failure(thrown, expose)));
            }
        });
    if (!accepted)
        deferred->fail(error{status::resource_exhausted, "the queue of the worker pool is full "
                                                         "(server_options::worker_queue); try again later"}
                           .with_executed(executed::no));
}

FARCALL_DECL void answer_from_thread(deferred_call& call, const returned_value& value) {
    deferred_call::succeed_from_thread(deferred_pointer{&call},
                                       [&](json_writer& out) { return write_returned(out, value); });
}

}  // namespace farcall::detail
