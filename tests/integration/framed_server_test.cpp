#include "integration/framed_server.hpp"

#include <random>
#include <set>

/// What a server does with bytes that no client of ours would send.
namespace {

using integration::frame;
using integration::framed_server;
using integration::header;
using integration::raw_socket;
using integration::reply;
using integration::request;
using namespace std::chrono_literals;

::testing::AssertionResult holds(const std::optional<std::string>& text, std::string_view part) {
    if (text && text->find(part) != std::string::npos) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "no " << part << " in " << text.value_or("(nothing)");
}

TEST_F(framed_server, refuses_lengths_beyond_the_limit_from_their_four_bytes) {
    start();
    const std::uint32_t limit = 4u << 20;
    for (const std::uint32_t length : {limit + 1, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu}) {
        raw_socket wire = connect();
        ASSERT_TRUE(wire.send(header(length)));
        const auto answer = wire.receive();
        EXPECT_TRUE(holds(answer, R"("code":-32600)")) << length;
        EXPECT_TRUE(holds(answer, R"("id":null)")) << length;
        EXPECT_TRUE(holds(answer, "limits.frame")) << length;
        EXPECT_TRUE(wire.closed_by_peer()) << length;
    }
    expect_serving();
}

TEST_F(framed_server, answers_what_came_before_a_length_that_it_refuses) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send(frame(request(1, "add", "[1,2]")) + header(0xFFFFFFFF)));
    EXPECT_EQ(wire.receive(), reply(1, "3"));
    EXPECT_TRUE(holds(wire.receive(), "limits.frame"));
    EXPECT_TRUE(wire.closed_by_peer());
}

TEST_F(framed_server, tells_the_reason_also_to_a_peer_that_goes_on_sending) {
    start();
    raw_socket wire = connect();
    wire.send_some(header(0xFFFFFFFF) + std::string(100'000, 'x'), 1s);
    EXPECT_TRUE(holds(wire.receive(), "limits.frame"));
    EXPECT_TRUE(wire.closed_by_peer());
}

TEST_F(framed_server, takes_a_frame_of_exactly_the_limit) {
    farcall::server_options options;
    options.limits.frame = 10'000;
    start(options);
    raw_socket wire = connect();
    const std::string around = request(1, "echo", R"([""])");
    const std::string text(options.limits.frame - around.size(), 'a');
    const std::string largest = request(1, "echo", "[\"" + text + "\"]");
    ASSERT_EQ(largest.size(), options.limits.frame);
    ASSERT_TRUE(wire.send_frame(largest));
    EXPECT_EQ(wire.receive(), reply(1, '"' + text + '"'));
    ASSERT_TRUE(wire.send_frame(largest + ' '));
    EXPECT_TRUE(holds(wire.receive(), "limits.frame"));
    EXPECT_TRUE(wire.closed_by_peer());
}

TEST_F(framed_server, answers_an_empty_frame_and_goes_on) {
    start();
    raw_socket wire = connect();
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(wire.send_frame(""));
        const auto answer = wire.receive();
        EXPECT_TRUE(holds(answer, R"("code":-32700)"));
        EXPECT_TRUE(holds(answer, R"("id":null)"));
    }
    expect_served(wire);
}

TEST_F(framed_server, forgets_a_connection_that_ends_inside_a_frame) {
    std::atomic<int> left{0};
    server.emplace();
    server->add<integration::Probe>(handler).on_disconnect([&](farcall::peer&) { ++left; });
    server->listen(0);
    server->start();
    const std::string whole = frame(request(1, "add", "[1,2]"));
    int tried = 0;
    for (std::size_t cut = 0; cut < whole.size(); cut += 3, ++tried) {
        raw_socket wire = connect();
        ASSERT_TRUE(wire.send(whole.substr(0, cut)));
        if (cut % 2 == 0)
            wire.close();
        else
            wire.reset();
    }
    expect_serving();
    server->stop();
    EXPECT_EQ(left, tried + 1);
}

TEST_F(framed_server, answers_a_peer_that_has_ended_its_own_side) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send_frame(request(1, "add", "[1,2]")));
    wire.half_close();
    EXPECT_EQ(wire.receive(), reply(1, "3"));
    EXPECT_TRUE(wire.closed_by_peer());
}

