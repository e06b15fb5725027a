#pragma once

#include <string>
#include <utility>

#include <farcall/client/once_line.hpp>
#include <farcall/protocol/hello.hpp>

namespace farcall::detail {

FARCALL_DECL void once_line::enter(waiter& call) {
    session_.enter(call);
    advance(call);
}

FARCALL_DECL void once_line::enter_unnumbered(waiter& call) {
    session_.enter_unnumbered(call);
    advance(call);
}

FARCALL_DECL void once_line::leave(waiter& call) {
    session_.leave(call);
    if (session_.opening_in_vain() && hello_ != nullptr && hello_->holder != nullptr) {
        in_vain_ = true;
        hello_->holder->cancel(*hello_, error{status::cancelled, "nobody waits for the session"});
    }
    advance(call);
}

FARCALL_DECL void once_line::advance(waiter& by) {
    // A hello first: a call whose turn comes may end at once, and not be there any more.
    if (session_.wants_opening()) {
        session_.opening();
        return by.open_session();
    }
    take_turns();
}

FARCALL_DECL void once_line::take_turns() {
    while (once_session::member* next = session_.next()) static_cast<waiter*>(next)->turn();
}

FARCALL_DECL void once_line::opened(std::string_view answer) {
    hello_answer said;
    std::string reason;
    if (!read_hello_answer(answer, said, reason))
        return not_opened(error{status::internal, "the server's answer to rpc.hello cannot be used: " + reason});
    hello_ = nullptr;
    in_vain_ = false;
    problem_.reset();
    session_.opened(std::move(said.session), said.window);
    take_turns();
}

FARCALL_DECL void once_line::not_opened(const error& why) {
    hello_ = nullptr;
    session_.not_opened();
    if (std::exchange(in_vain_, false)) {
        if (once_session::member* late = session_.waiting()) advance(*static_cast<waiter*>(late));
        return;
    }
    error told = why.with_executed(executed::no);
    if (why.status() != status::cancelled) {
        error::details texts = why.texts();
        texts.message = why.status() == status::unimplemented
                            ? "the server has no sessions (rpc.hello), which calls that run exactly once need"
                            : "no session could be opened for calls that run exactly once: " + why.message();
        told = told.with_details(std::move(texts));
    }
    // Who enters while these are told is none of them.
    const auto last = session_.last();
    while (once_session::member* next = session_.take_waiting(last)) static_cast<waiter*>(next)->refused(told);
}

}  // namespace farcall::detail
