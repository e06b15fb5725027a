#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include <sys/resource.h>
#include <unistd.h>

#include <farcall/server/process_usage.hpp>

namespace farcall::detail {

/// When this process began, in clock ticks since the system did; 0: unknown.
inline double process_start_ticks() {
    std::ifstream file{"/proc/self/stat"};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    // The second field is the program's name in parentheses, which may hold anything; the start is the 22nd.
    std::size_t at = text.rfind(')');
    for (int field = 2; field != 22 && at != std::string::npos; ++field) at = text.find(' ', at + 1);
    return at == std::string::npos ? 0 : std::strtod(text.c_str() + at, nullptr);
}

/// When the system began, in seconds since 1970; 0: unknown.
inline double system_start() {
    std::ifstream file{"/proc/stat"};
    for (std::string word; file >> word;) {
        double seconds = 0;
        if (word == "btime" && file >> seconds) return seconds;
    }
    return 0;
}

FARCALL_DECL process_usage read_process_usage() {
    process_usage found;
    rusage used{};
    if (::getrusage(RUSAGE_SELF, &used) == 0) {
        const auto seconds = [](const timeval& time) {
            return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
        };
        found.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
    }
    const double ticks = process_start_ticks();
    if (ticks > 0) found.started = system_start() + ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
    std::uint64_t all = 0, resident = 0;
    if (std::ifstream{"/proc/self/statm"} >> all >> resident) {
        const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
        found.virtual_bytes = all * page;
        found.resident_bytes = resident * page;
    }
    std::error_code failure;
    for (std::filesystem::directory_iterator at{"/proc/self/fd", failure}, end; !failure && at != end;
         at.increment(failure))
        ++found.open_files;
    // The directory itself was open meanwhile.
    if (found.open_files != 0) --found.open_files;
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY) found.most_files = files.rlim_cur;
    return found;
}

}  // namespace farcall::detail
