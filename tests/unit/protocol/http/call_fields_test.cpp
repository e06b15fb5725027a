#include <farcall/protocol/http/call_fields.hpp>

#include <gtest/gtest.h>

#include <farcall/protocol/http/media_type.hpp>

namespace {

using farcall::detail::call_meta;
using farcall::detail::decode_path;
using farcall::detail::http_field;
using farcall::detail::http_head;
using farcall::detail::longest_meta_timeout;
using farcall::detail::media_type;
using farcall::detail::read_call_fields;
using farcall::detail::read_media_type;

struct found {
    bool good;
    call_meta meta;
    std::string problem;
};

found read(std::vector<http_field> fields) {
    http_head head;
    head.fields = std::move(fields);
    found made{};
    made.meta.attempt = 7;  // must not survive
    made.good = read_call_fields(head, made.meta, made.problem);
    return made;
}

TEST(call_fields, become_metadata_in_lower_case) {
    const found made = read({{"Authorization", "Bearer x"},
                             {"X-Request-ID", "7"},
                             {"User-Agent", "curl"},
                             {"X-List", "a"},
                             {"x-list", "b\tc"},
                             {"X-Empty", ""}});
    EXPECT_TRUE(made.good);
    EXPECT_EQ(made.meta.attempt, 0u);
    EXPECT_EQ(made.meta.headers, (farcall::metadata{{"authorization", "Bearer x"},
                                                    {"x-request-id", "7"},
                                                    {"user-agent", "curl"},
                                                    {"x-list", "a, b c"},
                                                    {"x-empty", ""}}));
}

TEST(call_fields, leave_out_what_is_http_or_the_browser_s) {
    const found made = read({{"Host", "a"},
                             {"Connection", "close, X-Hop"},
                             {"X-Hop", "1"},
                             {"Keep-Alive", "1"},
                             {"TE", "trailers"},
                             {"Trailer", "X"},
                             {"Transfer-Encoding", "chunked"},
                             {"Upgrade", "h2c"},
                             {"HTTP2-Settings", "x"},
                             {"Expect", "100-continue"},
                             {"Content-Type", "x"},
                             {"Content-Length", "1"},
                             {"Accept", "*/*"},
                             {"Accept-Encoding", "gzip"},
                             {"Cookie", "secret"},
                             {"Origin", "http://a"},
                             {"Sec-Fetch-Mode", "cors"},
                             {"Proxy-Connection", "close"},
                             {"Access-Control-Request-Method", "POST"}});
    EXPECT_TRUE(made.good);
    EXPECT_TRUE(made.meta.headers.empty());
}

TEST(call_fields, say_the_deadline) {
    EXPECT_EQ(read({{"timeout-ms", "250"}}).meta.timeout, std::chrono::milliseconds{250});
    EXPECT_EQ(read({{"Timeout-Ms", "0"}}).meta.timeout, std::chrono::milliseconds{0});
    EXPECT_EQ(read({{"Timeout-Ms", std::string(30, '9')}}).meta.timeout,
              std::chrono::milliseconds{longest_meta_timeout});
    EXPECT_FALSE(read({}).meta.timeout);
    for (const char* wrong : {"", "-1", "+1", "1.5", "1s", "0x10", "1 2"}) {
        const found made = read({{"Timeout-Ms", wrong}});
        EXPECT_FALSE(made.good) << wrong;
        EXPECT_NE(made.problem.find("Timeout-Ms"), std::string::npos);
    }
    EXPECT_FALSE(read({{"Timeout-Ms", "1"}, {"Timeout-Ms", "2"}}).good);
}

TEST(call_fields, ask_what_there_is_beside_the_answer) {
    EXPECT_TRUE(read({{"Farcall-Trailers", "true"}}).meta.trailers);
    EXPECT_FALSE(read({{"Farcall-Trailers", "false"}}).meta.trailers);
    EXPECT_TRUE(read({{"Farcall-Trailers", "true"}}).meta.headers.empty());
    EXPECT_FALSE(read({{"Farcall-Trailers", "yes"}}).good);
}

TEST(call_fields, name_the_call) {
    EXPECT_EQ(read({{"Idempotency-Key", "k-1"}}).meta.idempotency_key, "k-1");
    EXPECT_EQ(read({{"Idempotency-Key", "\"k-1\""}}).meta.idempotency_key, "k-1");
    const std::string longest(256, 'k');
    EXPECT_EQ(read({{"Idempotency-Key", longest}}).meta.idempotency_key, longest);
    EXPECT_FALSE(read({{"Idempotency-Key", longest + "k"}}).good);
    for (const char* wrong : {"", "\"\"", "\"", "a\"b", "\"a\\b\"", "\xC3\xA9"})
        EXPECT_FALSE(read({{"Idempotency-Key", wrong}}).good) << wrong;
    EXPECT_FALSE(read({{"Idempotency-Key", "a"}, {"Idempotency-Key", "a"}}).good);
}

TEST(call_fields, carry_the_trace) {
    const found made = read({{"traceparent", "00-4bf9-00f0-01"}, {"tracestate", "a=1"}, {"Tracestate", "b=2"}});
    EXPECT_EQ(made.meta.traceparent, "00-4bf9-00f0-01");
    EXPECT_EQ(made.meta.tracestate, "a=1,b=2");
    EXPECT_TRUE(made.meta.headers.empty());
}

TEST(call_fields, refuse_what_cannot_travel) {
    EXPECT_FALSE(read({{"X", "\x80"}}).good);
    EXPECT_TRUE(read({{"X", "\xC3\xA9"}}).good);
    EXPECT_FALSE(read({{"X", std::string(9000, 'x')}}).good);
    EXPECT_NE(read({{"X-Odd", "\x80"}}).problem.find("X-Odd"), std::string::npos);
}

TEST(path, is_decoded) {
    std::string text;
    EXPECT_TRUE(decode_path("/Calculator.add", text));
    EXPECT_EQ(text, "Calculator.add");
    EXPECT_TRUE(decode_path("/a%2fb%2F%25", text));
    EXPECT_EQ(text, "a/b/%");
    EXPECT_TRUE(decode_path("/", text));
    EXPECT_EQ(text, "");
    for (const char* wrong : {"/%", "/%4", "/%4g", "/%g4", "/%00", "/%0a", "/%7f", "/%ff", "/%c3", "/%ed%a0%80"})
        EXPECT_FALSE(decode_path(wrong, text)) << wrong;
}

TEST(media_type, is_read_as_clients_write_it) {
    for (const char* json : {"application/json", "Application/JSON", "application/json; charset=utf-8",
                             "application/json;charset=\"UTF-8\"", "application/json ; version=1 ; Charset=utf8",
                             "application/json-rpc", "application/jsonrequest", "application/json;"})
        EXPECT_EQ(read_media_type(json), media_type::json) << json;
    EXPECT_EQ(read_media_type("application/x-www-form-urlencoded"), media_type::form);
    EXPECT_EQ(read_media_type(""), media_type::none);
    for (const char* other :
         {"text/plain", "application/json; charset=latin1", "application/jsonx", "application/json, text/plain",
          "multipart/form-data; boundary=x", "application/xml", ";", "json"})
        EXPECT_NE(read_media_type(other), media_type::json) << other;
}

}  // namespace
