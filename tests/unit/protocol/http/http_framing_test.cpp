#include <farcall/protocol/http/http_framing.hpp>

#include "unit/protocol/http/support.hpp"

namespace {

using namespace http_test;
using farcall::http_options;
using farcall::limits;
using farcall::detail::call_meta;

const std::string add = R"({"jsonrpc":"2.0","id":1,"method":"Calculator.add","params":[5,3]})";
const std::string answer = R"({"jsonrpc":"2.0","id":0,"result":8})";

bool holds(const outcome& seen, std::string_view text) { return seen.sent.find(text) != std::string::npos; }

TEST(http_framing, answers_a_message_with_a_message) {
    const outcome seen = serve(post("/", add));
    EXPECT_EQ(seen.messages, std::vector<std::string>{add});
    EXPECT_EQ(seen.sent, answer_of(200, "OK", answer));
    EXPECT_FALSE(seen.closed);
    EXPECT_EQ(seen.left, "");
}

TEST(http_framing, says_errors_of_json_rpc_with_200) {
    const std::string failure = R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}})";
    EXPECT_EQ(serve(post("/", add), site{}, [&](auto) { return failure; }).sent, answer_of(200, "OK", failure));
}

TEST(http_framing, answers_notifications_with_an_empty_body) {
    const auto nothing = [](auto) { return std::string{}; };
    EXPECT_EQ(serve(post("/", add), site{}, nothing).sent, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(serve(post("/", add), site{http_options{.notification_status = 204}}, nothing).sent,
              "HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_EQ(serve(post("/", add), site{http_options{.notification_status = 202}}, nothing).sent,
              "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
}

TEST(http_framing, answers_a_bare_call_with_the_bare_result) {
    const outcome seen = serve(post("/Calculator.add", "[5,3]"));
    EXPECT_EQ(seen.messages, std::vector<std::string>{"Calculator.add [5,3]"});
    EXPECT_EQ(seen.sent, answer_of(200, "OK", "8"));
}

TEST(http_framing, takes_the_arguments_of_a_bare_call_in_any_form) {
    EXPECT_EQ(serve(post("/Calculator.add", R"( {"a":5,"b":3} )")).messages[0], R"(Calculator.add {"a":5,"b":3})");
    EXPECT_EQ(serve(post("/Calculator.add", "")).messages[0], "Calculator.add ");
    EXPECT_EQ(serve(post("/Calculator.add", " \r\n")).messages[0], "Calculator.add ");
    EXPECT_EQ(serve(post("/a%2Fb%20%C3%A9", "[]")).messages[0], "a/b \xC3\xA9 []");
}

TEST(http_framing, takes_what_curl_sends_without_an_option) {
    const std::string curl =
        "POST /Calculator.add HTTP/1.1\r\nHost: localhost:5000\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n"
        "Content-Length: 5\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n[5,3]";
    EXPECT_EQ(serve(curl).sent, answer_of(200, "OK", "8"));
    std::string bare = curl;
    bare.replace(bare.find("/Calculator.add"), 15, "/");
    const outcome refused = serve(bare);
    EXPECT_EQ(refused.statuses(), std::vector<int>{415});
    EXPECT_TRUE(holds(refused, "Content-Type: application/json, in UTF-8, with a JSON-RPC 2.0 message"));
    EXPECT_TRUE(refused.messages.empty());
}

TEST(http_framing, checks_the_arguments_of_a_bare_call_before_it_is_made) {
    for (const std::string_view body :
         {"[5,3", "[5,3]]", "[5,3] x", "5", "\"a\"", "null", "{\"a\":5,}", "[\"\x80\"]", "a=5&b=3"}) {
        const outcome seen = serve(post("/Calculator.add", body) + get("/state"));
        EXPECT_TRUE(seen.messages.empty()) << body;
        EXPECT_EQ(seen.statuses(), (std::vector<int>{400, 503})) << body;
        EXPECT_TRUE(holds(seen, "the arguments are ")) << body;
    }
    // At the depth that a message would have, and one past it.
    const site shallow{{}, limits{.depth = 3}};
    EXPECT_EQ(serve(post("/Calculator.add", "[[1]]"), shallow).messages.size(), 1u);
    EXPECT_EQ(serve(post("/Calculator.add", "[[[1]]]"), shallow).statuses(), std::vector<int>{400});
}

TEST(http_framing, says_errors_of_bare_calls_with_a_status_that_fits) {
    const std::pair<std::int64_t, unsigned> all[] = {
        {-32700, 400}, {-32600, 400}, {-32601, 404}, {-32602, 400}, {-32603, 500}, {-32000, 500}, {-32001, 499},
        {-32004, 504}, {-32005, 404}, {-32006, 409}, {-32007, 403}, {-32008, 429}, {-32009, 400}, {-32010, 409},
        {-32011, 400}, {-32014, 503}, {-32015, 500}, {-32016, 401}, {42, 500}};
    for (const auto& [code, status] : all) {
        const std::string failure =
            R"({"code":)" + std::to_string(code) + R"(,"message":"no \"x\"","data":{"path":"/0"}})";
        const outcome seen = serve(post("/Calculator.add", "[]"), site{},
                                   [&](auto) { return R"({"jsonrpc":"2.0","id":0,"error":)" + failure + "}"; });
        EXPECT_EQ(seen.statuses(), std::vector<int>{static_cast<int>(status)}) << code;
        EXPECT_TRUE(seen.sent.ends_with("\r\n\r\n{\"error\":" + failure + "}")) << seen.sent;
        EXPECT_FALSE(seen.closed);
    }
}

