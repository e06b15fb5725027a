#pragma once

#include <cstddef>

#include <farcall/detail/text_buffer.hpp>

namespace farcall::detail {

/// The replies to one batch, gathered until the last is there.
struct reply_batch {
    text_buffer text;             ///< "[" and the replies so far
    std::size_t outstanding = 1;  ///< elements without an end, and one for the batch being read
    bool answered = false;        ///< whether there is a reply in `text`
};

}  // namespace farcall::detail
