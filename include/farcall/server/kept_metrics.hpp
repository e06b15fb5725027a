#pragma once

#include <memory>
#include <mutex>

#include <farcall/server/history_text.hpp>
#include <farcall/server/kept_text.hpp>
#include <farcall/server/metrics_registry.hpp>

namespace farcall::detail {

/// What a server tells of its calls, ready to be sent.
///
/// @par Thread safety  Safe.
struct kept_metrics {
    /// The history as of its last second.
    std::shared_ptr<const history_text> history(const metrics_registry& from) {
        const std::lock_guard lock(mutex_);
        from.with_history([&](const metrics_history& kept) {
            if (!history_ || history_->until() != kept.until())
                history_ = std::make_shared<const history_text>(kept, from.methods());
        });
        return history_;
    }

    kept_text document;  ///< the result of `rpc.metrics` without history and without its last brace
    kept_text page;      ///< `/metrics`
    kept_text calls;     ///< `/debug/calls`

private:
    std::mutex mutex_;
    std::shared_ptr<const history_text> history_;
};

}  // namespace farcall::detail