TEST(http_framing, ends_with_one_answer_that_says_why_even_while_a_call_is_under_way) {
    for (const std::string& request : {post("/Calculator.add", "[5,3]"), post("/", add)}) {
        const site where;
        http_framing framing{where};
        text_buffer out;
        ASSERT_NE(framing.next(request, out).what, framing_step::kind::need_more);
        out.append(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32008,"message":"limits.buffered"}})");
        framing.end_last_message(out, 0);
        const std::string told{out.view()};
        EXPECT_TRUE(told.starts_with("HTTP/1.1 503 ")) << told;
        EXPECT_NE(told.find("\r\nConnection: close\r\n"), std::string::npos) << told;
        EXPECT_TRUE(told.ends_with(R"("message":"limits.buffered"}})")) << told;
        EXPECT_TRUE(framing.finished());
        const std::size_t mark = out.size();
        out.append(answer);
        EXPECT_TRUE(framing.end_message(out, mark)) << "the call's own answer comes too late";
        framing.no_reply(out);
        EXPECT_EQ(out.view(), told);
    }
}

TEST(http_framing, says_when_to_try_again) {
    const outcome seen = serve(post("/Calculator.add", "[]"), site{}, [](auto) {
        return R"({"jsonrpc":"2.0","id":0,"error":{"code":-32014,"message":"busy","data":{"retry_after_ms":1200}}})";
    });
    EXPECT_TRUE(holds(seen, "503 Service Unavailable\r\n"));
    EXPECT_TRUE(holds(seen, "\r\nRetry-After: 2\r\n"));
}

