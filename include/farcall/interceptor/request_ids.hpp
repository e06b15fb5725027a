#pragma once

#include <memory>

#include <farcall/detail/config.hpp>
#include <farcall/interceptor/intercepted_call.hpp>
#include <farcall/random.hpp>

namespace farcall {

/// An interceptor that names the request of each call without a name: header `x-request-id`, 32 random hex digits.
///
/// In `client_options::interceptors` all attempts of a call have one name, and the handler finds it in
/// `context::request_id`; what it calls `with` its context has the same. On a server it names the requests of callers
/// that did not.
/// @par Thread safety  Safe.
class request_ids {
public:
    /// @param random  asked by the constructor only; null: seeded by the system
    FARCALL_DECL explicit request_ids(const std::shared_ptr<random_source>& random = nullptr);

    /// Names the request.
    FARCALL_DECL void before(intercepted_call& call);

private:
    struct sequence;
    std::shared_ptr<sequence> ids_;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/interceptor/impl/request_ids.ipp>
#endif