TEST_F(framed_server, survives_random_bytes) {
    start();
    std::mt19937 random{20240607};
    for (int i = 0; i < 150; ++i) {
        raw_socket wire = connect();
        std::string bytes(random() % 600, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        wire.send_some(bytes, 1s);
    }
    expect_serving();
}

TEST_F(framed_server, answers_every_frame_of_random_bytes) {
    start();
    std::mt19937 random{97};
    raw_socket wire = connect();
    for (int i = 0; i < 400; ++i) {
        std::string bytes(random() % 80, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        ASSERT_TRUE(wire.send_frame(bytes));
        EXPECT_TRUE(holds(wire.receive(), R"("error":{"code":-32)"));
    }
    expect_served(wire);
}

TEST_F(framed_server, survives_every_request_with_a_byte_changed) {
    start();
    std::mt19937 random{5};
    raw_socket wire = connect();
    const std::string good = R"({"jsonrpc":"2.0","id":1,"method":"Probe.add","params":[12,-3],"meta":{"timeout_ms":100}})";
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (int i = 0; i < 4; ++i) {
            std::string changed = good;
            changed[at] = static_cast<char>(random());
            ASSERT_TRUE(wire.send_frame(changed));
        }
        // Some of them are notifications by now; whatever was answered comes before this answer.
        ASSERT_TRUE(wire.send_frame(request(99, "add", "[2,3]")));
        std::optional<std::string> answer;
        do {
            answer = wire.receive();
            ASSERT_TRUE(answer) << at;
        } while (*answer != reply(99, "5"));
    }
}

TEST_F(framed_server, refuses_nesting_beyond_the_limit) {
    start();
    raw_socket wire = connect();
    const auto nested = [](std::size_t depth) {
        return R"({"jsonrpc":"2.0","id":1,"method":"Probe.none","params":)" + std::string(depth, '[') +
               std::string(depth, ']') + "}";
    };
    ASSERT_TRUE(wire.send_frame(nested(63)));
    EXPECT_TRUE(holds(wire.receive(), R"("code":-32601)"));
    ASSERT_TRUE(wire.send_frame(nested(64)));
    EXPECT_TRUE(holds(wire.receive(), "limits.depth"));
    ASSERT_TRUE(wire.send_frame(nested(1'000'000)));
    EXPECT_TRUE(holds(wire.receive(), "limits.depth"));
    ASSERT_TRUE(wire.send_frame(std::string(3'000'000, '[')));
    EXPECT_TRUE(holds(wire.receive(), R"("error")"));
    std::string objects;
    for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
    ASSERT_TRUE(wire.send_frame(request(2, "echo", objects)));
    EXPECT_TRUE(holds(wire.receive(), R"("error")"));
    expect_served(wire);
}

struct refused_message {
    std::string_view what;
    std::string text;
    std::string_view code;
};

TEST_F(framed_server, answers_bad_messages_with_the_right_code) {
    start();
    raw_socket wire = connect();
    const std::string long_number(100'000, '9');
    const std::vector<refused_message> all{
        {"bad UTF-8 in an argument", request(1, "echo", "[\"\xff\"]"), "-32700"},
        {"overlong UTF-8", request(1, "echo", "[\"\xc0\xaf\"]"), "-32700"},
        {"a surrogate in UTF-8", request(1, "echo", "[\"\xed\xa0\x80\"]"), "-32700"},
        {"a single surrogate, escaped", request(1, "echo", R"(["\uDC00"])"), "-32700"},
        {"NUL inside a string", request(1, "echo", std::string{"[\"a\0b\"]", 7}), "-32700"},
        {"NUL between tokens", request(1, "add", std::string{"[1,\0" "2]", 6}), "-32700"},
        {"NUL behind the message", request(1, "add", "[1,2]") + std::string(1, '\0'), "-32700"},
        {"two messages in a frame", request(1, "add", "[1,2]") + request(2, "add", "[1,2]"), "-32700"},
        {"a cut message", request(1, "add", "[1,2]").substr(0, 40), "-32700"},
        {"a comma too many", request(1, "add", "[1,2,]"), "-32700"},
        {"NaN", request(1, "add", "[NaN,2]"), "-32700"},
        {"no object", "42", "-32600"},
        {"a method that is a number", R"({"jsonrpc":"2.0","id":1,"method":1})", "-32600"},
        {"another version", R"({"jsonrpc":"1.0","id":1,"method":"Probe.add","params":[1,2]})", "-32600"},
        {"a repeated member", R"({"jsonrpc":"2.0","id":1,"id":2,"method":"Probe.add","params":[1,2]})", "-32600"},
        {"params that are a string", request(1, "add", R"("x")"), "-32600"},
        {"a wrong type", request(1, "add", R"(["x",2])"), "-32602"},
        {"a fraction", request(1, "add", "[1.5,2]"), "-32602"},
        {"a number beyond the type", request(1, "add", "[2147483648,2]"), "-32602"},
        {"a negative number for an unsigned one", request(1, "fill", "[-1]"), "-32602"},
        {"a very long number", request(1, "add", "[" + long_number + ",2]"), "-32602"},
        {"a number beyond double", request(1, "add", "[1e999,2]"), "-32602"},
        {"too few", request(1, "add", "[1]"), "-32602"},
        {"too many", request(1, "add", "[1,2,3]"), "-32602"},
        {"an unknown name", request(1, "add", R"({"a":1,"c":2})"), "-32602"},
        {"a repeated name", request(1, "add", R"({"a":1,"a":2})"), "-32602"},
        {"null for a number", request(1, "add", "[null,2]"), "-32602"},
        {"an unknown method", request(1, "ad", "[1,2]"), "-32601"},
    };
    for (const refused_message& one : all) {
        ASSERT_TRUE(wire.send_frame(one.text));
        EXPECT_TRUE(holds(wire.receive(), "\"code\":" + std::string{one.code} + ',')) << one.what;
    }
    expect_served(wire);
}

TEST_F(framed_server, says_which_argument_is_wrong) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send_frame(request(1, "add", R"(["x",3])")));
    const auto answer = wire.receive();
    for (const std::string_view part :
         {"params[0]: expected", "argument \\\"a\\\" of Probe.add", "int(int a, int b)", R"("path":"/0")"})
        EXPECT_TRUE(holds(answer, part));
}

