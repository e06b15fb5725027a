#pragma once

#include <cstddef>
#include <string>

#include <farcall/detail/text_buffer.hpp>
#include <farcall/protocol/dialect.hpp>

namespace farcall::detail {

/// The replies that leave as one message, gathered until the last is there: those to a batch, or the one to a request in
/// a dialect, which has to be put into its form.
struct reply_batch {
    text_buffer text;             ///< "[" and the replies so far
    std::size_t outstanding = 1;  ///< elements without an end, and one for the batch being read
    bool answered = false;        ///< whether there is a reply in `text`
    dialect form = dialect::none;
    std::string id{};  ///< of the request in a dialect
};

}  // namespace farcall::detail
