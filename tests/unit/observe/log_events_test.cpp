#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <farcall/codec/codecs.hpp>
#include <farcall/codec/json.hpp>
#include <farcall/observe/log_events.hpp>
#include <farcall/observe/observer.hpp>

#include "unit/observe/recorded_log.hpp"

namespace observe_test {

struct json_line {
    std::string level, event, method, id, request_id;
    int bytes_in;
    double us;
};

}  // namespace observe_test

namespace {

using observe_test::json_line;
using namespace std::chrono_literals;
using farcall::call_event;
using farcall::call_side;
using farcall::connection_tag;
using farcall::error;
using farcall::log_events;
using farcall::log_format;
using farcall::log_level;
using farcall::status;

constexpr connection_tag from{call_side::server, 3, "127.0.0.1:40312", "native"};

call_event add_call() {
    call_event event;
    event.connection = from;
    event.method = "Calculator.add";
    event.id = "7";
    event.bytes_in = 62;
    event.bytes_out = 38;
    event.time = 12'300ns;
    event.queue = 400ns;
    return event;
}

TEST(log_events, shows_id_method_bytes_and_microseconds_of_a_call_at_debug) {
    recorded_log to;
    const log_events log{to.make(log_level::debug)};
    log.call_ended(add_call());
    EXPECT_EQ(to.lines.at(0).substr(28),
              "debug call method=Calculator.add id=7 status=ok us=12.3 queue_us=0.4 bytes_in=62 bytes_out=38 side=server "
              "connection=3 peer=127.0.0.1:40312 protocol=native");
}

TEST(log_events, writes_the_same_as_json) {
    recorded_log to;
    const log_events log{to.make(log_level::debug, log_format::json)};
    call_event event = add_call();
    event.id = R"("a\"b")";
    event.request_id = "r-1";
    log.call_ended(event);
    const auto line = farcall::json::parse(to.lines.at(0)).value().as<json_line>();
    EXPECT_EQ(line.level, "debug");
    EXPECT_EQ(line.event, "call");
    EXPECT_EQ(line.method, "Calculator.add");
    EXPECT_EQ(line.id, R"("a\"b")");
    EXPECT_EQ(line.bytes_in, 62);
    EXPECT_EQ(line.us, 12.3);
    EXPECT_EQ(line.request_id, "r-1");
}

TEST(log_events, is_silent_about_good_calls_unless_it_is_an_access_log) {
    recorded_log to;
    log_events{to.make(log_level::info)}.call_ended(add_call());
    EXPECT_TRUE(to.lines.empty());
    log_events{to.make(log_level::info), {.answered = log_level::info}}.call_ended(add_call());
    EXPECT_EQ(to.events(), std::vector<std::string>{"info call"});
}

TEST(log_events, warns_of_slow_calls) {
    recorded_log to;
    const log_events log{to.make(log_level::info), {.slow = 1ms}};
    call_event event = add_call();
    event.time = 1ms;
    log.call_ended(event);
    event.time = 1ms - 1ns;
    log.call_ended(event);
    EXPECT_EQ(to.events(), std::vector<std::string>{"warning call slow"});
}

TEST(log_events, gives_a_failure_the_level_of_whose_trouble_it_is) {
    recorded_log to;
    const log_events log{to.make(log_level::debug)};
    for (const status code : {status::invalid_argument, status::unknown, status::cancelled, status::unauthenticated,
                              status::deadline_exceeded, status::resource_exhausted, status::unavailable, status::internal,
                              status::data_loss}) {
        const error why{code, "why"};
        call_event event = add_call();
        event.status = code;
        event.failure = &why;
        log.call_ended(event);
    }
    const std::vector<std::string> expected{"info call failed",    "info call failed",    "info call failed",
                                            "info call failed",    "warning call failed", "warning call failed",
                                            "warning call failed", "error call failed",   "error call failed"};
    EXPECT_EQ(to.events(), expected);
}

TEST(log_events, shows_the_text_of_an_exception_that_the_caller_is_not_told) {
    recorded_log to;
    error::details texts;
    texts.message = "the handler threw std::runtime_error";
    texts.type = "std::runtime_error";
    texts.private_text = "connect to 10.0.0.7:5432 failed";
    const error why = error{status::internal, texts}.with_executed(farcall::executed::yes);
    call_event event = add_call();
    event.status = status::internal;
    event.failure = &why;
    log_events{to.make(log_level::info)}.call_ended(event);
    EXPECT_NE(to.lines.at(0).find(R"( error="the handler threw std::runtime_error" type=std::runtime_error executed=yes )"
                                  R"(exception="connect to 10.0.0.7:5432 failed")"),
              std::string::npos)
        << to.lines.at(0);
}