TEST_F(framed_server, says_which_method_may_have_been_meant) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send_frame(request(1, "ecko", "[]")));
    EXPECT_TRUE(holds(wire.receive(), "did you mean Probe.echo"));
    ASSERT_TRUE(wire.send_frame(R"({"jsonrpc":"2.0","id":1,"method":"add"})"));
    EXPECT_TRUE(holds(wire.receive(), "did you mean Probe.add"));
}

TEST_F(framed_server, ignores_members_that_it_does_not_know) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send_frame(
        R"({"extra":{"a":[1,2,{}]},"jsonrpc":"2.0","id":1,"method":"Probe.add","params":[1,2],"more":null})"));
    EXPECT_EQ(wire.receive(), reply(1, "3"));
}

TEST_F(framed_server, gives_every_id_back_as_it_came) {
    start();
    raw_socket wire = connect();
    for (const std::string id :
         {"0", "-1", "7.0", "1e2", "123456789012345678901234567890", R"("")", R"("a\u0041\n")", R"("\ud83d\ude00")",
          "\"\xf0\x9f\x98\x80\"", "-0", "18446744073709551616"}) {
        ASSERT_TRUE(wire.send_frame(R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"Probe.add","params":[1,2]})"));
        EXPECT_EQ(wire.receive(), R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":3})");
    }
    for (const std::string id : {"[]", "{}", "true"}) {
        ASSERT_TRUE(wire.send_frame(R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"Probe.add","params":[1,2]})"));
        EXPECT_TRUE(holds(wire.receive(), R"("code":-32600)")) << id;
    }
}

