#pragma once

#include <memory>

namespace farcall::detail {

class retry_decisions;

/// How often a call is made on a client's channel.
struct attempts_rule {
    std::shared_ptr<const retry_decisions> policy{};  ///< null: once, unless the call runs exactly once
    bool once = false;       ///< runs exactly once: by its key, or by a number of the client's session
    bool hedgeable = false;  ///< may run several times at once
};

}  // namespace farcall::detail