TEST(log_events, escapes_and_cuts_what_a_peer_says) {
    for (const log_format format : {log_format::text, log_format::json}) {
        recorded_log to;
        const log_events log{to.make(log_level::debug, format)};
        const std::string evil = "x\n2030-01-01T00:00:00Z error \x1b[2J" + std::string(5000, 'y');
        const error why{status::unavailable, evil};
        call_event event = add_call();
        event.method = event.id = event.request_id = event.traceparent = evil;
        event.connection.peer = evil;
        event.status = status::unavailable;
        event.failure = &why;
        log.call_ended(event);
        log.connection_down({event.connection, evil});
        log.drop({event.connection, "late answer", evil});
        log.connect_failed({evil, evil, 1s});
        log.retry({evil, 1, &why, 10ms});
        for (const std::string& line : to.lines) {
            EXPECT_EQ(line.find('\n'), std::string::npos);
            EXPECT_EQ(line.find('\x1b'), std::string::npos);
            EXPECT_LT(line.size(), 3000u);
        }
        EXPECT_EQ(to.lines.size(), 5u);
    }
}

TEST(log_events, prints_arguments_only_when_told_and_as_they_are_redacted) {
    const auto line_with = [](farcall::log_events_options options) {
        recorded_log to;
        call_event event = add_call();
        event.params = R"([5,"secret"])";
        event.params_size = event.params.size();
        log_events{to.make(log_level::debug), std::move(options)}.call_ended(event);
        return to.lines.at(0);
    };
    EXPECT_EQ(line_with({}).find("secret"), std::string::npos);
    EXPECT_NE(line_with({.params = 100}).find(R"( params="[5,\"secret\"]")"), std::string::npos);
    EXPECT_EQ(line_with({.params = 5}).find("secret"), std::string::npos);
    const std::string redacted = line_with({.params = 100, .redact = [](std::string_view method, std::string_view params) {
                                                return std::string{method} + " has " + std::to_string(params.size());
                                            }});
    EXPECT_NE(redacted.find(R"( params="Calculator.add has 12")"), std::string::npos) << redacted;
}

TEST(log_events, asks_for_arguments_only_when_it_prints_them) {
    EXPECT_EQ((farcall::detail::observers{{log_events{}}}.watch_params()), 0u);
    EXPECT_EQ((farcall::detail::observers{{log_events{farcall::logger{}, {.params = 64}}}}.watch_params()), 64u);
}

TEST(log_events, writes_a_line_for_every_kind_of_event) {
    recorded_log to;
    const log_events log{to.make(log_level::debug)};
    const error why{status::unavailable, "gone"};
    log.lifecycle({"listening", "tcp://127.0.0.1:5000", 0});
    log.connection_up({from, {}});
    log.connection_down({from, {}});
    log.connection_down({from, "reset"});
    log.connect_failed({"tcp://127.0.0.1:5000", "refused", 1s});
    log.retry({"Calculator.add", 1, &why, 100ms});
    log.hedge({"Calculator.add", 2});
    log.goaway({from});
    log.drop({from, "late answer", "9"});
    log.limit_hit({from, "in_flight"});
    log.lifecycle({"draining", {}, 12});
    const std::vector<std::string> expected{
        "info listening", "debug connection up", "debug connection down", "info connection lost", "warning connect failed",
        "info retry",     "debug hedge",         "info goaway",           "debug drop",           "warning limit hit",
        "info draining"};
    EXPECT_EQ(to.events(), expected);
    EXPECT_TRUE(to.lines[0].ends_with("listening side=server url=tcp://127.0.0.1:5000")) << to.lines[0];
    EXPECT_TRUE(to.lines[3].ends_with("reason=reset")) << to.lines[3];
    EXPECT_TRUE(to.lines[4].ends_with("side=client peer=tcp://127.0.0.1:5000 reason=refused pause_ms=1000")) << to.lines[4];
    EXPECT_TRUE(to.lines[9].find("limit=in_flight side=server connection=3") != std::string::npos) << to.lines[9];
    EXPECT_TRUE(to.lines[10].ends_with("connections=12")) << to.lines[10];
}

TEST(log_events, writes_ten_lines_a_second_of_each_event_that_a_peer_can_cause) {
    recorded_log to;
    const log_events log{to.make(log_level::debug)};
    const error why{status::invalid_argument, "no"};
    for (int i = 0; i < 100; ++i) {
        call_event event = add_call();
        log.call_ended(event);
        event.status = status::invalid_argument;
        event.failure = &why;
        log.call_ended(event);
        log.connection_up({from, {}});
        log.connection_down({from, {}});
        log.connection_down({from, "reset"});
        log.connect_failed({"tcp://127.0.0.1:5000", "refused", 1s});
        log.retry({"Calculator.add", 1, &why, 100ms});
        log.hedge({"Calculator.add", 2});
        log.goaway({from});
        log.drop({from, "late answer", "9"});
        log.limit_hit({from, "in_flight"});
    }
    EXPECT_EQ(to.lines.size(), 100u + 10 * 10u) << "all the good calls, for somebody has asked for these, and ten of each";
}

TEST(log_events, is_an_observer_of_everything) {
    static_assert(farcall::watches_connections_up<log_events> && farcall::watches_connections_down<log_events> &&
                  farcall::watches_connect_failures<log_events> && farcall::watches_lifecycle<log_events> &&
                  farcall::watches_calls<log_events> && farcall::watches_retries<log_events> &&
                  farcall::watches_hedges<log_events> && farcall::watches_goaways<log_events> &&
                  farcall::watches_drops<log_events> && farcall::watches_limits<log_events>);
    static_assert(farcall::wants_params<log_events>);
}

}  // namespace
