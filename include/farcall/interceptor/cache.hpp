#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/interceptor/call_outcome.hpp>
#include <farcall/interceptor/coroutine.hpp>
#include <farcall/interceptor/intercepted_call.hpp>

namespace farcall {

namespace detail {
class shared_answers;
}  // namespace detail

/// What `cache` can be told when it is made.
struct cache_options {
    /// How long results of these methods may be given again, by their names on the wire, in place of what they are
    /// declared with (`cacheable_ms`); zero: not at all. A method that is declared and not `readonly` is never cached.
    std::map<std::string, std::chrono::milliseconds, std::less<>> methods{};
    /// Most bytes that are kept, arguments and results; what was not called longest goes first.
    std::size_t bytes = 8u << 20;
    /// Headers on which results depend: calls with other values are other calls. Where `attempt_interceptors` send
    /// other values than the call has, nothing is kept or shared: this interceptor cannot know who calls.
    std::vector<std::string> vary{"authorization", "cookie", "x-api-key"};
    /// Says who calls, where the headers do not, for they are added to each attempt or somebody else proves it: part of
    /// what makes calls the same, and taken to say as much as the headers that attempts add. Empty: only the headers
    /// say it. Must not block.
    std::function<std::string()> caller{};
};

/// An interceptor that answers a call with the result that the same call had a short while ago.
///
/// For methods declared `cacheable_ms<N>`, or named in the options. The same call is one to the same server of the
/// same method with the same arguments, by the same caller as far as the options' headers and function say. Of several
/// at a time only the first one is made: the others wait for its end, and share it, failures too, but `cancelled` and
/// `deadline_exceeded`, which say something of their own caller: then the next of them is made. A result is fresh for
/// its time from the moment in which it came; `call_report::stale` says that it was kept. Errors are not kept.
///
/// A result is kept before the caller has decoded it: one that does not fit the declaration fails, and does so again as
/// long as it is fresh. Where servers of several versions answer, keep it for a short while only.
///
/// For `client_options::interceptors`; a `bearer_token` stands in front of it there. With one among
/// `attempt_interceptors` the options' `caller` says who calls, or nothing is kept. Calls pass a coroutine: a client
/// without cacheable methods has no use for one.
/// Clients that are to share what is kept are given copies of one cache.
/// @par Thread safety  Safe.
class cache {
public:
    /// Keeps nothing yet.
    FARCALL_DECL explicit cache(cache_options options = {});

    /// Answers the call, or makes it.
    FARCALL_DECL boost::asio::awaitable<call_outcome> around(intercepted_call& call, next_call& next);

private:
    std::chrono::milliseconds time_to_live(const intercepted_call& call) const;

    std::shared_ptr<const cache_options> options_;
    std::shared_ptr<detail::shared_answers> answers_;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/interceptor/impl/cache.ipp>
#endif
