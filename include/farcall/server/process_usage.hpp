#pragma once

#include <cstdint>

#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// What this process takes of its machine; zero where the system does not say.
struct process_usage {
    double cpu_seconds = 0;
    double started = 0;  ///< seconds since 1970
    std::uint64_t resident_bytes = 0;
    std::uint64_t virtual_bytes = 0;
    std::uint64_t open_files = 0;
    std::uint64_t most_files = 0;
};

FARCALL_DECL process_usage read_process_usage();

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/process_usage.ipp>
#endif
