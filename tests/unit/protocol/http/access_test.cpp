#include <farcall/protocol/http/access.hpp>

#include <gtest/gtest.h>

#include <string>

#include <farcall/error.hpp>

namespace {

using farcall::http_options;
using farcall::detail::http_access;
using farcall::detail::http_head;
using farcall::detail::text_buffer;

http_head head_of(std::string_view method, std::string_view host, std::string_view origin = {}) {
    http_head head;
    head.method = method;
    head.host = host;
    head.fields = {{"Host", host}};
    if (!origin.empty()) head.fields.push_back({"Origin", origin});
    return head;
}

/// The status with which a POST is refused, 0 if it is not.
unsigned asked(const http_access& access, std::string_view host, std::string_view origin = {}) {
    return access.check(head_of("POST", host, origin)).status;
}

TEST(http_access, lets_a_server_on_this_machine_be_called_by_its_names) {
    const http_access access{{}, {"127.0.0.1"}};
    for (const char* host : {"localhost", "localhost:5000", "LOCALHOST:1", "localhost.", "calc.localhost:5000",
                             "127.0.0.1:5000", "127.8.9.1", "[::1]:5000", "[0:0::1]", "[::ffff:127.0.0.1]"})
        EXPECT_EQ(asked(access, host), 0u) << host;
    // A name that an attacker let point to this machine, and what looks like one of ours.
    for (const char* host :
         {"evil.example", "evil.example:5000", "localhost.evil.example", "notlocalhost", ".localhost",
          "127.0.0.1.evil.example", "127.1", "2130706433", "0.0.0.0", "192.0.2.1", "[::2]", "xlocalhost"})
        EXPECT_EQ(asked(access, host), 421u) << host;
}

TEST(http_access, lets_a_server_be_called_by_what_it_listens_on) {
    const http_access access{{}, {"192.0.2.1", "2001:db8::1", "calc.example"}};
    for (const char* host : {"192.0.2.1:5000", "[2001:DB8:0::1]", "CALC.example:1", "localhost"})
        EXPECT_EQ(asked(access, host), 0u) << host;
    for (const char* host : {"192.0.2.2", "[2001:db8::2]", "x.calc.example"})
        EXPECT_EQ(asked(access, host), 421u) << host;
    // A name can be made to point anywhere, an address cannot.
    for (const char* any : {"0.0.0.0", "::"}) {
        const http_access everywhere{{}, {any}};
        EXPECT_EQ(asked(everywhere, "198.51.100.7:5000"), 0u);
        EXPECT_EQ(asked(everywhere, "[2001:db8::7]"), 0u);
        EXPECT_EQ(asked(everywhere, "evil.example"), 421u);
    }
}

TEST(http_access, lets_a_server_be_called_by_the_names_that_it_is_given) {
    const http_access access{{.hosts = {"api.example", "tls.example:8443", "*.wild.example", "[2001:db8::5]:80"}}, {}};
    for (const char* host : {"api.example", "API.example:99", "tls.example:8443", "a.wild.example",
                             "a.b.wild.example:1", "[2001:db8::5]:80"})
        EXPECT_EQ(asked(access, host), 0u) << host;
    for (const char* host : {"x.api.example", "tls.example", "tls.example:443", "wild.example", ".wild.example",
                             "awild.example", "[2001:db8::5]"})
        EXPECT_EQ(asked(access, host), 421u) << host;
    EXPECT_EQ(asked(http_access{{.hosts = {"*"}}, {}}, "anything.example"), 0u);
    for (const char* wrong : {"", "http://a", "a/b", "*.*", "*.", "*.127.0.0.1", "a:b", "*a"})
        EXPECT_THROW((http_access{{.hosts = {wrong}}, {}}), farcall::error) << wrong;
}

TEST(http_access, lets_its_own_page_call_and_no_other) {
    const http_access access{{}, {"127.0.0.1"}};
    EXPECT_EQ(asked(access, "localhost:5000", "http://localhost:5000"), 0u);
    EXPECT_EQ(asked(access, "localhost:5000", "HTTP://LOCALHOST:5000"), 0u);
    EXPECT_EQ(asked(access, "[::1]:5000", "http://[::1]:5000"), 0u);
    EXPECT_EQ(asked(access, "localhost", "https://localhost"), 0u);
    for (const char* origin : {"http://localhost", "http://localhost:5001", "http://127.0.0.1:5000",
                               "http://evil.example", "null", "http://localhost:5000.evil.example", "localhost:5000",
                               "ftp://localhost:5000", "http://localhost:5000/", "file://", " "})
        EXPECT_EQ(asked(access, "localhost:5000", origin), 403u) << origin;
    // The page of a rebound name is of the same origin as that name: it is the name that is refused.
    EXPECT_EQ(asked(access, "evil.example:5000", "http://evil.example:5000"), 421u);
    // A client of HTTP/1.0 without a host has no page of ours.
    EXPECT_EQ(asked(access, "", "http://"), 403u);
    EXPECT_EQ(asked(access, ""), 0u);
}

TEST(http_access, takes_an_origin_once) {
    http_head head = head_of("POST", "localhost", "http://localhost");
    head.fields.push_back({"origin", "http://localhost"});
    EXPECT_EQ((http_access{{}, {}}.check(head).status), 400u);
}

TEST(http_access, sees_a_page_that_does_not_say_where_it_is_from) {
    const http_access access{{}, {}};
    for (const char* site : {"cross-site", "same-site", "what"}) {
        http_head head = head_of("POST", "localhost");
        head.fields.push_back({"Sec-Fetch-Site", site});
        EXPECT_EQ(access.check(head).status, 403u) << site;
        head.method = "GET";  // a link
        EXPECT_EQ(access.check(head).status, 0u) << site;
    }
    for (const char* site : {"same-origin", "none"}) {
        http_head head = head_of("POST", "localhost");
        head.fields.push_back({"Sec-Fetch-Site", site});
        EXPECT_EQ(access.check(head).status, 0u) << site;
    }
}

TEST(http_access, lets_pages_of_listed_origins_call) {
    const http_access access{{.origins = {"https://App.example", "http://[::1]:3000", "null"}}, {"127.0.0.1"}};
    for (const char* origin : {"https://app.example", "http://[::1]:3000", "null"})
        EXPECT_EQ(asked(access, "localhost", origin), 0u) << origin;
    for (const char* origin : {"http://app.example", "https://app.example:8443", "https://x.app.example"})
        EXPECT_EQ(asked(access, "localhost", origin), 403u) << origin;
    // Being listed does not open other names of the server.
    EXPECT_EQ(asked(access, "evil.example", "https://app.example"), 421u);
    for (const char* wrong : {"app.example", "https://app.example/", "https://", "://a", "", "https://a b"})
        EXPECT_THROW((http_access{{.origins = {wrong}}, {}}), farcall::error) << wrong;
}

std::string fields(const http_access& access, std::string_view origin) {
    text_buffer out;
    access.append_fields(out, head_of("POST", "localhost", origin));
    return std::string{out.view()};
}

TEST(http_access, tells_a_browser_only_of_its_own_origin) {
    const http_access access{{.origins = {"https://a.example", "https://b.example"}, .credentials = true}, {}};
    EXPECT_EQ(fields(access, "https://b.example"),
              "Vary: Origin\r\nAccess-Control-Allow-Origin: https://b.example\r\n"
              "Access-Control-Allow-Credentials: true\r\n");
    EXPECT_EQ(fields(access, "http://localhost"), "Vary: Origin\r\n");
    EXPECT_EQ(fields(access, ""), "Vary: Origin\r\n");
    EXPECT_EQ(fields(http_access{{}, {}}, "http://localhost"), "");
    // Whoever may be anybody gets no credentials.
    EXPECT_EQ(fields(http_access{{.origins = {"*"}, .credentials = true}, {}}, "https://c.example"),
              "Vary: Origin\r\nAccess-Control-Allow-Origin: *\r\n");
}

TEST(http_access, knows_a_preflight) {
    const http_access access{{.origins = {"https://a.example"}}, {}};
    http_head head = head_of("OPTIONS", "localhost", "https://a.example");
    EXPECT_FALSE(access.preflight(head));
    head.fields.push_back({"Access-Control-Request-Method", "POST"});
    EXPECT_TRUE(access.preflight(head));
    head.fields.push_back({"Access-Control-Request-Private-Network", "true"});
    text_buffer out;
    access.append_preflight_fields(out, head);
    EXPECT_EQ(out.view(),
              "Access-Control-Allow-Methods: POST, GET, HEAD\r\nAccess-Control-Allow-Private-Network: true\r\n"
              "Access-Control-Max-Age: 600\r\n");
    EXPECT_FALSE((http_access{{}, {}}.preflight(head)));
    head.method = "POST";
    EXPECT_FALSE(access.preflight(head));
}

}  // namespace
