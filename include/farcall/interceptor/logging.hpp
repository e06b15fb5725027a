#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <farcall/detail/config.hpp>
#include <farcall/interceptor/call_outcome.hpp>
#include <farcall/interceptor/intercepted_call.hpp>
#include <farcall/observe/logger.hpp>

namespace farcall {

/// What `logging` can be told when it is made.
struct logging_options {
    /// The level of calls that succeeded; those that failed have the level of whose trouble that is, as in `log_events`.
    log_level answered = log_level::debug;
    /// Whether the headers that travel with a call are printed. Of those with a name that sounds like a secret, see
    /// `secret_header`, never more than the name.
    bool headers = false;
    /// So many bytes of a call's arguments are printed. Zero: none, for they may hold what nobody should read.
    std::size_t params = 0;
    /// Makes of the arguments what is printed; empty: they are printed as they are. Gets the name of the method and the
    /// JSON text, which may be cut.
    std::function<std::string(std::string_view method, std::string_view params)> redact{};
};

/// Logs every call that passes it, when it comes back, with what the interceptors outside of it have made of it.
///
/// For a line at a certain place in the chain: outside of an interceptor that refuses calls it sees the refusals, inside of
/// it only what was let through; on a client, among `attempt_interceptors`, each attempt. Who wants one line a call and
/// what happens beside calls takes `log_events`, which needs no place.
/// @par Thread safety  Safe.
/// @par Example        examples/15_interceptors.cpp
class logging {
public:
    /// @param to  keeps a handle of it
    explicit logging(logger to = logger{}, logging_options options = {})
        : log_(std::move(to)), options_(std::move(options)) {}

    /// @{ See `farcall::intercepting`.
    FARCALL_DECL void before(intercepted_call& call) const;
    FARCALL_DECL void after(intercepted_call& call, call_outcome& end) const;
    /// @}

private:
    void print(log_line& line, intercepted_call& call, const call_outcome& end) const;

    logger log_;
    logging_options options_;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/interceptor/impl/logging.ipp>
#endif
