#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <vector>

namespace bench {

using clock = std::chrono::steady_clock;

/// When each call of one run began and ended.
class samples {
public:
    explicit samples(std::size_t calls) { latencies_.reserve(calls); }

    void begin() { began_ = clock::now(); }
    void end() { ended_ = clock::now(); }
    void add(clock::duration latency) { latencies_.push_back(latency); }

    /// One line of JSON on the standard output.
    void print(std::size_t calls) {
        const double seconds = std::chrono::duration<double>(ended_ - began_).count();
        std::printf("{\"calls\":%zu,\"seconds\":%.6f,\"calls_per_second\":%.1f", calls, seconds, static_cast<double>(calls) / seconds);
        if (!latencies_.empty()) {
            std::sort(latencies_.begin(), latencies_.end());
            for (const auto& [name, part] : {std::pair{"p50_us", 0.5}, std::pair{"p90_us", 0.9}, std::pair{"p99_us", 0.99}})
                std::printf(",\"%s\":%.3f", name, microseconds(part));
        }
        std::printf("}\n");
    }

private:
    double microseconds(double part) const {
        const auto at = std::min(latencies_.size() - 1, static_cast<std::size_t>(part * static_cast<double>(latencies_.size())));
        return std::chrono::duration<double, std::micro>(latencies_[at]).count();
    }

    std::vector<clock::duration> latencies_;
    clock::time_point began_;
    clock::time_point ended_;
};

}  // namespace bench