TEST(http_framing, says_what_there_is_beside_the_answer_to_a_bare_call_in_the_head) {
    const std::string meta = R"(,"meta":{"server_us":12003,"headers":{"Rows":"3","note":"a \"b\""}}})";
    const auto answers = [&](auto) { return R"({"jsonrpc":"2.0","id":0,"result":{"meta":8})" + meta; };
    const outcome seen = serve(post("/Calculator.add", "[]", "Farcall-Trailers: true\r\n"), site{}, answers);
    EXPECT_TRUE(holds(seen, "\r\nServer-Timing: rpc;dur=12.003\r\nTrailer-Rows: 3\r\nTrailer-note: a \"b\"\r\n")) << seen.sent;
    EXPECT_TRUE(seen.sent.ends_with("\r\n\r\n{\"meta\":8}")) << seen.sent;
    const outcome failed = serve(post("/Calculator.add", "[]", "Farcall-Trailers: true\r\n"), site{}, [&](auto) {
        return R"({"jsonrpc":"2.0","id":0,"error":{"code":-32014,"message":"busy","data":{"retry_after_ms":1200}})" + meta;
    });
    EXPECT_TRUE(holds(failed, "\r\nTrailer-Rows: 3\r\n")) << failed.sent;
    EXPECT_TRUE(holds(failed, "\r\nRetry-After: 2\r\n")) << failed.sent;
    EXPECT_TRUE(failed.sent.ends_with(R"("retry_after_ms":1200}}})")) << failed.sent;
    EXPECT_EQ(serve(post("/Calculator.add", "[]", "Farcall-Trailers: true\r\n")).sent, answer_of(200, "OK", "8")) << "it says none";
    // A message says it itself.
    EXPECT_TRUE(serve(post("/", add, "Farcall-Trailers: true\r\n"), site{}, answers).sent.ends_with(meta));
    // Scripts of other origins see but a few fields of an answer that does not name the others.
    const site where{http_options{.origins = {"https://app.example"}}};
    const std::string asks = "Origin: https://app.example\r\nFarcall-Trailers: true\r\n";
    EXPECT_TRUE(holds(serve(post("/Calculator.add", "[]", asks), where, answers),
                      "\r\nAccess-Control-Expose-Headers: Server-Timing, Trailer-Rows, Trailer-note\r\n"));
}

TEST(http_framing, answers_pipelined_requests_in_order_wherever_they_are_cut) {
    const std::string chunked =
        "POST /Calculator.add HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n"
        "3;a=\"b\"\r\n[5,\r\n002\r\n3]\r\n0\r\nX: y\r\n\r\n";
    const std::string stream = post("/", add) + get("/state") + chunked + "\r\n" + post("/", "[]") + get("/");
    const site where;
    const outcome whole = serve(stream, where);
    EXPECT_EQ(whole.messages, (std::vector<std::string>{add, "Calculator.add [5,3]", "[]"}));
    EXPECT_EQ(whole.statuses(), (std::vector<int>{200, 503, 200, 200, 200}));
    EXPECT_EQ(whole.left, "");
    for (std::size_t cut = 1; cut < stream.size(); ++cut) {
        connection client{where};
        client.receive(stream.substr(0, cut));
        client.receive(stream.substr(cut));
        ASSERT_EQ(client.seen().sent, whole.sent) << cut;
        ASSERT_EQ(client.seen().messages, whole.messages) << cut;
    }
    connection client{where};
    for (const char byte : stream) client.receive(std::string_view{&byte, 1});
    EXPECT_EQ(client.seen().sent, whole.sent);
    EXPECT_EQ(client.seen().messages, whole.messages);
}

TEST(http_framing, reads_one_body_in_chunks_after_another) {
    const std::string first =
        "POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n0\r\nX: y\r\n\r\n";
    const std::string second =
        "POST /b HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[2]\r\n0\r\n\r\n";
    EXPECT_EQ(serve(first + second + first).messages, (std::vector<std::string>{"a [1]", "b [2]", "a [1]"}));
}

TEST(http_framing, has_one_message_at_a_time) {
    const site where;
    connection client{where, [](auto) { return std::string{"later"}; }};
    client.receive(post("/", add) + post("/Calculator.add", "[1,2]"));
    EXPECT_EQ(client.seen().messages.size(), 1u);
    EXPECT_TRUE(client.seen().waits);
    EXPECT_EQ(client.seen().sent, "");
    client.answer(answer);
    client.receive("");
    EXPECT_EQ(client.seen().messages.size(), 2u);
    client.answer(answer);
    EXPECT_EQ(client.seen().sent, answer_of(200, "OK", answer) + answer_of(200, "OK", "8"));
}

TEST(http_framing, closes_when_the_client_wants_that) {
    const outcome seen = serve(post("/", add, "Connection: close\r\n") + post("/", add));
    EXPECT_EQ(seen.messages.size(), 1u);
    EXPECT_TRUE(seen.closed);
    EXPECT_TRUE(holds(seen, "\r\nConnection: close\r\n"));
    EXPECT_TRUE(serve(get("/", "Connection: x, Close\r\n")).closed);
    EXPECT_TRUE(serve(get("/", "Connection: keep-alive\r\nConnection: close\r\n")).closed);
}

