#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/interceptor/answer_table.hpp>
#include <farcall/interceptor/call_outcome.hpp>
#include <farcall/interceptor/intercepted_call.hpp>
#include <farcall/status.hpp>

namespace farcall {

/// What `last_known` can be told when it is made.
struct last_known_options {
    /// After which failures the last result is given: by default those that say that nobody has answered.
    std::vector<status> failures{status::unavailable, status::deadline_exceeded, status::resource_exhausted};
    /// A result that is older is not given. Zero: none is too old.
    std::chrono::milliseconds max_age{0};
    /// Most bytes that are kept, arguments and results; what was not called longest goes first.
    std::size_t bytes = 8u << 20;
    /// Headers on which results depend: calls with other values are other calls. Where `attempt_interceptors` send
    /// other values than the call has, nothing is kept or given: this interceptor cannot know who calls.
    std::vector<std::string> vary{"authorization", "cookie", "x-api-key"};
    /// Says who calls, where the headers do not, for they are added to each attempt or somebody else proves it: part of
    /// what makes calls the same, and taken to say as much as the headers that attempts add. Empty: only the headers
    /// say it. Must not block.
    std::function<std::string()> caller{};
};

/// An interceptor that answers a call which fails with the last result that the same call had: old news before none.
///
/// For `client_options::interceptors`, where it sees the end of all attempts; a `bearer_token` stands in front of it
/// there. With one among `attempt_interceptors` the options' `caller` says who calls, or nothing is kept. Only for
/// methods that are declared `readonly`; the same call is one to the same server of the same method with the same
/// arguments, by the same caller as far as the options' headers and function say. The caller gets the result as any other, and
/// `call_report::stale` says what it is.
///
/// A result is kept before the caller has decoded it: one that does not fit the declaration fails, and does so again in
/// place of the failures that follow, until the server gives another.
/// @par Thread safety  Safe.
/// @par Example        examples/15_interceptors.cpp
class last_known {
public:
    /// Keeps nothing yet.
    FARCALL_DECL explicit last_known(last_known_options options = {});

    /// Keeps the result, or gives the one that is kept.
    FARCALL_DECL void after(intercepted_call& call, call_outcome& end);

private:
    struct kept_results {
        explicit kept_results(std::size_t most) : table(most) {}
        std::mutex mutex;
        detail::answer_table table;
    };

    bool falls_back_on(status code) const noexcept;

    last_known_options options_;
    std::shared_ptr<kept_results> kept_;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/interceptor/impl/last_known.ipp>
#endif
