#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <farcall/codec/codecs.hpp>
#include <farcall/codec/json.hpp>
#include <farcall/detail/utf8.hpp>
#include <farcall/observe/debug_calls.hpp>
#include <farcall/observe/observer.hpp>
#include <farcall/testing/virtual_clock.hpp>

namespace observe_test {

struct debug_line {
    std::string time, event, method, status, params;
    std::optional<std::string> id, error, exception;
    double us;
    int params_bytes;
};
struct debug_document {
    std::vector<debug_line> slowest, failed;
};

}  // namespace observe_test

namespace {

using namespace std::chrono_literals;
using farcall::call_event;
using farcall::debug_calls;
using farcall::error;
using farcall::status;

class kept_calls : public ::testing::Test {
protected:
    farcall::debug_calls_options options(std::size_t slowest = 3, std::size_t failed = 2) {
        farcall::debug_calls_options made;
        made.slowest = slowest;
        made.failed = failed;
        made.time = clock;
        return made;
    }
    static call_event took(std::chrono::nanoseconds time, std::string_view id = "1") {
        call_event event;
        event.connection = {farcall::call_side::server, 1, "127.0.0.1:40312", "native"};
        event.method = "Calculator.add";
        event.id = id;
        event.params = "[5,3]";
        event.params_size = 5;
        event.time = time;
        return event;
    }
    static std::string ids(const std::vector<farcall::debug_call>& calls) {
        std::string text;
        for (const auto& each : calls) text += each.id + ' ';
        return text;
    }