TEST(http_framing, speaks_http_1_0) {
    const outcome plain = serve("GET /state HTTP/1.0\r\n\r\nGET /state HTTP/1.0\r\n\r\n");
    EXPECT_EQ(plain.statuses(), std::vector<int>{503});
    EXPECT_TRUE(plain.closed);
    EXPECT_TRUE(holds(plain, "\r\nConnection: close\r\n"));
    const outcome kept = serve(
        "POST / HTTP/1.0\r\nHost: localhost\r\nConnection: Keep-Alive\r\n"
        "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    EXPECT_FALSE(kept.closed);
    EXPECT_TRUE(holds(kept, "\r\nConnection: keep-alive\r\n"));
    EXPECT_EQ(kept.messages.size(), 1u);
    // A body without a length has none: nobody could tell its end from a cut connection.
    EXPECT_EQ(serve("POST /Calculator.add HTTP/1.0\r\n\r\n[5,3]").messages[0], "Calculator.add ");
}

TEST(http_framing, says_that_the_body_may_come) {
    const site where;
    const std::string head =
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n";
    connection client{where};
    client.receive(head + "Content-Length: 2\r\n\r\n");
    EXPECT_EQ(client.seen().sent, "HTTP/1.1 100 Continue\r\n\r\n");
    client.receive("{}");
    EXPECT_EQ(client.seen().sent, "HTTP/1.1 100 Continue\r\n\r\n" + answer_of(200, "OK", answer));
    connection chunks{where};
    chunks.receive(head + "Transfer-Encoding: chunked\r\n\r\n");
    EXPECT_EQ(chunks.seen().sent, "HTTP/1.1 100 Continue\r\n\r\n");
    // What has come already needs no leave.
    EXPECT_EQ(serve(head + "Content-Length: 2\r\n\r\n{}").sent, answer_of(200, "OK", answer));
    EXPECT_EQ(serve(head + "Content-Length: 0\r\n\r\n").statuses(), std::vector<int>{200});
    EXPECT_EQ(serve(post("/", "{}", "Expect: miracles\r\n")).statuses(), std::vector<int>{417});
}

TEST(http_framing, does_not_ask_for_a_body_that_it_will_not_take) {
    const outcome seen = serve(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\n"
        "Content-Length: 2\r\n\r\n");
    EXPECT_EQ(seen.statuses(), std::vector<int>{415});
    EXPECT_TRUE(seen.closed);
    const outcome foreign = serve(
        "POST / HTTP/1.1\r\nHost: evil.example\r\nExpect: 100-continue\r\n"
        "Transfer-Encoding: chunked\r\n\r\n");
    EXPECT_EQ(foreign.statuses(), std::vector<int>{421});
    EXPECT_TRUE(foreign.closed);
}

TEST(http_framing, goes_on_behind_a_request_that_it_does_not_serve) {
    const std::string chunked =
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
        "Transfer-Encoding: chunked\r\n\r\n5\r\nGET /\r\n0\r\n\r\n";
    const site where;
    for (const std::string& refused :
         {post("/", "{}", "Content-Encoding: gzip\r\n"), post("/?a=5", "{}"), post("/%zz", "[]"), post("/%00", "[]"),
          post("/%ff", "[]"), post("/", "{}", "Content-Type: text/plain\r\n"), post("/", "{}", "Timeout-Ms: soon\r\n"),
          post("/", "{}", "Origin: http://evil.example\r\n"), get("/none"), get("/Calculator.add"),
          get("/%43alculator.add"), get("/state", "Content-Length: 3\r\n") + "abc", chunked,
          std::string{"PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"},
          std::string{"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n"},
          std::string{"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n"},
          std::string{"HEAD /none HTTP/1.1\r\nHost: localhost\r\n\r\n"}}) {
        SCOPED_TRACE(refused);
        const outcome seen = serve(refused + get("/state"), where);
        ASSERT_EQ(seen.statuses().size(), 2u) << seen.sent;
        EXPECT_GE(seen.statuses()[0], 400);
        EXPECT_EQ(seen.statuses()[1], 503);
        EXPECT_TRUE(seen.messages.empty());
        EXPECT_FALSE(seen.closed);
    }
}

TEST(http_framing, drops_the_body_of_a_request_that_it_does_not_serve_as_it_comes) {
    const site where;
    connection client{where};
    const std::string request = post("/", std::string(100'000, 'x'), "Content-Type: text/plain\r\n");
    for (std::size_t at = 0; at < request.size(); at += 1000) {
        client.receive(request.substr(at, 1000));
        EXPECT_LE(client.seen().left.size(), 1000u);
    }
    EXPECT_EQ(client.seen().statuses(), std::vector<int>{400});  // two content types
    connection chunks{where};
    chunks.receive("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n" +
                   std::string(60'000, 'x'));
    EXPECT_EQ(chunks.spoken().held(), 0u);
    EXPECT_EQ(chunks.seen().left, "");
}

TEST(http_framing, names_what_a_target_takes) {
    EXPECT_TRUE(holds(serve(get("/Calculator.add")), "HTTP/1.1 405 Method Not Allowed\r\n"));
    EXPECT_TRUE(holds(serve(get("/Calculator.add")), "\r\nAllow: POST\r\n"));
    EXPECT_TRUE(holds(serve("PUT / HTTP/1.1\r\nHost: localhost\r\n\r\n"), "\r\nAllow: GET, HEAD, POST\r\n"));
    EXPECT_TRUE(holds(serve("DELETE /state HTTP/1.1\r\nHost: localhost\r\n\r\n"), "\r\nAllow: GET, HEAD\r\n"));
    EXPECT_TRUE(holds(serve("OPTIONS /Calculator.add HTTP/1.1\r\nHost: localhost\r\n\r\n"), "\r\nAllow: POST\r\n"));
}

TEST(http_framing, makes_no_page_for_whoever_asks_what_may_be_done_there) {
    const site where;
    EXPECT_TRUE(holds(serve("OPTIONS /state HTTP/1.1\r\nHost: localhost\r\n\r\n", where), "\r\nAllow: GET, HEAD\r\n"));
    EXPECT_EQ(where.pages_made, 0);
    serve("GET /state HTTP/1.1\r\nHost: localhost\r\n\r\n", where);
    EXPECT_EQ(where.pages_made, 1);
}

TEST(http_framing, shows_pages_to_browsers_with_little_trust) {
    const outcome seen = serve(get("/?x=1"));
    EXPECT_TRUE(seen.sent.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n"));
    EXPECT_TRUE(seen.sent.ends_with("\r\n\r\n<p>"));
    EXPECT_TRUE(holds(seen, "\r\nContent-Security-Policy: x\r\n"));
    EXPECT_TRUE(holds(seen, "\r\nX-Content-Type-Options: nosniff\r\n"));
    EXPECT_TRUE(holds(seen, "\r\nCache-Control: no-store\r\n"));
    EXPECT_TRUE(holds(serve(get("/state")), "default-src 'none'"));
    // Nothing but the method that is asked for differs.
    std::string head = get("/");
    head.replace(0, 3, "HEAD");
    std::string expected = serve(get("/")).sent;
    expected.resize(expected.size() - 3);
    EXPECT_EQ(serve(head).sent, expected);
    EXPECT_EQ(serve(get("http://localhost/state")).statuses(), std::vector<int>{503});
    EXPECT_EQ(serve(get("HTTP://LOCALHOST")).statuses(), std::vector<int>{200});
}

TEST(http_framing, tells_the_site_who_wants_a_page_and_where) {
    const auto asked = [](std::string_view lines) {
        return serve("GET /asked HTTP/1.1\r\nHost: localhost\r\n" + std::string{lines} + "\r\n");
    };
    EXPECT_TRUE(asked("Authorization: Bearer a\r\n").sent.ends_with("\r\n\r\nBearer a"));
    EXPECT_TRUE(asked("authorization:  Basic YQ== \r\n").sent.ends_with("\r\n\r\nBasic YQ=="));
    EXPECT_TRUE(asked("").sent.ends_with("\r\n\r\n"));
    // Which of them a proxy in front has looked at, nobody knows.
    EXPECT_TRUE(asked("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n").sent.ends_with("\r\n\r\n"));
    EXPECT_TRUE(holds(asked(""), "\r\nX-More: 1\r\n"));
    // The next request does not inherit it.
    const std::string both = "GET /asked HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a\r\n\r\n" + get("/asked");
    EXPECT_TRUE(serve(both).sent.ends_with("\r\n\r\n"));
    const site where;
    http_framing elsewhere{where, false};
    text_buffer out;
    const std::string wanted = get("/asked");
    static_cast<void>(elsewhere.next(wanted, out));
    EXPECT_TRUE(out.view().ends_with(" elsewhere"));
}

TEST(http_framing, takes_a_body_up_to_the_limit) {
    const site where{{}, limits{.frame = 10}};
    EXPECT_EQ(serve(post("/", "0123456789"), where).messages.size(), 1u);
    EXPECT_EQ(serve(post("/", "0123456789x"), where).statuses(), std::vector<int>{413});
    const std::string head =
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    EXPECT_EQ(serve(head + "6\r\n012345\r\n4\r\n6789\r\n0\r\n\r\n", where).messages[0], "0123456789");
    EXPECT_EQ(serve(head + "6\r\n012345\r\n5\r\n", where).statuses(), std::vector<int>{413});
    // Refused before the body comes.
    const std::string long_head =
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n";
    EXPECT_EQ(serve(long_head, where).statuses(), std::vector<int>{413});
}

TEST(http_framing, takes_the_lines_of_a_body_in_chunks_up_to_their_limits) {
    const std::string head = "POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    EXPECT_EQ(serve(head + "2;" + std::string(254, 'x') + "\r\n[]\r\n0\r\n\r\n").messages[0], "a []");
    const site where{{}, limits{.http_header = 100, .http_fields = 2}};
    EXPECT_EQ(serve(head + "2\r\n[]\r\n0\r\nA: 1\r\nB: 1\r\n\r\n", where).messages.size(), 1u);
    EXPECT_EQ(serve(head + "2\r\n[]\r\n0\r\nA: 1\r\nB: 1\r\nC: 1\r\n\r\n", where).statuses(), std::vector<int>{431});
    EXPECT_EQ(serve(head + "2;" + std::string(99, 'x') + "\r\n[]\r\n0\r\n\r\n", where).messages.size(), 1u);
    EXPECT_EQ(serve(head + "2;" + std::string(100, 'x') + "\r\n[]\r\n0\r\n\r\n", where).statuses(),
              std::vector<int>{400});
    // Two parts of it count together.
    EXPECT_EQ(
        serve(head + "1;" + std::string(49, 'x') + "\r\n[\r\n1;" + std::string(50, 'x') + "\r\n]\r\n0\r\n\r\n", where)
            .statuses(),
        std::vector<int>{400});
}

TEST(http_framing, takes_a_head_up_to_the_limits) {
    const std::string front = "GET /state HTTP/1.1\r\nHost: localhost\r\nX: ";
    const site where{{}, limits{.http_header = 100, .http_fields = 3}};
    const auto sized = [&](std::size_t size) { return front + std::string(size - front.size() - 4, 'x') + "\r\n\r\n"; };
    EXPECT_EQ(serve(sized(100), where).statuses(), std::vector<int>{503});
    EXPECT_EQ(serve(sized(101), where).statuses(), std::vector<int>{431});
    EXPECT_EQ(serve(get("/state", "A: 1\r\nB: 1\r\n"), where).statuses(), std::vector<int>{503});
    const outcome seen = serve(get("/state", "A: 1\r\nB: 1\r\nC: 1\r\n"), where);
    EXPECT_EQ(seen.statuses(), std::vector<int>{431});
    EXPECT_TRUE(holds(seen, "limits.http_fields"));
}

TEST(http_framing, holds_what_has_come_of_a_body_in_chunks) {
    const site where;
    connection client{where};
    client.receive(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhel");
    EXPECT_EQ(client.seen().left, "");
    EXPECT_EQ(client.spoken().held(), 3u);
    client.receive("lo\r\n0\r\n\r\n");
    EXPECT_EQ(client.spoken().held(), 0u);
}

TEST(http_framing, hands_over_what_travels_with_a_call) {
    const site where;
    connection client{where, [](auto) { return std::string{"later"}; }};
    client.receive(
        post("/", add, "Timeout-Ms: 250\r\nIdempotency-Key: \"k1\"\r\nAuthorization: Bearer x\r\nX-Request-Id: 7\r\n"));
    const call_meta* meta = client.spoken().around();
    ASSERT_NE(meta, nullptr);
    EXPECT_EQ(meta->timeout, std::chrono::milliseconds{250});
    EXPECT_EQ(meta->idempotency_key, "k1");
    EXPECT_EQ(meta->headers, (farcall::metadata{{"authorization", "Bearer x"}, {"x-request-id", "7"}}));
    client.answer(answer);
    client.receive(post("/", add));
    EXPECT_EQ(client.spoken().around(), nullptr);
}

TEST(http_framing, takes_no_batch_under_the_name_of_one_call) {
    EXPECT_EQ(serve(post("/", " [" + add + "]", "Idempotency-Key: k\r\n")).statuses(), std::vector<int>{400});
    EXPECT_EQ(serve(post("/", " [" + add + "]")).messages.size(), 1u);
    EXPECT_EQ(serve(post("/Calculator.add", "[5,3]", "Idempotency-Key: k\r\n")).messages.size(), 1u);
}

constexpr std::string_view upgrade = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n";
constexpr std::string_view version = "Sec-WebSocket-Version: 13\r\n";
constexpr std::string_view key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

std::string handshake(std::initializer_list<std::string_view> lines, std::string_view target = "/") {
    std::string all;
    for (const std::string_view line : lines) all += line;
    return get(target, all);
}

TEST(http_framing, becomes_a_websocket) {
    // The key and the answer of RFC 6455, section 1.3.
    const outcome seen = serve(handshake({upgrade, version, key}) + "frames", site{}, [](auto) { return "later"; });
    EXPECT_TRUE(seen.became);
    EXPECT_EQ(seen.sent,
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    EXPECT_EQ(seen.messages, std::vector<std::string>{"frames"});
    // An earlier request may have been answered on the same connection.
    EXPECT_TRUE(serve(post("/", add) + handshake({upgrade, version, key})).became);
}

TEST(http_framing, becomes_no_websocket_by_a_wrong_handshake) {
    const auto status = [](const std::string& request) {
        const outcome seen = serve(request);
        EXPECT_FALSE(seen.became);
        return seen.statuses().empty() ? 0 : seen.statuses().front();
    };
    EXPECT_EQ(status(handshake({upgrade, key})), 426);
    EXPECT_EQ(status(handshake({upgrade, key, "Sec-WebSocket-Version: 8\r\n"})), 426);
    EXPECT_EQ(status(handshake({upgrade, key, version, version})), 426);
    EXPECT_EQ(status(handshake({upgrade, version})), 400);
    EXPECT_EQ(status(handshake({upgrade, version, key, key})), 400);
    EXPECT_EQ(status(handshake({upgrade, version, "Sec-WebSocket-Key: short\r\n"})), 400);
    EXPECT_EQ(status(handshake({upgrade, version, key, "Content-Length: 1\r\n"}) + "x"), 400);
    EXPECT_EQ(status(handshake({upgrade, version, key}, "/elsewhere")), 404);
    EXPECT_EQ(status(handshake({upgrade, version, key, "Origin: http://evil.example\r\n"})), 403);
    EXPECT_TRUE(holds(serve(handshake({upgrade, key})), "\r\nSec-WebSocket-Version: 13\r\n"));
}

TEST(http_framing, ignores_other_upgrades) {
    // The page, for half a handshake, and for HTTP/2.
    EXPECT_EQ(serve(get("/", "Upgrade: websocket\r\n")).statuses(), std::vector<int>{200});
    EXPECT_EQ(
        serve(get("/", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAA\r\n"))
            .statuses(),
        std::vector<int>{200});
    EXPECT_EQ(serve(post("/", add, "Connection: Upgrade\r\nUpgrade: h2c\r\n")).messages.size(), 1u);
    std::string old = handshake({upgrade, version, key});
    old.replace(old.find("HTTP/1.1"), 8, "HTTP/1.0");
    EXPECT_FALSE(serve(old).became);
}

TEST(http_framing, tells_browsers_of_the_origins_that_may_call) {
    const site where{http_options{.origins = {"https://app.example"}, .preflight_age = std::chrono::seconds{60}}};
    const std::string asked =
        "OPTIONS /Calculator.add HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example\r\n"
        "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n\r\n";
    EXPECT_EQ(serve(asked, where).sent,
              "HTTP/1.1 204 No Content\r\nVary: Origin\r\nAccess-Control-Allow-Origin: https://app.example\r\n"
              "Access-Control-Allow-Methods: POST, GET, HEAD\r\nAccess-Control-Allow-Headers: content-type\r\n"
              "Access-Control-Max-Age: 60\r\n\r\n");
    const outcome called = serve(post("/Calculator.add", "[5,3]", "Origin: https://app.example\r\n"), where);
    EXPECT_EQ(called.messages.size(), 1u);
    EXPECT_TRUE(holds(called, "\r\nAccess-Control-Allow-Origin: https://app.example\r\n"));
    // Without being told to, the server says nothing of the kind.
    EXPECT_EQ(serve(asked).statuses(), std::vector<int>{403});
    EXPECT_FALSE(holds(serve(asked), "Access-Control"));
    EXPECT_FALSE(holds(serve(post("/", add, "Origin: http://localhost\r\n")), "Access-Control"));
}

TEST(http_framing, says_goodbye_with_the_last_answer_when_the_server_stops) {
    const site where;
    connection client{where, [](auto) { return std::string{"later"}; }};
    client.receive(post("/", add));
    client.spoken().drain();
    EXPECT_FALSE(client.seen().closed);
    client.answer(answer);
    EXPECT_TRUE(client.seen().closed);
    EXPECT_TRUE(holds(client.seen(), "\r\nConnection: close\r\n"));
}

TEST(http_framing, says_why_the_connection_ends_although_nothing_was_asked) {
    const site where;
    connection client{where};
    client.end(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32008,"message":"limits.buffered"}})");
    EXPECT_EQ(client.seen().statuses(), std::vector<int>{503});
    EXPECT_TRUE(holds(client.seen(), "\r\nConnection: close\r\n"));
    EXPECT_TRUE(client.seen().closed);
}

TEST(http_framing, says_that_the_rest_of_a_request_did_not_come) {
    const site where;
    const std::string request = post("/", add),
                      chunks = "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1";
    for (const std::string& part :
         {request.substr(0, 1), request.substr(0, 60), request.substr(0, request.size() - 1), chunks}) {
        connection client{where};
        client.receive(part);
        EXPECT_TRUE(client.spoken().owes());
        text_buffer out;
        client.spoken().farewell(out);
        EXPECT_TRUE(out.view().starts_with("HTTP/1.1 408 Request Timeout\r\n")) << out.view();
        EXPECT_NE(out.view().find("\r\nConnection: close\r\n"), std::string_view::npos);
        EXPECT_TRUE(client.spoken().finished());
        EXPECT_FALSE(client.spoken().owes());
    }
    // Nothing is owed between requests, nor to who was told why.
    for (const std::string& whole : {std::string{}, request, get("/state"), std::string{"GET /\r\n\r\n"}}) {
        connection client{where};
        client.receive(whole);
        EXPECT_FALSE(client.spoken().owes()) << whole;
        text_buffer out;
        client.spoken().farewell(out);
        EXPECT_TRUE(out.empty());
    }
}

TEST(http_framing, gives_a_cut_request_no_answer) {
    const site where;
    for (const std::string& cut : {post("/", add).substr(0, 30), post("/", add).substr(0, 150)}) {
        connection client{where};
        client.receive(cut);
        text_buffer out;
        EXPECT_EQ(client.spoken().last(client.seen().left, out).what, framing_step::kind::close);
        client.spoken().farewell(out);
        EXPECT_TRUE(out.empty());
        EXPECT_TRUE(client.seen().messages.empty());
    }
    connection client{where};
    EXPECT_FALSE(client.spoken().pushes());
    EXPECT_TRUE(client.spoken().answers_after_end());
}

}  // namespace
