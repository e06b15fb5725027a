#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>

#include <atomic>
#include <functional>
#include <future>
#include <random>
#include <string>
#include <thread>

#include <farcall/client.hpp>

#include "integration/raw_socket.hpp"

/// What a client makes of a server that breaks the rules: every call ends, once, with an error that is right.
namespace {

using farcall::executed;
using farcall::status;
using integration::frame;
using integration::header;
using integration::patience;
using integration::raw_socket;
using namespace std::chrono_literals;

RPC_SERVICE(Victim, (add, int(int a, int b), farcall::readonly), (greet, std::string(std::string name)))

std::string id_of(const std::string& request) {
    const std::size_t at = request.find(R"("id":)") + 5;
    return request.substr(at, request.find_first_of(",}", at) - at);
}
std::string reply_to(const std::string& request, std::string_view result) {
    return R"({"jsonrpc":"2.0","id":)" + id_of(request) + R"(,"result":)" + std::string{result} + "}";
}

/// A fake server: runs a script for each connection that comes, one after another; then nobody listens any more.
class script {
public:
    using connection = std::function<void(raw_socket&)>;

    explicit script(std::vector<connection> connections)
        : thread_([this, all = std::move(connections)] {
              for (std::size_t i = 0; i < all.size(); ++i) {
                  raw_socket wire = listener_.accept();
                  if (i + 1 == all.size()) listener_.close();
                  all[i](wire);
              }
          }) {}
    ~script() { thread_.join(); }

    std::string url() const { return listener_.url(); }

    /// Answers with the sum 8 whatever is asked, until the client goes.
    static void serve(raw_socket& wire) {
        while (const auto request = wire.receive()) wire.send_frame(reply_to(*request, "8"));
    }

private:
    integration::raw_listener listener_;
    std::thread thread_;
};

/// The error of a call that must fail.
farcall::error failure(const Victim::proxy& victim) {
    const farcall::result<int> end = victim.add(5, 3, farcall::as_result);
    if (end) throw std::runtime_error{"the call succeeded"};
    return end.error();
}

TEST(hostile_server, is_left_when_it_sends_an_oversized_length) {
    for (const std::uint32_t length : {(4u << 20) + 1, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu}) {
        script server{{[&](raw_socket& wire) {
                           wire.receive();
                           wire.send(header(length));
                           EXPECT_TRUE(wire.closed_by_peer());
                       },
                       &script::serve}};
        Victim::proxy victim{server.url()};
        const farcall::error why = failure(victim);
        EXPECT_EQ(why.status(), status::internal);
        EXPECT_EQ(why.executed(), executed::unknown);
        EXPECT_EQ(why.origin(), farcall::origin::local);
        EXPECT_NE(why.message().find("limits.frame"), std::string::npos) << why.message();
        EXPECT_EQ(victim.add(5, 3), 8) << "a new connection serves the next call";
    }
}

TEST(hostile_server, is_left_when_it_sends_what_is_no_json) {
    for (const std::string_view text : {"", "x", "{", "\xff\xfe", "[", "{}", "[]", "[1]", "null", R"({"jsonrpc":"2.0"})",
                                        R"({"jsonrpc":"2.0","id":1,"result":})"}) {
        script server{{[&](raw_socket& wire) {
                           wire.receive();
                           wire.send_frame(text);
                           wire.closed_by_peer(1s);
                       },
                       &script::serve}};
        Victim::proxy victim{server.url()};
        const farcall::error why = failure(victim);
        EXPECT_NE(why.status(), status::ok) << text;
        EXPECT_EQ(why.origin(), farcall::origin::local) << text;
        EXPECT_NE(why.executed(), executed::no) << text << ": it was sent";
        EXPECT_EQ(victim.add(5, 3), 8) << text;
    }
}

TEST(hostile_server, does_no_harm_with_random_bytes) {
    std::mt19937 random{7};
    for (int i = 0; i < 60; ++i) {
        std::string bytes(random() % 300, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        if (i % 2 == 0) bytes = frame(bytes);
        script server{{[&](raw_socket& wire) {
            wire.receive();
            wire.send(bytes);
        }}};
        Victim::proxy victim{server.url()};
        EXPECT_NE(failure(victim).status(), status::ok);
    }
}

TEST(hostile_server, does_no_harm_with_a_changed_answer) {
    std::mt19937 random{11};
    const std::string good = R"({"jsonrpc":"2.0","id":1,"result":8})";
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string changed = good;
        changed[at] = static_cast<char>(random());
        script server{{[&](raw_socket& wire) {
            wire.receive();
            wire.send_frame(changed);
        }}};
        Victim::proxy victim{server.url()};
        const auto end = victim.add(5, 3, farcall::as_result);
        // The byte may have been changed into itself, or into another digit of the result.
        if (end) {
            EXPECT_GE(*end, 0) << changed;
        }
    }
}

TEST(hostile_server, cannot_answer_with_deep_nesting) {
    script server{{[](raw_socket& wire) {
        const auto request = wire.receive();
        wire.send_frame(reply_to(*request, std::string(1'000'000, '[')));
        wire.closed_by_peer(1s);
    }}};
    farcall::client client{server.url()};
    const auto end = client.try_call("anything");
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::internal);
}

