#pragma once

#include <cerrno>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include <unistd.h>

#include <farcall/observe/line_limit.hpp>
#include <farcall/observe/logger.hpp>

namespace farcall {

FARCALL_DECL void log_to_stderr(log_level, std::string_view line) noexcept {
    try {
        std::string whole{line};
        whole += '\n';
        while (::write(STDERR_FILENO, whole.data(), whole.size()) < 0 && errno == EINTR) {
        }
    } catch (...) {
        // Without memory there is no line.
    }
}

struct logger::state {
    explicit state(logger_options chosen)
        : options(std::move(chosen)), level(options.level), limit(options.lines_per_second) {
        if (!options.sink) options.sink = log_to_stderr;
        if (!options.time) options.time = std::make_shared<system_clocks>();
    }
    ~state() { tell([&](time_point now) { return limit.remaining(now); }); }

    time_point now() const { return options.time->now(); }
    std::chrono::system_clock::time_point wall() const {
        return options.time->wall();
    }

    log_line begin(log_level at, std::string_view event) const {
        return {options.format, at, wall(), event, options.text_limit};
    }

    /// Runs `work` alone, unless it is the sink that asks: what happens because a line is written makes no lines.
    template <class Work>
    void alone(Work work) {
        if (writing.load(std::memory_order_relaxed) == std::this_thread::get_id()) return;
        const std::lock_guard lock(mutex);
        struct mark {
            explicit mark(std::atomic<std::thread::id>& set) : writer(set) {
                writer.store(std::this_thread::get_id(), std::memory_order_relaxed);
            }
            ~mark() { writer.store(std::thread::id{}, std::memory_order_relaxed); }
            std::atomic<std::thread::id>& writer;
        };
        const mark ours{writing};
        work();
    }

    void put(log_level at, std::string_view line) noexcept {
        try {
            options.sink(at, line);
        } catch (...) {
            // A log that cannot be written is none of the call's troubles.
        }
    }

    /// Says what was left out, as `next(now)` gives it.
    template <class Next>
    void tell(Next next) {
        if (limit.next_due() == never) return;
        const time_point present = now();
        while (const std::optional<detail::line_limit::withheld> each = next(present)) {
            log_line line = begin(log_level::warning, "lines left out");
            line.field("of", each->kind)
                .field("count", each->count)
                .field("within_s", std::chrono::ceil<std::chrono::seconds>(each->within).count());
            put(log_level::warning, line.finish());
        }
    }
    void tell_due() {
        tell([&](time_point now) { return limit.due(now); });
    }

    logger_options options;
    std::atomic<log_level> level;
    std::mutex mutex;
    detail::line_limit limit;
    std::atomic<std::thread::id> writing{};
};

FARCALL_DECL logger::logger(logger_options options)
    : state_(std::make_shared<state>(std::move(options))), level_(&state_->level) {}

FARCALL_DECL log_line logger::begin(log_level level, std::string_view event) const { return state_->begin(level, event); }

FARCALL_DECL void logger::put(log_level level, log_line& line) const {
    state_->alone([&] {
        state_->tell_due();
        state_->put(level, line.finish());
    });
}

FARCALL_DECL bool logger::admit(std::string_view event) const {
    bool admitted = false;
    state_->alone([&] {
        admitted = state_->limit.admit(event, state_->now());
        if (!admitted) state_->tell_due();
    });
    return admitted;
}

FARCALL_DECL void logger::flush() const {
    state_->alone([&] { state_->tell([&](time_point now) { return state_->limit.remaining(now); }); });
}

}  // namespace farcall
