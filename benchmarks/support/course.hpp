#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <utility>
#include <vector>

#include <sys/resource.h>

#include "load.hpp"

namespace bench {

using clock = std::chrono::steady_clock;

/// The calls of one worker in one run: says whether another is to be started, and keeps how long each took.
///
/// A worker is whatever makes calls by turns: a loop with many calls in flight, a thread, a chain of callbacks. Only calls
/// that are made one at a time are timed each.
/// @par Thread safety  One thread at a time.
class course {
public:
    course(const load& which, bool timed)
        : calls_(which.calls), timed_(timed), began_(clock::now()),
          stop_(began_ + std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>{which.seconds})) {
        if (timed_) latencies_.reserve(calls_ != 0 ? calls_ : std::size_t{1} << 16);
    }

    /// Whether another call is to be started; it counts as started then.
    bool start_one() {
        if (over_ || is_over()) {
            tell_end();
            return false;
        }
        ++started_;
        if (timed_) last_ = clock::now();
        return true;
    }

    void end_one() {
        ++ended_;
        if (timed_) latencies_.push_back(clock::now() - last_);
        if (over_) tell_end();
    }

    /// Calls `tell` when it has `ended`, maybe more than once.
    void when_ended(std::function<void()> tell) { tell_ = std::move(tell); }

    /// Whether nothing is in flight, and nothing will be.
    bool ended() const { return over_ && ended_ == started_; }

    std::size_t calls() const { return ended_; }
    clock::time_point began() const { return began_; }
    const std::vector<clock::duration>& latencies() const { return latencies_; }

private:
    /// Looking at the clock costs little, but not nothing: with many calls in flight it is looked at now and then.
    static constexpr std::size_t between_looks = 32;

    bool is_over() {
        if (calls_ != 0)
            over_ = started_ == calls_;
        else if (timed_ || started_ % between_looks == 0)
            over_ = clock::now() >= stop_;
        return over_;
    }

    void tell_end() const {
        if (tell_ && ended()) tell_();
    }

    std::size_t calls_;
    bool timed_;
    bool over_ = false;
    std::function<void()> tell_;
    std::size_t started_ = 0;
    std::size_t ended_ = 0;
    clock::time_point began_;
    clock::time_point stop_;
    clock::time_point last_;
    std::vector<clock::duration> latencies_;
};

/// CPU time of this process so far.
inline double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec); };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// What the workers of one run did, together.
class outcome {
public:
    void add(const course& worker) {
        calls_ += worker.calls();
        latencies_.insert(latencies_.end(), worker.latencies().begin(), worker.latencies().end());
    }
    void add_warm_up(const course& worker) { warm_up_calls_ += worker.calls(); }

    void begin() { began_ = clock::now(), cpu_began_ = cpu_seconds(); }
    void end() { ended_ = clock::now(), cpu_ended_ = cpu_seconds(); }

    /// One line of JSON on the standard output.
    void print() {
        const double seconds = std::chrono::duration<double>(ended_ - began_).count();
        const double calls = static_cast<double>(calls_);
        std::printf("{\"calls\":%zu,\"warm_up_calls\":%zu,\"seconds\":%.6f,\"calls_per_second\":%.1f,\"client_cpu_us\":%.3f", calls_,
                    warm_up_calls_, seconds, calls / seconds, 1e6 * (cpu_ended_ - cpu_began_) / calls);
        if (!latencies_.empty()) {
            std::sort(latencies_.begin(), latencies_.end());
            constexpr std::pair<const char*, double> parts[] = {{"p50_us", 0.5}, {"p90_us", 0.9}, {"p99_us", 0.99}, {"p999_us", 0.999}};
            for (const auto& [name, part] : parts) std::printf(",\"%s\":%.3f", name, microseconds(part));
        }
        std::printf("}\n");
    }

private:
    double microseconds(double part) const {
        const auto at = std::min(latencies_.size() - 1, static_cast<std::size_t>(part * static_cast<double>(latencies_.size())));
        return std::chrono::duration<double, std::micro>(latencies_[at]).count();
    }

    std::size_t calls_ = 0;
    std::size_t warm_up_calls_ = 0;
    std::vector<clock::duration> latencies_;
    clock::time_point began_;
    clock::time_point ended_;
    double cpu_began_ = 0;
    double cpu_ended_ = 0;
};

}  // namespace bench
