#include <gtest/gtest.h>

#include <memory>
#include <string>

#include <farcall/observe/debug_calls.hpp>
#include <farcall/server.hpp>

/// Who may see the arguments of calls is settled before a server starts.
namespace {

using farcall::server;
using farcall::server_options;
using farcall::status;

server_options keeping() {
    server_options made;
    made.debug_calls = std::make_shared<farcall::debug_calls>();
    return made;
}

/// Why a server does not start that listens on all addresses of this machine; empty: it does.
std::string refusal(server_options options, bool pages_apart = false) {
    server made{std::move(options)};
    made.listen("tcp://127.0.0.1:0");
    made.listen("tcp://0.0.0.0:0");
    if (pages_apart) made.listen_pages("tcp://127.0.0.1:0");
    try {
        made.start();
    } catch (const farcall::error& why) {
        EXPECT_EQ(why.status(), status::failed_precondition);
        return why.what();
    }
    made.stop();
    return {};
}

TEST(debug_calls, are_not_shown_to_everybody_in_a_network) {
    const std::string why = refusal(keeping());
    EXPECT_NE(why.find("server_options::debug_calls"), why.npos) << why;
    EXPECT_NE(why.find("tcp://0.0.0.0:"), why.npos) << why;
    EXPECT_NE(why.find("http.pages.tokens"), why.npos) << why;
    EXPECT_NE(why.find("listen_pages"), why.npos) << why;
}

TEST(debug_calls, are_shown_to_whoever_has_a_token_or_reaches_the_address_of_pages) {
    server_options locked = keeping();
    locked.http.pages.tokens = {"s3cret"};
    EXPECT_EQ(refusal(locked), "");
    EXPECT_EQ(refusal(keeping(), true), "");
    server_options hidden = keeping();
    hidden.http.pages.hidden = {"/debug/calls"};
    EXPECT_EQ(refusal(hidden), "");
    EXPECT_EQ(refusal({}), "") << "none are kept";
}

TEST(debug_calls, are_shown_on_addresses_of_this_machine) {
    server made{keeping()};
    made.listen("tcp://127.0.0.1:0");
    made.listen("tcp://[::1]:0");
    made.listen("memory://debug_calls");
    made.listen("unix:debug_calls.socket");
    EXPECT_NO_THROW(made.start());
    made.stop();
}

}  // namespace
