#pragma once

namespace farcall {

/// Further attempts beyond the first of each call, so that a server in trouble is not buried under them.
///
/// Counted over the last ten seconds and all calls of a client that may be repeated: those of proxies with a retry
/// policy, and those of methods declared `exactly_once`.
struct retry_budget {
    double share = 0.1;      ///< further attempts a call; 0.1: one for ten calls
    double per_second = 1;   ///< and so many a second besides
    bool unlimited = false;  ///< no bound but that of each call's policy
};

}  // namespace farcall
