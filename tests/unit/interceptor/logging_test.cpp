#include <farcall/interceptor/logging.hpp>

#include "unit/interceptor/support.hpp"
#include "unit/observe/recorded_log.hpp"

namespace {

using namespace interceptor_test;
using namespace std::chrono_literals;
using farcall::log_level;
using farcall::logging;

class logging_in_a_chain : public ::testing::Test {
protected:
    /// The lines of one call that passes the chain.
    std::vector<std::string> lines(intercepted_call call, std::function<void(test_call&)> invoke = {}) {
        to.lines.clear();
        auto made = std::make_shared<test_call>(where, std::move(call));
        if (invoke) made->on_invoke = std::move(invoke);
        made->begin();
        where.run();
        return to.lines;
    }
    intercepted_call add() {
        intercepted_call made = where.make();
        made.id = "7";
        made.peer = std::make_shared<farcall::peer>();
        made.peer->id = 3;
        made.peer->address = "127.0.0.1:40312";
        made.headers = {{"tenant", "a7"}, {"Authorization", "Bearer canary-7f3a"}, {"x-api-key", "canary-7f3a"}};
        return made;
    }

    lane where;
    recorded_log to{.lines = {}, .clock = where.clock};
    farcall::logger log = to.make(log_level::debug);
};

TEST_F(logging_in_a_chain, writes_a_line_when_a_call_comes_back) {
    where.chain = {logging{log}};
    const auto written = lines(add(), [&](test_call& self) {
        where.clock->jump(1500us);
        self.answered(call_outcome::answer("3"));
    });
    ASSERT_EQ(written.size(), 1u);
    EXPECT_EQ(written[0].substr(28), "debug call method=Calculator.add id=7 status=ok us=1500.0 params_bytes=5 result_bytes=1 "
                                     "side=server connection=3 peer=127.0.0.1:40312");
}

TEST_F(logging_in_a_chain, sees_what_is_refused_further_in_and_not_further_out) {
    struct refusal {
        void before(intercepted_call&) { throw error{status::permission_denied, "not you"}; }
    };
    where.chain = {logging{log}, refusal{}, logging{log}};
    const auto written = lines(add());
    ASSERT_EQ(written.size(), 1u);
    EXPECT_NE(written[0].find("info call failed"), std::string::npos);
    EXPECT_NE(written[0].find(R"(error="not you" executed=no)"), std::string::npos) << written[0];
}

TEST_F(logging_in_a_chain, measures_from_its_own_place_though_there_are_two) {
    struct pause {
        std::shared_ptr<virtual_clock> clock;
        void before(intercepted_call&) { clock->jump(1ms); }
    };
    where.chain = {logging{log}, pause{where.clock}, logging{log}};
    const auto written = lines(add());
    ASSERT_EQ(written.size(), 2u);
    EXPECT_NE(written[0].find(" us=0.0 "), std::string::npos) << "the inner one comes back first: " << written[0];
    EXPECT_NE(written[1].find(" us=1000.0 "), std::string::npos) << written[1];
}

TEST_F(logging_in_a_chain, prints_headers_only_when_told_and_no_secret_even_then) {
    where.chain = {logging{log}};
    EXPECT_EQ(lines(add()).at(0).find("tenant"), std::string::npos);
    where.chain = {logging{log, {.headers = true}}};
    const std::string line = lines(add()).at(0);
    EXPECT_NE(line.find(R"x(headers="tenant: a7; Authorization: (secret); x-api-key: (secret)")x"), std::string::npos) << line;
    EXPECT_EQ(line.find("canary"), std::string::npos);
}

TEST_F(logging_in_a_chain, prints_arguments_only_when_told_and_as_they_are_redacted) {
    where.chain = {logging{log}};
    EXPECT_EQ(lines(add()).at(0).find("params="), std::string::npos);
    where.chain = {logging{log, {.params = 3}}};
    EXPECT_NE(lines(add()).at(0).find("params=[1,"), std::string::npos);
    where.chain = {logging{log, {.params = 9, .redact = [](std::string_view, std::string_view) { return "gone"; }}}};
    EXPECT_NE(lines(add()).at(0).find("params=gone"), std::string::npos);
}

TEST_F(logging_in_a_chain, writes_failures_at_the_level_of_whose_trouble_they_are) {
    log.level(log_level::error);
    where.chain = {logging{log}};
    EXPECT_TRUE(lines(add()).empty());
    const auto written = lines(add(), [](test_call& self) { self.answered(call_outcome::failed(error{status::internal, "x"})); });
    ASSERT_EQ(written.size(), 1u);
    EXPECT_NE(written[0].find("error call failed"), std::string::npos);
}

}  // namespace