TEST(hostile_server, cannot_answer_calls_that_were_not_made) {
    script server{{[](raw_socket& wire) {
        const auto request = wire.receive();
        for (const std::string id : {"0", "2", "99", "18446744073709551615", "18446744073709551616", "-1", "1.0", "\"1\"", "1e0"})
            wire.send_frame(R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":666})");
        wire.send_frame(reply_to(*request, "8"));
        wire.send_frame(reply_to(*request, "9"));
        script::serve(wire);
    }}};
    Victim::proxy victim{server.url()};
    EXPECT_EQ(victim.add(5, 3), 8);
    EXPECT_EQ(victim.add(5, 3), 8) << "an answer that comes twice is not the next call's";
}

TEST(hostile_server, cannot_hold_up_a_client_with_endless_answers) {
    std::atomic<bool> ended{false};
    script server{{[&](raw_socket& wire) {
        wire.receive();
        std::string many;
        for (int i = 1000; i < 2000; ++i)
            many += frame(R"({"jsonrpc":"2.0","id":)" + std::to_string(i) + R"(,"result":1})");
        while (!ended && wire.send_some(many, 1s) >= 0) {
        }
    }}};
    {
        const Victim::proxy victim = farcall::with(Victim::proxy{server.url()}, farcall::timeout{200ms});
        EXPECT_EQ(failure(victim).status(), status::deadline_exceeded);
        ended = true;
    }
}

TEST(hostile_server, that_never_answers_costs_a_deadline_and_no_connection) {
    script server{{[](raw_socket& wire) {
        const auto ignored = wire.receive();
        const auto second = wire.receive();
        wire.send_frame(reply_to(*ignored, "1"));  // late: nobody waits
        wire.send_frame(reply_to(*second, "8"));
        script::serve(wire);
    }}};
    Victim::proxy victim{server.url()};
    const auto start = std::chrono::steady_clock::now();
    const farcall::error why = failure(farcall::with(victim, farcall::timeout{100ms}));
    const auto took = std::chrono::steady_clock::now() - start;
    EXPECT_EQ(why.status(), status::deadline_exceeded);
    EXPECT_EQ(why.executed(), executed::unknown);
    EXPECT_EQ(why.origin(), farcall::origin::local);
    EXPECT_GE(took, 100ms);
    EXPECT_LT(took, 2s);
    EXPECT_EQ(victim.add(5, 3), 8) << "the same connection, for the script has only one";
}

TEST(hostile_server, that_closes_without_an_answer_leaves_the_call_unknown) {
    script server{{[](raw_socket& wire) { wire.receive(); }, [](raw_socket& wire) {
                       wire.receive();
                       wire.reset();
                   },
                   &script::serve}};
    farcall::client_options options;
    options.reconnect.initial = std::chrono::milliseconds{0};  // or the third would be too early for another attempt
    Victim::proxy victim{server.url(), options};
    for (int i = 0; i < 2; ++i) {
        const farcall::error why = failure(victim);
        EXPECT_EQ(why.status(), status::unavailable);
        EXPECT_EQ(why.executed(), executed::unknown);
    }
    EXPECT_EQ(victim.add(5, 3), 8);
}

TEST(hostile_server, that_closes_inside_a_frame_gives_no_result) {
    const std::string whole = frame(R"({"jsonrpc":"2.0","id":1,"result":8})");
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        script server{{[&](raw_socket& wire) {
            wire.receive();
            wire.send(whole.substr(0, cut));
        }}};
        Victim::proxy victim{server.url()};
        const farcall::error why = failure(victim);
        EXPECT_EQ(why.status(), status::unavailable) << cut;
        EXPECT_EQ(why.executed(), executed::unknown) << cut;
    }
}

TEST(hostile_server, that_closes_after_some_answers_fails_the_rest) {
    script server{{[](raw_socket& wire) {
        std::vector<std::string> requests;
        for (int i = 0; i < 10; ++i) requests.push_back(wire.receive().value());
        for (int i = 0; i < 4; ++i) wire.send_frame(reply_to(requests[static_cast<std::size_t>(2 * i)], std::to_string(i)));
    }}};
    Victim::proxy victim{server.url()};
    std::vector<std::future<farcall::result<int>>> calls;
    for (int i = 0; i < 10; ++i) calls.push_back(victim.add(i, i, farcall::as_result(boost::asio::use_future)));
    for (int i = 0; i < 10; ++i) {
        const auto end = calls[static_cast<std::size_t>(i)].get();
        if (i % 2 == 0 && i < 8) {
            ASSERT_TRUE(end);
            EXPECT_EQ(*end, i / 2);
        } else {
            ASSERT_FALSE(end);
            EXPECT_EQ(end.error().executed(), executed::unknown);
        }
    }
}