    std::shared_ptr<farcall::testing::virtual_clock> clock = std::make_shared<farcall::testing::virtual_clock>();
};

TEST_F(kept_calls, texts_of_peers_are_cut_between_code_points) {
    farcall::debug_calls_options chosen = options();
    chosen.params = 10;
    chosen.redact = [](std::string_view, std::string_view) { return std::string(5'000, 'r'); };
    debug_calls redacting{chosen}, plain{options()};
    std::string big = "x";
    for (int i = 0; i != 100'000; ++i) big += "\u00e9";
    error::details texts;
    texts.message = texts.private_text = big;
    const error why{status::not_found, texts};
    call_event event = took(1ms, big);
    event.method = event.request_id = event.traceparent = event.connection.peer = event.params = big;
    event.status = status::not_found;
    event.failure = &why;
    for (debug_calls* each : {&redacting, &plain}) {
        each->call_ended(event);
        const farcall::debug_call call = each->failed().at(0);
        for (const std::string* text : {&call.method, &call.id, &call.peer, &call.request_id, &call.traceparent,
                                        &call.error, &call.exception}) {
            EXPECT_LE(text->size(), 1'024u);
            EXPECT_GE(text->size(), 1'020u);
            EXPECT_EQ(farcall::detail::utf8_prefix(*text), text->size());
            EXPECT_EQ(*text, big.substr(0, text->size()));
        }
        EXPECT_LE(call.params.size(), 1'024u);
        EXPECT_EQ(farcall::detail::utf8_prefix(call.params), call.params.size());
    }
}

TEST_F(kept_calls, are_the_slowest_whatever_their_order) {
    debug_calls calls{options()};
    int id = 0;
    for (const int ms : {5, 1, 9, 3, 9, 2}) calls.call_ended(took(std::chrono::milliseconds{ms}, std::to_string(++id)));
    EXPECT_EQ(ids(calls.slowest()), "3 5 1 ");
    EXPECT_TRUE(calls.failed().empty());
}

TEST_F(kept_calls, make_room_after_their_time) {
    auto chosen = options();
    chosen.remembered = 60s;
    debug_calls calls{chosen};
    for (const int ms : {100, 200, 300}) calls.call_ended(took(std::chrono::milliseconds{ms}, std::to_string(ms)));
    clock->jump(30s);
    calls.call_ended(took(250ms, "250"));
    EXPECT_EQ(ids(calls.slowest()), "300 250 200 ");
    clock->jump(30s);
    EXPECT_EQ(ids(calls.slowest()), "250 ") << "the others are too old, though nothing came";
    calls.call_ended(took(1ms, "1"));
    calls.call_ended(took(2ms, "2"));
    EXPECT_EQ(ids(calls.slowest()), "250 2 1 ");
}

TEST_F(kept_calls, are_the_last_that_failed) {
    debug_calls calls{options()};
    const error why{status::not_found, "no such account"};
    for (const char* id : {"1", "2", "3", "4", "5"}) {
        call_event event = took(1ms, id);
        event.status = status::not_found;
        event.failure = &why;
        calls.call_ended(event);
        EXPECT_EQ(calls.failed().front().id, id);
    }
    EXPECT_EQ(ids(calls.failed()), "5 4 ");
    EXPECT_EQ(calls.failed()[0].error, "no such account");
}

TEST_F(kept_calls, have_their_arguments_cut_and_redacted_before_they_are_kept) {
    auto chosen = options();
    chosen.params = 3;
    EXPECT_EQ(debug_calls{chosen}.wanted_params(), 3u);
    debug_calls cut{chosen};
    cut.call_ended(took(1ms));
    EXPECT_EQ(cut.slowest()[0].params, "[5,");
    EXPECT_EQ(cut.slowest()[0].params_size, 5u);
    chosen.redact = [](std::string_view method, std::string_view) { return "of " + std::string{method}; };
    debug_calls redacted{chosen};
    redacted.call_ended(took(1ms));
    EXPECT_EQ(redacted.slowest()[0].params, "of Calculator.add");
}

TEST_F(kept_calls, are_not_kept_where_redaction_throws) {
    auto chosen = options();
    chosen.redact = [](std::string_view, std::string_view) -> std::string { throw std::runtime_error{"no"}; };
    const auto calls = std::make_shared<debug_calls>(chosen);
    const farcall::detail::observers all{{calls}};
    all.tell(took(1ms));
    EXPECT_TRUE(calls->slowest().empty());
}

TEST_F(kept_calls, are_none_of_a_kind_that_is_not_wanted) {
    debug_calls calls{options(0, 0)};
    const error why{status::internal, "x"};
    call_event event = took(1h);
    event.status = status::internal;
    event.failure = &why;
    calls.call_ended(event);
    EXPECT_TRUE(calls.slowest().empty());
    EXPECT_TRUE(calls.failed().empty());
    EXPECT_EQ(calls.json(), "{\"slowest\":[],\n\"failed\":[]}\n");
}

TEST_F(kept_calls, are_json_with_a_line_each_whatever_the_peer_has_sent) {
    debug_calls calls{options()};
    error::details texts;
    texts.message = "the handler threw";
    texts.private_text = "disk\nfull";
    const error why{status::internal, texts};
    call_event event = took(1500us, "\"a\nb\"");
    event.params = "[\xff\n\"\x1b";
    event.status = status::internal;
    event.failure = &why;
    calls.call_ended(event);
    calls.call_ended(took(1us));
    const std::string text = calls.json();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 5) << text;
    const auto read = farcall::json::parse(text).value().as<observe_test::debug_document>();
    ASSERT_EQ(read.slowest.size(), 2u);
    ASSERT_EQ(read.failed.size(), 1u);
    EXPECT_EQ(read.slowest[0].event, "call failed");
    EXPECT_EQ(read.slowest[0].us, 1500.0);
    EXPECT_EQ(read.slowest[1].params, "[5,3]");
    EXPECT_EQ(read.failed[0].time, "2030-01-01T00:00:00.000000Z");
    EXPECT_EQ(read.failed[0].exception, "disk\nfull");
    EXPECT_EQ(read.failed[0].params_bytes, 5);
}

TEST_F(kept_calls, may_come_from_several_threads) {
    debug_calls calls{options(8, 8)};
    const error why{status::not_found, "x"};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 2000; ++i) {
                call_event event = took(std::chrono::microseconds{t * 2000 + i}, std::to_string(t * 2000 + i));
                if (i % 10 == 0) event.status = status::not_found, event.failure = &why;
                calls.call_ended(event);
                if (i % 100 == 0) (void)calls.json();
            }
        });
    for (auto& each : threads) each.join();
    EXPECT_EQ(ids(calls.slowest()), "7999 7998 7997 7996 7995 7994 7993 7992 ");
    EXPECT_EQ(calls.failed().size(), 8u);
}

}  // namespace
