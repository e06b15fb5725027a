#pragma once

#include <farcall/protocol/content_length_framing.hpp>
#include <farcall/protocol/http/http_framing.hpp>
#include <farcall/protocol/line_framing.hpp>
#include <farcall/protocol/tls_alert.hpp>
#include <farcall/server/make_framing.hpp>
#include <farcall/server/server_shared.hpp>

namespace farcall::detail {

FARCALL_DECL std::unique_ptr<framing> make_framing(wire_protocol spoken, server_shared& shared, bool offers_pages,
                                                   text_buffer& out) {
    switch (spoken) {
        case wire_protocol::line: return make_line_framing(shared.options.limits);
        case wire_protocol::content_length: return make_content_length_framing(shared.options.limits);
        case wire_protocol::http: return std::make_unique<http_framing>(*shared.site, offers_pages);
        case wire_protocol::tls: out.append(tls_alert); return nullptr;
        default: return nullptr;
    }
}

}  // namespace farcall::detail
