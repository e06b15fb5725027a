#include <farcall.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include <boost/asio/use_future.hpp>

namespace {

/// A server of methods without a declaration, and a client that calls by name.
struct run_time_method : testing::Test {
    run_time_method() {
        server.add("join", [](std::vector<std::string> words, const std::string& between) {
            std::string text;
            for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
            return text;
        });
        server.add("half", [](double of) { return of / 2; });
        server.add("any", [](const farcall::json& params) { return params; });
        server.listen("memory://run_time_method");
        server.start();
    }

    template <class... Arguments>
    std::string failure(std::string_view method, const Arguments&... arguments) {
        return client.try_call(method, arguments...).error().message();
    }

    farcall::server server;
    farcall::client client{"memory://run_time_method"};
};

struct members {
    double of = 8;
};

TEST_F(run_time_method, is_described_with_its_signature) {
    EXPECT_EQ(server.describe(),
              "listening on memory://run_time_method\n"
              "protocols: native frames, JSON lines, HTTP, WebSocket, Content-Length framing\n"
              "methods:\n"
              "  any  json(json params)\n"
              "  half  double(double)\n"
              "  join  std::string(std::vector<std::string>, const std::string&)\n");
}

TEST_F(run_time_method, tells_its_signature_to_a_caller_with_a_wrong_argument) {
    EXPECT_EQ(failure("half", "eight"), "params[0]: expected number, found string (half: double(double))");
}

TEST_F(run_time_method, counts_its_arguments_and_has_no_names_to_tell) {
    EXPECT_EQ(failure("half"), "half takes 1 argument, found 0");
    EXPECT_EQ(failure("join", 1, 2, 3), "params[0]: expected array, found number (join: " +
                                            std::string{"std::string(std::vector<std::string>, const std::string&))"});
    const std::string named = failure("half", farcall::named(members{}));
    EXPECT_TRUE(named.ends_with("; it takes an array of arguments")) << named;
}

TEST_F(run_time_method, is_named_in_the_error_of_arguments_that_cannot_be_sent) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(client.try_call("half", nan).error().method(), "half");
    try {
        client.async_call<double>(boost::asio::use_future, "half", nan).get();
        ADD_FAILURE() << "it was sent";
    } catch (const farcall::error& why) {
        EXPECT_EQ(why.method(), "half");
    }
    try {
        client.notify("half", nan);
        ADD_FAILURE() << "it was sent";
    } catch (const farcall::error& why) {
        EXPECT_EQ(why.method(), "half");
    }
}

TEST_F(run_time_method, has_a_result_whose_misfit_is_told) {
    EXPECT_EQ(client.try_call<std::string>("half", 8.0).error().message(),
              "the result does not fit the declaration: result: expected string, found number; "
              "compare the declarations on both sides");
}

}  // namespace
