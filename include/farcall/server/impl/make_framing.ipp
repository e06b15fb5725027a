#pragma once

#include <farcall/server/make_framing.hpp>
#include <farcall/server/server_shared.hpp>

namespace farcall::detail {

FARCALL_DECL std::unique_ptr<framing> make_framing(wire_protocol spoken, server_shared& shared, text_buffer& out) {
    static_cast<void>(spoken);
    static_cast<void>(shared);
    static_cast<void>(out);
    return nullptr;
}

}  // namespace farcall::detail
