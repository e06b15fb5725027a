#include <farcall/protocol/content_length_framing.hpp>

#include "fuzz/framed_input.hpp"
#include "fuzz/targets.hpp"

void fuzz::content_length(std::string_view input) {
    farcall::limits bounds;
    bounds.frame = 512;
    bounds.http_header = 256;
    bounds.http_fields = 8;
    const auto read = [&](std::size_t piece) {
        return framed_input{farcall::detail::make_content_length_framing(bounds), input, piece};
    };
    const framed_input whole = read(input.size() + 1);
    for (const std::size_t piece : {1, 3, 17}) {
        const framed_input parts = read(piece);
        check(parts.messages == whole.messages && parts.closed == whole.closed, "the cuts do not matter");
    }
}
