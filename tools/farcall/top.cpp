#include "top.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "output.hpp"
#include "terminal.hpp"
#include "top_keys.hpp"
#include "top_screen.hpp"
#include "top_table.hpp"

namespace tool {

namespace {

using boost::system::error_code;
using farcall::json;
using clock = std::chrono::steady_clock;

/// How long after an ESC the rest of a key's bytes may come.
constexpr std::chrono::milliseconds rest_of_key{50};

json parameters() { return json::trusted("{\"history\":" + std::to_string(top_tables::history_s) + "}"); }

/// Asks the server again and again, on one thread with the keys.
class live_top {
public:
    live_top(const request& asked, streams io, const make_client& connect, const report_failure& report)
        : asked_(asked), io_(io), report_(report), server_(connect(context_.get_executor())) {
        view_.url = printable(asked.url);
        if (asked.interval) view_.interval = *asked.interval;
        once_ = asked.once || (!io.out_is_terminal && !asked.interval);
        screen_wanted_ = !once_ && !asked.json && io.out_is_terminal;
    }

    exit_status run() {
        ask();
        watch_signals();
        context_.run();
        screen_.reset();
        return status_;
    }

private:
    void ask() {
        asking_ = true;
        server_.async_call<json>(
            [this](std::exception_ptr failed, json result) {
                asking_ = false;
                // What was asked before the pause would move what stands still.
                if (ended_ || (view_.paused && table_)) return;
                if (failed)
                    refused(failed);
                else
                    answered(std::move(result));
            },
            "rpc.metrics", farcall::named(parameters_));
    }

    void ask_later() {
        if (view_.paused || asking_) return;
        next_.expires_after(view_.interval);
        next_.async_wait([this](error_code failure) {
            if (!failure && !asking_ && !ended_) ask();
        });
    }

    void refused(const std::exception_ptr& failed) {
        try {
            std::rethrow_exception(failed);
        } catch (const farcall::error& why) {
            // Whoever has seen the server once waits for it to come back.
            if (!seen_) return end(report_(why));
            if (!screen_ && view_.problem.empty()) report_(why);  // once until it is back
            view_.problem = why.status() == farcall::status::deadline_exceeded ? "no answer in time" : why.message();
            if (view_.problem.empty()) view_.problem = to_string(why.status());
        }
        draw();
        ask_later();
    }

    void answered(json result) {
        seen_ = true;
        view_.problem.clear();
        if (asked_.json) {
            if (!print(printable_json(result.text()) + '\n') || once_) return end(status_);
            return ask_later();
        }
        auto read = read_metrics(result);
        if (const auto* wrong = std::get_if<mistake>(&read)) {
            screen_.reset();
            io_.err << mistake_text(*wrong);
            return end(exit_status::not_understood);
        }
        table_ = tables_.next(std::get<reading>(std::move(read)), clock::now());
        if (once_ || !screen_wanted_) {
            print_table();
            if (once_ || status_ != exit_status::done) return end(status_);
            return ask_later();
        }
        if (!screen_) take_terminal();
        draw();
        ask_later();
    }

    bool print(const std::string& text) {
        io_.out << text << std::flush;
        if (io_.out) return true;
        io_.err << mistake_text({"standard output cannot be written", {}});
        status_ = exit_status::not_understood;
        return false;
    }

    void print_table() {
        top_style style = output_style(io_.out_is_terminal);
        style.height = 0;
        style.escapes = false;
        std::string text;
        for (std::string line : top_screen(*table_, view_, style)) {
            line.erase(line.find_last_not_of(' ') + 1);
            text += line + '\n';
        }
        print(text);
    }

    void take_terminal() {
        // Opened anew: Asio makes what it reads non-blocking, and the shell's standard input must stay as it is.
        const int keys = ::open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
        screen_ = std::make_unique<terminal_screen>(keys);
        error_code ignored;
        signals_.add(SIGWINCH, ignored);
        signals_.add(SIGTSTP, ignored);
        if (keys < 0) return;
        keys_.assign(keys);
        read_more_keys();
    }

    void draw() {
        if (screen_ && table_) screen_->show(top_screen(*table_, view_, output_style(true)));
    }

    void read_more_keys() {
        keys_.async_read_some(boost::asio::buffer(read_), [this](error_code failure, std::size_t count) {
            if (failure || ended_) return;  // no terminal any more: signals still end it
            typed_.append(read_.data(), count);
            obey(true);
            if (ended_) return;
            key_rest_.expires_after(rest_of_key);
            key_rest_.async_wait([this](error_code cut) {
                if (!cut && !ended_) obey(false);
            });
            read_more_keys();
        });
    }

    void obey(bool more) {
        const std::size_t page = top_page(output_style(true));
        for (const key& each : read_keys(typed_, more)) {
            const std::size_t rows = table_ ? arranged(*table_, view_.order).size() : 0;
            switch (press(each, view_, rows, page)) {
                case key_effect::quit: return end(exit_status::done);
                case key_effect::redraw: draw(); break;
                case key_effect::refresh:
                    draw();
                    next_.cancel();
                    if (!asking_) ask();
                    break;
                case key_effect::none: break;
            }
        }
    }

    void watch_signals() {
        signals_.async_wait([this](error_code failure, int number) {
            if (failure || ended_) return;
            if (number == SIGWINCH) {
                draw();
            } else if (number == SIGTSTP) {
                if (screen_) screen_->leave();
                ::raise(SIGSTOP);
                // Here the shell has sent it to the foreground again.
                if (screen_) screen_->enter();
                draw();
            } else {
                return end(exit_status::done);
            }
            watch_signals();
        });
    }

    void end(exit_status how) {
        ended_ = true;
        screen_.reset();
        status_ = how;
        error_code ignored;
        signals_.cancel(ignored);
        next_.cancel();
        key_rest_.cancel();
        if (keys_.is_open()) keys_.close(ignored);
        server_.close();
        context_.stop();
    }

    const request& asked_;
    streams io_;
    const report_failure& report_;
    boost::asio::io_context context_{1};
    farcall::client server_;
    const json parameters_ = parameters();
    boost::asio::steady_timer next_{context_};
    boost::asio::steady_timer key_rest_{context_};
    boost::asio::signal_set signals_{context_, SIGINT, SIGTERM};
    boost::asio::posix::stream_descriptor keys_{context_};
    std::array<char, 256> read_{};
    std::string typed_;
    top_tables tables_;
    std::optional<top_table> table_;
    top_view view_;
    std::unique_ptr<terminal_screen> screen_;
    exit_status status_ = exit_status::done;
    bool seen_ = false;  ///< the server has answered once
    bool once_ = false;
    bool screen_wanted_ = false;
    bool asking_ = false;
    bool ended_ = false;
};

}  // namespace

exit_status top(const request& asked, streams io, const make_client& connect, const report_failure& report) {
    return live_top{asked, io, connect, report}.run();
}

}  // namespace tool
