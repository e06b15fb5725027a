#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include <farcall/clock.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/observe/log_level.hpp>
#include <farcall/observe/log_line.hpp>

namespace farcall {

/// Takes the lines of a log, one at a time: without a newline, complete, and without anything that ends a line.
///
/// It is called on the thread on which the thing happened, which does I/O, so it must not wait for long. What it throws
/// is ignored.
using log_sink = std::function<void(log_level level, std::string_view line)>;

/// Writes a line to the standard error in one system call, so that lines of several threads and processes do not mix.
FARCALL_DECL void log_to_stderr(log_level level, std::string_view line) noexcept;

/// What a logger can be told when it is made.
struct logger_options {
    /// Lines of this level and those behind it are written; can be changed later.
    log_level level = log_level::info;
    /// What the lines look like.
    log_format format = log_format::text;
    /// Where they go. Empty: the standard error.
    log_sink sink{};
    /// Lines of one event, such as "call failed", that are written within a second where a peer can cause as many as it
    /// likes; others are counted, and a line says later how many. Zero: all.
    std::size_t lines_per_second = 10;
    /// Bytes of one text in a line: a name, a message, a header. Longer ones are cut.
    std::size_t text_limit = 256;
    /// Tells the time. Null: the system's clocks.
    std::shared_ptr<clock_source> time{};
};

/// Writes lines: the log of a client, of a server, or of whatever uses them.
///
/// Make a `log_events` of it, which knows what to write, and give that to `client_options::observers` or
/// `server_options::observers`. Each line is one event with its fields; the level can be switched while everything runs.
/// @code
///     farcall::logger log;                                     // info and worse, to the standard error
///     farcall::server server{{.observers = {farcall::log_events{log}}}};
///     log.level(farcall::log_level::debug);                    // at any time, from any thread
/// @endcode
/// @par Thread safety  Safe; copies are handles of one log. The sink is called by one thread at a time.
class logger {
public:
    /// A new log.
    FARCALL_DECL explicit logger(logger_options options = {});

    /// @{ The level; a change holds for what happens from then on, on all copies.
    log_level level() const noexcept { return level_->load(std::memory_order_relaxed); }
    void level(log_level least) const noexcept { level_->store(least, std::memory_order_relaxed); }
    /// @}

    /// Whether lines of this level are written: to save what only a line needs.
    bool writes(log_level level) const noexcept { return level >= this->level() && level != log_level::off; }

    /// Writes a line, `fill(log_line&)` adding its fields; does nothing if the level is not written.
    template <std::invocable<log_line&> Fill>
    void write(log_level level, std::string_view event, Fill&& fill) const {
        if (!writes(level)) return;
        log_line line = begin(level, event);
        std::forward<Fill>(fill)(line);
        put(level, line);
    }
    /// The same without fields.
    void write(log_level level, std::string_view event) const {
        write(level, event, [](log_line&) {});
    }

    /// The same for what a peer can cause as often as it likes: see `logger_options::lines_per_second`.
    /// @param event  a constant: its lines are counted together
    template <std::invocable<log_line&> Fill>
    void write_limited(log_level level, std::string_view event, Fill&& fill) const {
        if (writes(level) && admit(event)) write(level, event, std::forward<Fill>(fill));
    }

    /// Says at once how many lines were left out: at the end, or before a pause. The last copy's end does so, too.
    FARCALL_DECL void flush() const;

private:
    struct state;

    FARCALL_DECL log_line begin(log_level level, std::string_view event) const;
    FARCALL_DECL void put(log_level level, log_line& line) const;
    FARCALL_DECL bool admit(std::string_view event) const;

    std::shared_ptr<state> state_;
    std::atomic<log_level>* level_;  ///< in the state
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/observe/impl/logger.ipp>
#endif
