#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <farcall/protocol/framing.hpp>

#include "fuzz/check.hpp"
#include "unit/protocol/exact_text.hpp"

namespace fuzz {

/// What a framing finds in bytes that come in pieces, as on a connection whose server answers each message at once.
struct framed_input {
    std::vector<std::string> messages;
    std::string rest;     ///< what is left of the input
    bool closed = false;  ///< the framing has ended the connection

    /// @param piece  bytes that come at a time
    framed_input(std::unique_ptr<farcall::detail::framing> framing, std::string_view input, std::size_t piece) {
        using kind = farcall::detail::framing_step::kind;
        farcall::detail::text_buffer out;
        while (!input.empty() && !closed) {
            rest += input.substr(0, piece);
            input.remove_prefix(std::min(piece, input.size()));
            while (!rest.empty() && !closed) {
                const farcall::testing::exact_text received{rest};
                farcall::detail::framing_step step = framing->next(received, out);
                check(step.consumed <= rest.size(), "no more is consumed than was received");
                check(step.what != kind::wait, "nothing waits for an answer that was given");
                if (step.what == kind::need_more) break;
                check(step.consumed != 0 || step.what == kind::close, "every step goes on");
                if (step.what == kind::message) messages.emplace_back(step.payload);
                if (step.what == kind::call) messages.push_back(std::string{step.call.method} += step.call.params);
                if (step.what == kind::message || step.what == kind::call) {
                    const std::size_t mark = out.size();
                    out.append(R"({"jsonrpc":"2.0","id":1,"result":null})");
                    check(framing->end_message(out, mark), "a short answer can be framed");
                }
                if (step.what == kind::become) framing = std::move(step.successor);
                closed = step.what == kind::close || framing->finished();
                rest.erase(0, step.consumed);
            }
        }
        if (!closed && !rest.empty()) {
            const farcall::testing::exact_text left{rest};
            const farcall::detail::framing_step step = framing->last(left, out);
            check(step.consumed <= rest.size(), "no more is consumed than was received");
        }
    }
};

}  // namespace fuzz
