#include <farcall/protocol/meta.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "unit/protocol/exact_text.hpp"

namespace {

using namespace std::chrono_literals;
using farcall::detail::call_meta;
using farcall::detail::meta_view;
using farcall::detail::read_meta;
using farcall::detail::read_own_meta;
using farcall::detail::text_buffer;
using farcall::testing::exact_text;

call_meta read(std::string_view text) {
    call_meta meta;
    std::string error;
    EXPECT_TRUE(read_meta(exact_text{text}, meta, error)) << text << ": " << error;
    return meta;
}

std::string error_of(std::string_view text) {
    call_meta meta;
    std::string error;
    EXPECT_FALSE(read_meta(exact_text{text}, meta, error)) << text;
    return error;
}

TEST(call_meta, comes_back_as_it_was_written) {
    call_meta meta;
    meta.timeout = 1500ms;
    meta.attempt = 3;
    meta.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    meta.tracestate = "vendor=a\"b";
    meta.trailers = true;
    meta.session = "0123456789abcdef";
    meta.seq = 18446744073709551615u;
    meta.ack = 0;
    meta.idempotency_key = "order-77";
    meta.headers.set("Tenant", "a7");
    meta.headers.set("note", "quote \" and \xC3\xA9");
    text_buffer out;
    append_meta(out, meta);
    std::string text{out.view()};
    ASSERT_EQ(text.substr(0, 8), "\"meta\":{");
    ASSERT_EQ(text.substr(text.size() - 2), "},");
    const call_meta back = read(text.substr(7, text.size() - 8));
    EXPECT_EQ(back.timeout, meta.timeout);
    EXPECT_EQ(back.attempt, meta.attempt);
    EXPECT_EQ(back.traceparent, meta.traceparent);
    EXPECT_EQ(back.tracestate, meta.tracestate);
    EXPECT_TRUE(back.trailers);
    EXPECT_EQ(back.session, meta.session);
    EXPECT_EQ(back.seq, meta.seq);
    EXPECT_EQ(back.ack, meta.ack);
    EXPECT_EQ(back.headers, meta.headers);
}

TEST(call_meta, writes_nothing_when_there_is_nothing_to_say) {
    text_buffer out;
    append_meta(out, call_meta{});
    EXPECT_TRUE(out.empty());
}

TEST(call_meta, reads_a_lone_timeout) {
    EXPECT_EQ(read("{\"timeout_ms\":0}").timeout, 0ms);
    EXPECT_EQ(read("{\"timeout_ms\":9999}").timeout, 9999ms);
    EXPECT_EQ(read("{ \"timeout_ms\" : 9999 }").timeout, 9999ms);
    EXPECT_FALSE(read("{}").timeout);
    EXPECT_FALSE(read("").timeout);
}

TEST(call_meta, cuts_a_timeout_that_no_clock_can_hold) {
    EXPECT_EQ(read("{\"timeout_ms\":1000000000001}").timeout, 1'000'000'000'000ms);
    EXPECT_EQ(read("{\"timeout_ms\":999999999999999999}").timeout, 1'000'000'000'000ms);
    EXPECT_EQ(read("{\"timeout_ms\":18446744073709551615}").timeout, 1'000'000'000'000ms);
}

TEST(call_meta, ignores_unknown_members) {
    EXPECT_EQ(read("{\"x\":[1,{\"timeout_ms\":5}],\"timeout_ms\":7,\"y\":null}").timeout, 7ms);
}

TEST(call_meta, forgets_what_was_there_before) {
    call_meta meta = read("{\"timeout_ms\":7,\"headers\":{\"a\":\"b\"}}");
    std::string error;
    ASSERT_TRUE(read_meta("{\"attempt\":2}", meta, error));
    EXPECT_FALSE(meta.timeout);
    EXPECT_TRUE(meta.headers.empty());
    EXPECT_EQ(meta.attempt, 2u);
}

TEST(call_meta, names_the_member_that_is_wrong) {
    EXPECT_EQ(error_of("{\"timeout_ms\":\"5\"}"), "meta.timeout_ms: expected integer, found string");
    EXPECT_EQ(error_of("{\"session\":5}"), "meta.session: expected string, found number");
    EXPECT_EQ(error_of("{\"headers\":[]}"), "meta.headers: expected object, found array");
    EXPECT_EQ(error_of("{\"headers\":{\"a\":5}}"), "meta.headers.a: expected string, found number");
    EXPECT_EQ(error_of("{\"seq\":1,\"seq\":2}"), "meta.seq: is there twice: send it once");
    EXPECT_EQ(error_of("[]"), "meta: expected object, found array");
    for (const char* text : {"{\"timeout_ms\":-1}", "{\"timeout_ms\":1.5}", "{\"attempt\":4294967296}", "{\"ack\":-1}",
                             "{\"timeout_ms\":18446744073709551616}", "{\"timeout_ms\":null}"})
        EXPECT_NE(error_of(text).find("meta."), std::string::npos) << text;
}

TEST(call_meta, bounds_its_texts) {
    EXPECT_EQ(read("{\"session\":\"" + std::string(64, 's') + "\"}").session.size(), 64u);
    EXPECT_EQ(error_of("{\"session\":\"" + std::string(65, 's') + "\"}"),
              "meta.session: longer than the 64 bytes allowed");
    error_of("{\"traceparent\":\"" + std::string(129, 's') + "\"}");
    error_of("{\"tracestate\":\"" + std::string(513, 's') + "\"}");
}

TEST(call_meta, holds_headers_to_the_rules_of_metadata) {
    EXPECT_EQ(error_of("{\"headers\":{\"a\":\"1\",\"A\":\"2\"}}"),
              "meta.headers.A: is there twice (case does not matter): send it once");
    for (const char* text :
         {"{\"headers\":{\"\":\"x\"}}", "{\"headers\":{\"a b\":\"x\"}}", "{\"headers\":{\"a\":\"\\n\"}}"})
        EXPECT_NE(error_of(text).find("RFC 9110"), std::string::npos) << text;
    std::string many = "{\"headers\":{\"k0\":\"\"";
    for (int i = 1; i < 64; ++i) many += ",\"k" + std::to_string(i) + "\":\"\"";
    EXPECT_EQ(read(many + "}}").headers.size(), 64u);
    EXPECT_NE(error_of(many + ",\"one\":\"more\"}}").find("64 entries"), std::string::npos);
    EXPECT_NE(error_of("{\"headers\":{\"k\":\"" + std::string(8192, 'v') + "\"}}").find("8192 bytes"),
              std::string::npos);
}

TEST(call_meta, refuses_an_empty_name_of_a_session_or_a_transaction) {
    EXPECT_EQ(error_of("{\"session\":\"\"}"), "meta.session: is empty: leave it out, or say which");
    EXPECT_EQ(error_of("{\"idempotency_key\":\"\"}"), "meta.idempotency_key: is empty: leave it out, or say which");
}

TEST(own_meta, is_recognised_as_clients_write_it_and_says_what_the_reader_of_any_meta_finds) {
    for (const bool timeout : {false, true})
        for (const bool attempt : {false, true})
            for (const bool named : {false, true})
                for (const bool traced : {false, true})
                for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{999'999'999'999'999'999}}) {
                    call_meta said;
                    if (timeout) said.timeout = std::chrono::milliseconds{1500};
                    if (attempt) said.attempt = 2;
                    if (named) {
                        said.session = "0123456789abcdef0123456789abcdef";
                        said.seq = number;
                        said.ack = 1;
                    }
                    if (traced) {
                        said.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
                        if (named) said.tracestate = "vendor=a,other=b";
                        said.trailers = attempt;
                    }
                    if (!timeout && !attempt && !named && !traced) continue;
                    text_buffer out;
                    append_meta(out, said);
                    const std::string_view written = out.view().substr(7, out.size() - 8);
                    const call_meta expected = read(written);
                    const exact_text with_more{std::string{written} + ",\"params\":[1]}"};
                    meta_view found;
                    EXPECT_EQ(read_own_meta(with_more, found), written.size()) << written;
                    EXPECT_EQ(found.timeout, expected.timeout);
                    EXPECT_EQ(found.attempt, expected.attempt);
                    EXPECT_EQ(found.traceparent, expected.traceparent);
                    EXPECT_EQ(found.tracestate, expected.tracestate);
                    EXPECT_EQ(found.trailers, expected.trailers);
                    EXPECT_EQ(found.session, expected.session);
                    EXPECT_EQ(found.seq, expected.seq);
                    EXPECT_EQ(found.ack, expected.ack);
                    for (std::size_t size = 0; size < written.size(); ++size) {
                        meta_view cut;
                        EXPECT_EQ(read_own_meta(exact_text{written.substr(0, size)}, cut), 0u) << written.substr(0, size);
                    }
                }
}

TEST(own_meta, is_nothing_that_is_written_in_another_way) {
    for (const char* other :
         {"", "{}", "[]", "{ \"seq\":1}", "{\"seq\": 1}", "{\"seq\":01}", "{\"seq\":-1}", "{\"seq\":}", "{\"seq\":1,}",
          "{\"seq\":1000000000000000000}", "{\"ack\":1,\"seq\":1}", "{\"seq\":1,\"seq\":1}", "{\"session\":\"\"}",
          "{\"session\":\"a\\u0062\"}", "{\"session\":\"\xC3\xA9\"}", "{\"attempt\":4294967296}", "{\"other\":1}",
          "{\"seq\":1,\"headers\":{}}", "{\"trailers\":false}", "{\"trailers\":truer}", ",\"seq\":1}", "{\"seq\":1.5}", "{\"seq\":1e2}"}) {
        meta_view found;
        EXPECT_EQ(read_own_meta(exact_text{other}, found), 0u) << other;
    }
    meta_view found;
    const std::string longest = "{\"session\":\"" + std::string(64, 's') + "\"}", longer = "{\"session\":\"" + std::string(65, 's') + "\"}";
    EXPECT_EQ(read_own_meta(exact_text{longest}, found), longest.size());
    EXPECT_EQ(read_own_meta(exact_text{longer}, found), 0u);
    for (const auto& [name, most] : {std::pair{"traceparent", 128u}, std::pair{"tracestate", 512u}}) {
        const std::string front = std::string{"{\""} + name + "\":\"";
        EXPECT_NE(read_own_meta(exact_text{front + std::string(most, 'x') + "\"}"}, found), 0u) << name;
        EXPECT_EQ(read_own_meta(exact_text{front + std::string(most + 1, 'x') + "\"}"}, found), 0u) << name;
    }
}

}  // namespace