TEST_F(framed_server, takes_batches_up_to_the_limit) {
    farcall::server_options options;
    options.limits.batch = 10;
    start(options);
    raw_socket wire = connect();
    const auto batch = [](int size) {
        std::string text = "[";
        for (int i = 0; i < size; ++i) text += (i == 0 ? "" : ",") + request(i, "add", "[1,2]");
        return text + "]";
    };
    ASSERT_TRUE(wire.send_frame(batch(0)));
    EXPECT_TRUE(holds(wire.receive(), R"("code":-32600)"));
    ASSERT_TRUE(wire.send_frame(batch(10)));
    const auto ten = wire.receive();
    EXPECT_TRUE(holds(ten, reply(0, "3")));
    EXPECT_TRUE(holds(ten, reply(9, "3")));
    ASSERT_TRUE(wire.send_frame(batch(11)));
    const auto eleven = wire.receive();
    EXPECT_TRUE(holds(eleven, "limits.batch"));
    EXPECT_TRUE(holds(eleven, R"("id":null)"));
    expect_served(wire);
}

TEST_F(framed_server, answers_a_batch_when_its_last_call_has_ended) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send_frame("[" + request(1, "held", "[10]") + "," + request(2, "add", "[1,2]") + "," +
                                request(3, "work", "[30]") + "]"));
    ASSERT_TRUE(handler->coroutines.await(1));
    ASSERT_TRUE(handler->workers.await(1));
    expect_served(wire);  // nothing of the batch is sent yet
    handler->coroutines.open();
    handler->workers.open();
    const auto answer = wire.receive();
    EXPECT_TRUE(holds(answer, reply(1, "10")));
    EXPECT_TRUE(holds(answer, reply(2, "3")));
    EXPECT_TRUE(holds(answer, reply(3, "30")));
}

TEST_F(framed_server, limits_the_replies_to_a_batch) {
    farcall::server_options options;
    options.limits.batch_reply = 3000;
    start(options);
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send_frame("[" + request(1, "fill", "[1000]") + "," + request(2, "fill", "[2500]") + "," +
                                request(3, "fill", "[1000]") + "]"));
    const auto answer = wire.receive();
    EXPECT_TRUE(holds(answer, R"("id":1,"result")"));
    EXPECT_TRUE(holds(answer, R"("id":2,"error")"));
    EXPECT_TRUE(holds(answer, "limits.batch_reply"));
    EXPECT_TRUE(holds(answer, R"("id":3,"result")"));
}

TEST_F(framed_server, answers_two_hundred_requests_of_one_write_in_their_order) {
    start();
    raw_socket wire = connect();
    std::string all;
    for (int i = 0; i < 200; ++i) all += frame(request(i, "add", "[" + std::to_string(i) + ",1]"));
    ASSERT_TRUE(wire.send(all));
    for (int i = 0; i < 200; ++i) ASSERT_EQ(wire.receive(), reply(i, std::to_string(i + 1)));
}

TEST_F(framed_server, answers_what_comes_byte_by_byte) {
    start();
    raw_socket wire = connect();
    for (int i = 0; i < 5; ++i) {
        for (const char byte : frame(request(i, "add", "[1,2]"))) ASSERT_TRUE(wire.send({&byte, 1}));
        EXPECT_EQ(wire.receive(), reply(i, "3"));
    }
}

TEST_F(framed_server, lets_fast_calls_pass_slow_ones) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send(frame(request(1, "held", "[1]")) + frame(request(2, "work", "[2]")) +
                          frame(request(3, "add", "[1,2]"))));
    EXPECT_EQ(wire.receive(), reply(3, "3"));
    ASSERT_TRUE(handler->workers.await(1));
    handler->workers.open();
    EXPECT_EQ(wire.receive(), reply(2, "2"));
    expect_serving();
    handler->coroutines.open();
    EXPECT_EQ(wire.receive(), reply(1, "1"));
}

TEST_F(framed_server, says_nothing_to_notifications_whatever_they_hold) {
    start();
    raw_socket wire = connect();
    for (const std::string_view params : {"[1,2]", R"(["x"])", "[1,2,3]", "{}", R"({"a":1})"})
        ASSERT_TRUE(wire.send_frame(R"({"jsonrpc":"2.0","method":"Probe.add","params":)" + std::string{params} + "}"));
    ASSERT_TRUE(wire.send_frame(R"({"jsonrpc":"2.0","method":"Probe.unknown"})"));
    ASSERT_TRUE(wire.send_frame(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":1}})"));
    expect_served(wire);
}

}  // namespace