TEST(hostile_server, that_takes_only_a_part_of_a_call_may_have_run_none_of_what_was_not_sent) {
    // More than the system's buffers hold, so that some calls are never sent.
    std::promise<void> all_made;
    script server{{[&](raw_socket& wire) {
        wire.receive();
        all_made.get_future().wait();
    }}};
    Victim::proxy victim{server.url()};
    const std::string name(200'000, 'n');
    std::vector<std::future<farcall::result<std::string>>> calls;
    // With more, the last would meet limits.write_buffer_hard.
    for (int i = 0; i < 55; ++i) calls.push_back(victim.greet(name, farcall::as_result(boost::asio::use_future)));
    all_made.set_value();
    bool seen_unsent = false;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        const auto end = calls[i].get();
        ASSERT_FALSE(end);
        if (i == 0) {
            EXPECT_EQ(end.error().executed(), executed::unknown);
        }
        const bool lost = end.error().message().find("was lost") != std::string::npos;
        seen_unsent = seen_unsent || (lost && end.error().executed() == executed::no);
    }
    EXPECT_TRUE(seen_unsent);
}

TEST(hostile_server, that_answers_with_the_wrong_type_fails_that_call_only) {
    script server{{[](raw_socket& wire) {
        wire.send_frame(reply_to(*wire.receive(), R"({"no":"int"})"));
        wire.send_frame(reply_to(*wire.receive(), "2147483648"));
        script::serve(wire);
    }}};
    Victim::proxy victim{server.url()};
    for (int i = 0; i < 2; ++i) {
        const farcall::error why = failure(victim);
        EXPECT_EQ(why.status(), status::internal);
        EXPECT_EQ(why.executed(), executed::yes) << "the server has answered with a result";
        EXPECT_NE(why.message().find("result"), std::string::npos);
        EXPECT_EQ(why.method(), "Victim.add");
    }
    EXPECT_EQ(victim.add(5, 3), 8);
}

TEST(hostile_server, that_asks_something_itself_is_ignored) {
    script server{{[](raw_socket& wire) {
        const auto request = wire.receive();
        wire.send_frame(R"({"jsonrpc":"2.0","id":1,"method":"attack","params":[1]})");
        wire.send_frame(R"({"jsonrpc":"2.0","method":"rpc.unheard","params":{"id":1}})");
        wire.send_frame(reply_to(*request, "8"));
        script::serve(wire);
    }}};
    Victim::proxy victim{server.url()};
    EXPECT_EQ(victim.add(5, 3), 8);
}

TEST(hostile_server, that_refuses_the_connection_says_why) {
    script server{{[](raw_socket& wire) {
        wire.receive();
        wire.send_frame(
            R"({"jsonrpc":"2.0","id":null,"error":{"code":-32008,"message":"limits.connections: full","data":{"executed":"no"}}})");
        wire.closed_by_peer();
    }}};
    Victim::proxy victim{server.url()};
    const farcall::error why = failure(victim);
    EXPECT_EQ(why.status(), status::resource_exhausted);
    EXPECT_EQ(why.origin(), farcall::origin::peer);
    EXPECT_NE(why.message().find("limits.connections"), std::string::npos);
}

TEST(hostile_server, cannot_put_more_into_an_error_than_text) {
    const std::string long_text(1'000'000, 'm');
    script server{{[&](raw_socket& wire) {
        const auto answer = [&](std::string_view error) {
            wire.send_frame(R"({"jsonrpc":"2.0","id":)" + id_of(wire.receive().value()) + R"(,"error":)" + std::string{error} + "}");
        };
        answer(R"({"code":-32000,"message":")" + long_text + R"("})");
        answer(R"({"code":9223372036854775807,"message":""})");
        answer(R"({"code":-32000,"message":"m","data":{"type":"std::out_of_range","value":1,"path":[],"executed":"maybe"}})");
        answer(R"({"code":-32000,"message":"m","data":{"type":7,"retry_after_ms":-5,"executed":3}})");
        answer(R"({"code":-32000,"message":"m","data":[[[]]]})");
    }}};
    Victim::proxy victim{server.url()};
    for (int i = 0; i < 5; ++i) {
        const farcall::error why = failure(victim);
        EXPECT_NE(why.status(), status::ok) << i;
        EXPECT_EQ(why.retry_after(), 0ms) << i;
    }
}

}  // namespace
