#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_future.hpp>

#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

#include <farcall.hpp>

#include "integration/gate.hpp"
#include "integration/raw_socket.hpp"

/// How a server is set up, started and stopped, and whom it serves.
namespace {

using farcall::status;
using namespace std::chrono_literals;

RPC_SERVICE(Counter,
    (next, int(), farcall::alias<"increment">),
    (who, std::string()),
    (held, int(int value)),
    (work, int(int value), farcall::blocking))
RPC_SERVICE(Text, (upper, std::string(std::string text)), (length, std::size_t(std::string text)))

struct counter {
    int next() { return ++value; }
    std::string who(farcall::context& call) { return std::string{call.method().wire_name} + ' ' + call.peer().address; }
    boost::asio::awaitable<int> held(int v) {
        co_await waiting.wait();
        co_return v;
    }
    int work(int v) {
        working.wait_blocking();
        return v;
    }

    std::atomic<int> value{0};
    integration::gate waiting;
    integration::gate working;
};

struct text {
    static std::string upper(const std::string& text) noexcept {
        std::string all = text;
        for (char& c : all)
            if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        return all;
    }
    std::size_t length(std::string_view text) const noexcept { return text.size(); }
};

std::string url_of(const farcall::server& server) { return "tcp://127.0.0.1:" + std::to_string(server.port()); }

template <class Function>
farcall::error error_of(Function function) {
    try {
        function();
    } catch (const farcall::error& why) {
        return why;
    }
    ADD_FAILURE() << "nothing was thrown";
    return farcall::error{};
}

TEST(server, chooses_a_port_and_tells_it) {
    farcall::server server;
    server.add<Text>(text{});
    EXPECT_EQ(server.port(), 0);
    const farcall::endpoint where = server.listen(0);
    EXPECT_NE(server.port(), 0);
    EXPECT_EQ(where.port, server.port());
    EXPECT_EQ(where.url(), url_of(server)) << "loopback, unless told otherwise";
    server.start();
    Text::proxy proxy{where.url()};
    EXPECT_EQ(proxy.upper("hello"), "HELLO");
    EXPECT_EQ(proxy.length("hello"), 5u);
}

TEST(server, describes_addresses_services_and_methods_in_order) {
    farcall::server server;
    server.add<Text>(text{}).add<Counter>(std::make_shared<counter>()).add("zero", [] { return 0; });
    server.listen(0);
    const std::string told = server.describe();
    std::size_t at = 0;
    for (const std::string_view part : {"listening on tcp://127.0.0.1:", "service Text", "service Counter", "methods:",
                                        "Counter.next  int()", "Counter.who", "Text.length", "Text.upper  std::string(std::string text)", "zero"}) {
        const std::size_t found = told.find(part, at);
        EXPECT_NE(found, std::string::npos) << part << " in " << told;
        if (found != std::string::npos) at = found;
    }
}

TEST(server, serves_several_services_and_addresses) {
    farcall::server server;
    auto shared = std::make_shared<counter>();
    server.add<Text>(text{}).add<Counter>(shared);
    server.listen(0);
    const auto second = server.listen("tcp://127.0.0.1:0");
    const auto third = server.listen("memory://server_test");
    EXPECT_EQ(server.endpoints().size(), 3u);
    server.start();
    EXPECT_EQ(Text::proxy{url_of(server)}.upper("a"), "A");
    EXPECT_EQ(Counter::proxy{second.url()}.next(), 1);
    EXPECT_EQ(Counter::proxy{third.url()}.next(), 2);
    EXPECT_EQ(shared->value, 2);
}

TEST(server, refuses_the_same_service_and_the_same_name_twice) {
    farcall::server server;
    server.add<Text>(text{}).add("one", [] { return 1; });
    EXPECT_EQ(error_of([&] { server.add<Text>(text{}); }).status(), status::already_exists);
    EXPECT_NE(error_of([&] { server.add<Text>(text{}); }).message().find("\"Text\""), std::string::npos);
    EXPECT_EQ(error_of([&] { server.add("one", [] { return 2; }); }).status(), status::already_exists);
    EXPECT_EQ(error_of([&] { server.add("Text.upper", [] { return 2; }); }).status(), status::already_exists);
    EXPECT_EQ(error_of([&] { server.add("rpc.mine", [] { return 2; }); }).status(), status::invalid_argument);
    server.add("increment", [] { return 3; });
    EXPECT_EQ(error_of([&] { server.add<Counter>(std::make_shared<counter>()); }).status(), status::already_exists)
        << "an alias that is taken";
}

TEST(server, takes_nothing_more_once_it_has_started) {
    farcall::server server;
    server.add<Text>(text{});
    EXPECT_EQ(error_of([&] { server.start(); }).status(), status::failed_precondition) << "it listens nowhere";
    server.listen(0);
    server.start();
    for (const auto& why :
         {error_of([&] { server.start(); }), error_of([&] { server.listen(0); }),
          error_of([&] { server.add("late", [] { return 0; }); }),
          error_of([&] { server.add<Counter>(std::make_shared<counter>()); }),
          error_of([&] { server.on_connect([](farcall::peer&) {}); }),
          error_of([&] { server.on_disconnect([](farcall::peer&) {}); })})
        EXPECT_EQ(why.status(), status::failed_precondition) << why.message();
    EXPECT_EQ(Text::proxy{url_of(server)}.upper("x"), "X");
}

TEST(server, says_why_it_cannot_listen) {
    farcall::server first;
    first.listen(0);
    farcall::server second;
    const auto taken = error_of([&] { second.listen(first.port()); });
    EXPECT_EQ(taken.status(), status::unavailable);
    EXPECT_NE(taken.message().find("choose another port"), std::string::npos) << taken.message();
    for (const char* bad : {"", "tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:x", "tcp://127.0.0.1:65536", "ftp://x:1",
                            "tcp://::1:5000", "unix:", "http"})
        EXPECT_EQ(error_of([&] { second.listen(bad); }).status(), status::invalid_argument) << bad;
    EXPECT_EQ(error_of([&] { second.listen("unix:///no/such/folder/x.sock"); }).status(), status::unavailable);
    EXPECT_EQ(error_of([&] { second.listen("unix:///" + std::string(200, 'x')); }).status(), status::unavailable);
}

int free_function(int a) { return a + 1; }
struct stateful {
    int base = 10;
    int plus(int a) { return base += a; }
    int look(int a) const { return base + a; }
};

TEST(server, serves_functions_lambdas_and_members) {
    farcall::server server;
    stateful object;
    int calls = 0;
    server.add("free", free_function)
        .add("pointer", &free_function)
        .add("lambda", [](std::string s, int n) { return s + std::to_string(n); })
        .add("mutable", [calls]() mutable { return ++calls; })
        .add("noexcept", [](double d) noexcept { return d / 2; })
        .add("void", [&](int n) { calls = n; })
        .add("plus", &stateful::plus, object)
        .add("look", &stateful::look, object)
        .add("context", [](farcall::context& call, int a) { return std::to_string(a) + ' ' + std::string{call.method().wire_name}; })
        .add("coroutine", [](int a) -> boost::asio::awaitable<int> { co_return a * 2; })
        .add("raw", [](const farcall::json& all) { return farcall::json::parse("[" + std::string{all.text()} + "]").value(); });
    server.listen(0);
    server.start();
    farcall::client client{url_of(server)};
    EXPECT_EQ(client.call<int>("free", 1), 2);
    EXPECT_EQ(client.call<int>("pointer", 2), 3);
    EXPECT_EQ(client.call<std::string>("lambda", "n", 7), "n7");
    EXPECT_EQ(client.call<int>("mutable"), 1);
    EXPECT_EQ(client.call<int>("mutable"), 2);
    EXPECT_EQ(client.call<double>("noexcept", 5), 2.5);
    client.call<void>("void", 42);
    EXPECT_EQ(calls, 42);
    EXPECT_EQ(client.call<int>("plus", 5), 15);
    EXPECT_EQ(client.call<int>("look", 1), 16);
    EXPECT_EQ(client.call<std::string>("context", 3), "3 context");
    EXPECT_EQ(client.call<int>("coroutine", 21), 42);
    EXPECT_EQ(client.call("raw", 1, "two").text(), R"([[1,"two"]])");
    EXPECT_EQ(client.call("raw").text(), "[[]]");
}

RPC_SERVICE(Shapes, (plain, int(int a)), (constant, int(int a)), (fixed, int(int a)), (quiet, int(int a)),
            (overloaded, int(int a)), (told, int(int a)), (awaited, int(int a)), (converted, double(int a)))
struct shapes {
    int base = 1;
    int plain(int a) { return a + base; }
    int constant(int a) const { return a + 2; }
    static int fixed(int a) { return a + 3; }
    int quiet(int a) const noexcept { return a + 4; }
    std::string overloaded(const std::string& s) const { return s; }
    int overloaded(int a) const { return a + 5; }
    int told(farcall::context& call, int a) const { return call.attempt() == 1 ? a + 6 : 0; }
    boost::asio::awaitable<int> awaited(farcall::context& call, int a) const {
        co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
        co_return call.deadline() != farcall::never ? a + 7 : 0;
    }
    float converted(long a) const { return static_cast<float>(a) / 2; }
};

void expect_shapes(farcall::server& server) {
    server.listen(0);
    server.start();
    Shapes::proxy proxy{url_of(server)};
    EXPECT_EQ(proxy.plain(0), 1);
    EXPECT_EQ(proxy.constant(0), 2);
    EXPECT_EQ(proxy.fixed(0), 3);
    EXPECT_EQ(proxy.quiet(0), 4);
    EXPECT_EQ(proxy.overloaded(0), 5);
    EXPECT_EQ(proxy.told(0), 6);
    EXPECT_EQ(proxy.awaited(0), 7);
    EXPECT_EQ(proxy.converted(5), 2.5);
}

TEST(server, takes_handlers_of_every_shape) {
    {
        farcall::server server;
        server.add<Shapes>(shapes{});
        expect_shapes(server);
    }
    {
        farcall::server server;
        server.add<Shapes>(std::make_shared<shapes>());
        expect_shapes(server);
    }
    {
        farcall::server server;
        shapes own;
        server.add<Shapes>(std::ref(own));
        expect_shapes(server);
    }
}

TEST(server, takes_functions_as_a_handler) {
    farcall::server server;
    server.add<Text>(farcall::functions{farcall::on<"upper">(&text::upper),
                                        farcall::on<"length">([n = 0u](const std::string&) mutable { return std::size_t{++n}; })});
    server.listen(0);
    server.start();
    Text::proxy proxy{url_of(server)};
    EXPECT_EQ(proxy.upper("x"), "X");
    EXPECT_EQ(proxy.length(""), 1u);
    EXPECT_EQ(proxy.length(""), 2u);
}

TEST(server, answers_to_aliases) {
    farcall::server server;
    server.add<Counter>(std::make_shared<counter>());
    server.listen(0);
    server.start();
    farcall::client client{url_of(server)};
    EXPECT_EQ(client.call<int>("increment"), 1);
    EXPECT_EQ(client.call<int>("Counter.next"), 2);
}

struct visits {
    int count = 0;
};

TEST(server, keeps_a_state_for_every_connection) {
    farcall::server server;
    server.add("visit", [](farcall::context& call) { return ++call.state<visits>().count; });
    server.add("number", [](farcall::context& call) { return call.peer().id; });
    server.listen(0);
    server.start();
    farcall::client one{url_of(server)};
    farcall::client other{url_of(server)};
    EXPECT_EQ(one.call<int>("visit"), 1);
    EXPECT_EQ(one.call<int>("visit"), 2);
    EXPECT_EQ(other.call<int>("visit"), 1);
    EXPECT_EQ(one.call<int>("visit"), 3);
    EXPECT_NE(one.call<int>("number"), other.call<int>("number"));
    one.close();
    EXPECT_EQ(one.call<int>("visit"), 1) << "a new connection";
}

TEST(server, tells_of_connections_that_come_and_go) {
    farcall::server server;
    std::mutex mutex;
    std::vector<std::string> log;
    server.on_connect([&](farcall::peer& who) {
        const std::lock_guard lock(mutex);
        log.push_back("connect " + std::to_string(who.id));
        who.state = visits{100};
    });
    server.on_disconnect([&](farcall::peer& who) {
        const std::lock_guard lock(mutex);
        log.push_back("disconnect " + std::to_string(who.id) + ' ' + std::to_string(std::any_cast<visits&>(who.state).count));
    });
    server.add("visit", [](farcall::context& call) { return ++call.state<visits>().count; });
    server.listen(0);
    server.start();
    {
        farcall::client client{url_of(server)};
        EXPECT_EQ(client.call<int>("visit"), 101);
    }
    {
        farcall::client client{url_of(server)};
        EXPECT_EQ(client.call<int>("visit"), 101);
        EXPECT_EQ(client.call<int>("visit"), 102);
    }
    server.stop();
    std::sort(log.begin(), log.end());
    EXPECT_EQ(log, (std::vector<std::string>{"connect 1", "connect 2", "disconnect 1 101", "disconnect 2 102"}));
}

TEST(server, closes_a_connection_that_its_callback_refuses) {
    farcall::server server;
    std::atomic<int> disconnected{0};
    server.on_connect([n = 0](farcall::peer&) mutable {
        if (++n == 1) throw std::runtime_error{"not you"};
    });
    server.on_disconnect([&](farcall::peer&) { ++disconnected; });
    server.add("one", [] { return 1; });
    server.listen(0);
    server.start();
    auto first = integration::raw_socket::connect(server.port());
    EXPECT_TRUE(first.closed_by_peer());
    EXPECT_EQ(farcall::client{url_of(server)}.call<int>("one"), 1);
    server.stop();
    EXPECT_EQ(disconnected, 2);
}

TEST(server, stops_before_it_was_started) {
    farcall::server server;
    server.listen(0);
    server.stop();
    server.wait();
    EXPECT_EQ(error_of([&] { server.start(); }).status(), status::failed_precondition);
}

TEST(server, stops_from_another_thread_while_one_waits) {
    farcall::server server;
    server.add<Text>(text{});
    server.listen(0);
    server.start();
    std::thread waiting([&] { server.wait(); });
    std::thread also([&] { server.wait(); });
    EXPECT_EQ(Text::proxy{url_of(server)}.upper("x"), "X");
    server.stop();
    server.stop();
    waiting.join();
    also.join();
}

TEST(server, stops_from_a_handler_and_answers_that_call) {
    farcall::server server;
    server.add("stop", [&] {
        server.stop();
        return std::string{"stopping"};
    });
    server.listen(0);
    server.start();
    farcall::client client{url_of(server)};
    EXPECT_EQ(client.call<std::string>("stop"), "stopping");
    server.wait();
}

TEST(server, says_that_a_handler_cannot_wait_for_its_server) {
    farcall::server server;
    server.add("wait", [&] { server.wait(); });
    server.listen(0);
    server.start();
    const auto end = farcall::client{url_of(server)}.try_call<void>("wait");
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::failed_precondition);
    EXPECT_EQ(end.error().origin(), farcall::origin::peer);
}

TEST(server, answers_what_it_has_taken_before_it_stops) {
    auto handler = std::make_shared<counter>();
    farcall::server server;
    server.add<Counter>(handler);
    server.listen(0);
    server.start();
    Counter::proxy proxy{url_of(server)};
    std::vector<std::future<int>> calls;
    for (int i = 0; i < 10; ++i)
        calls.push_back(i % 2 == 0 ? proxy.held(i, boost::asio::use_future) : proxy.work(i, boost::asio::use_future));
    ASSERT_TRUE(handler->waiting.await(5));
    ASSERT_TRUE(handler->working.await(5));
    std::thread stopping([&] { server.stop(20s); });
    // A server that stops takes no more connections: once that shows, it has begun to.
    const auto until = std::chrono::steady_clock::now() + integration::patience;
    for (bool refused = false; !refused && std::chrono::steady_clock::now() < until;) {
        try {
            integration::raw_socket::connect(server.port());
        } catch (const std::runtime_error&) {
            refused = true;
        }
    }
    handler->waiting.open();
    handler->working.open();
    for (int i = 0; i < 10; ++i) EXPECT_EQ(calls[static_cast<std::size_t>(i)].get(), i);
    stopping.join();
}

TEST(server, cuts_off_a_call_that_outlasts_the_grace) {
    auto handler = std::make_shared<counter>();
    farcall::server server;
    server.add<Counter>(handler);
    server.listen(0);
    server.start();
    Counter::proxy proxy{url_of(server)};
    auto call = proxy.held(1, farcall::as_result(boost::asio::use_future));
    ASSERT_TRUE(handler->waiting.await(1));
    const auto start = std::chrono::steady_clock::now();
    server.stop(50ms);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
    const auto end = call.get();
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::unavailable);
    EXPECT_EQ(end.error().executed(), farcall::executed::unknown);
}

TEST(server, tells_handlers_by_their_token_that_nobody_waits) {
    farcall::server server;
    std::promise<void> seen;
    std::promise<std::stop_token> started;
    server.add("watch", [&](farcall::context& call) -> boost::asio::awaitable<void> {
        const std::stop_callback tell{call.stop(), [&] { seen.set_value(); }};
        started.set_value(call.stop());
        boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, boost::asio::steady_timer::time_point::max()};
        const std::stop_callback wake{call.stop(), [&] { timer.cancel(); }};
        co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    });
    server.listen(0);
    server.start();
    auto wire = integration::raw_socket::connect(server.port());
    wire.send_frame(R"({"jsonrpc":"2.0","id":1,"method":"watch"})");
    const std::stop_token token = started.get_future().get();
    EXPECT_FALSE(token.stop_requested());
    wire.close();
    EXPECT_EQ(seen.get_future().wait_for(integration::patience), std::future_status::ready);
}

TEST(server, starts_again_on_the_same_port_at_once) {
    std::uint16_t port = 0;
    for (int i = 0; i < 5; ++i) {
        farcall::server server;
        server.add<Text>(text{});
        server.listen(port);
        port = server.port();
        server.start();
        Text::proxy proxy{url_of(server)};
        EXPECT_EQ(proxy.upper("again"), "AGAIN");
        server.stop();  // with the client connected, so that the server's end waits in TIME_WAIT
    }
}

TEST(server, serves_many_clients_on_several_threads) {
    farcall::server_options options;
    options.io_threads = 4;
    farcall::server server{options};
    std::mutex mutex;
    std::set<std::thread::id> threads;
    server.add("thread", [&](int value) {
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
        return value;
    });
    server.listen(0);
    server.start();
    std::vector<std::thread> clients;
    std::atomic<int> wrong{0};
    for (int c = 0; c < 24; ++c)
        clients.emplace_back([&, c] {
            farcall::client client{url_of(server)};
            for (int i = 0; i < 100; ++i)
                if (client.call<int>("thread", c * 1000 + i) != c * 1000 + i) ++wrong;
        });
    for (std::thread& each : clients) each.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(threads.size(), 4u);
}

TEST(server, answers_and_stops_while_its_threads_look_for_more) {
    for (const auto look : {1us, 1'000'000us}) {
        farcall::server server{{.io_threads = 2, .busy_poll = look}};
        server.add<Text>(text{}).listen(0);
        server.start();
        Text::proxy first{url_of(server)}, second{url_of(server)};
        for (int i = 0; i < 20; ++i) {
            EXPECT_EQ(first.upper("look"), "LOOK");
            EXPECT_EQ(second.length("looks"), 5u);
        }
        server.stop();
    }
}

TEST(server, serves_messages_of_every_size_on_one_connection) {
    farcall::server server;
    server.add<Text>(text{}).listen(0);
    server.start();
    Text::proxy proxy{url_of(server)};
    // Around the rooms that are read into, and back to small ones.
    for (const std::size_t size : {0u, 1u, 500u, 4000u, 65'400u, 65'536u, 70'000u, 3u, 131'072u, 1'500'000u, 2u, 65'480u, 1u}) {
        const std::string sent(size, 'x');
        EXPECT_TRUE(proxy.upper(sent) == std::string(size, 'X')) << size;
    }
}

TEST(server, keeps_a_connection_on_one_thread) {
    farcall::server_options options;
    options.io_threads = 3;
    farcall::server server{options};
    server.add("thread", [&](farcall::context& call) {
        auto& first = call.state<std::thread::id>();
        if (first == std::thread::id{}) first = std::this_thread::get_id();
        return first == std::this_thread::get_id();
    });
    server.listen(0);
    server.start();
    for (int c = 0; c < 6; ++c) {
        farcall::client client{url_of(server)};
        for (int i = 0; i < 20; ++i) EXPECT_TRUE(client.call<bool>("thread"));
    }
}

TEST(server, finds_one_method_among_twenty_thousand) {
    farcall::server server;
    for (int i = 0; i < 20'000; ++i) server.add("method" + std::to_string(i), [i] { return i; });
    server.listen(0);
    server.start();
    farcall::client client{url_of(server)};
    EXPECT_EQ(client.call<int>("method0"), 0);
    EXPECT_EQ(client.call<int>("method19999"), 19'999);
    EXPECT_EQ(client.try_call("method20000").error().status(), status::unimplemented);
}

TEST(server, runs_on_an_executor_of_the_users) {
    boost::asio::io_context context;
    farcall::server_options options;
    options.executor = context.get_executor();
    farcall::server server{options};
    std::thread::id inside;
    auto handler = std::make_shared<counter>();
    server.add<Counter>(handler).add("where", [&] { inside = std::this_thread::get_id(); });
    server.listen(0);
    EXPECT_EQ(error_of([&] { server.run(); }).status(), status::failed_precondition);
    server.start();
    handler->working.open();
    std::thread calling([&] {
        Counter::proxy proxy{url_of(server)};
        EXPECT_EQ(proxy.next(), 1);
        EXPECT_EQ(proxy.work(3), 3) << "blocking methods run there, too";
        farcall::client{url_of(server)}.call<void>("where");
        boost::asio::post(context, [&] { server.stop(1s); });
    });
    context.run();
    calling.join();
    EXPECT_EQ(inside, std::this_thread::get_id());
}

TEST(server, listens_on_names_and_both_kinds_of_addresses) {
    for (const std::string host : {"localhost", "127.0.0.1", "[::1]", "0.0.0.0", "[::]"}) {
        farcall::server server;
        server.add<Text>(text{});
        farcall::endpoint where;
        try {
            where = server.listen("tcp://" + host + ":0");
        } catch (const farcall::error& why) {
            if (host.starts_with('[')) continue;  // a machine without IPv6
            FAIL() << why.message();
        }
        EXPECT_EQ(where.url(), "tcp://" + host + ":" + std::to_string(where.port));
        server.start();
        const std::string to = host == "0.0.0.0" ? "127.0.0.1" : host == "[::]" ? "[::1]" : host;
        EXPECT_EQ(Text::proxy{"tcp://" + to + ":" + std::to_string(where.port)}.upper("x"), "X") << host;
        EXPECT_EQ(Text::proxy{to + ":" + std::to_string(where.port)}.upper("x"), "X") << host;
    }
}

/// A path for a socket that is gone after the test.
class socket_path {
public:
    explicit socket_path(const std::string& name)
        : path_(std::filesystem::temp_directory_path() / ("farcall_" + std::to_string(::getpid()) + '_' + name)) {
        std::filesystem::remove(path_);
    }
    ~socket_path() { std::filesystem::remove(path_); }
    std::string text() const { return path_.string(); }
    std::string url() const { return "unix://" + path_.string(); }
    bool exists() const { return std::filesystem::exists(path_); }

private:
    std::filesystem::path path_;
};

TEST(server, listens_on_unix_sockets) {
    const socket_path path{"plain"};
    {
        farcall::server server;
        server.add<Counter>(std::make_shared<counter>());
        EXPECT_EQ(server.listen(path.url()).url(), path.url());
        server.start();
        Counter::proxy proxy{path.url()};
        EXPECT_EQ(proxy.next(), 1);
        EXPECT_EQ(proxy.who(), "Counter.who unix:0");
        farcall::server second;
        const auto why = error_of([&] { second.listen(path.url()); });
        EXPECT_EQ(why.status(), status::unavailable);
        EXPECT_NE(why.message().find("another process listens there"), std::string::npos);
        EXPECT_EQ(proxy.next(), 2) << "the attempt did not disturb the one that listens";
    }
    EXPECT_FALSE(path.exists()) << "the file goes with the server";
}

TEST(server, replaces_a_socket_file_that_nobody_listens_on) {
    const socket_path path{"stale"};
    const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    path.text().copy(at.sun_path, sizeof at.sun_path - 1);
    ASSERT_EQ(::bind(left, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    ::close(left);
    ASSERT_TRUE(path.exists());
    farcall::server server;
    server.add<Text>(text{});
    server.listen(path.url());
    server.start();
    EXPECT_EQ(Text::proxy{path.url()}.upper("x"), "X");
}

TEST(server, leaves_a_file_that_is_no_socket_alone) {
    const socket_path path{"file"};
    std::ofstream{path.text()} << "precious";
    farcall::server server;
    const auto why = error_of([&] { server.listen(path.url()); });
    EXPECT_EQ(why.status(), status::unavailable);
    EXPECT_NE(why.message().find("is no socket"), std::string::npos);
    EXPECT_TRUE(path.exists());
}

TEST(server, lets_the_handlers_go_when_it_ends) {
    auto handler = std::make_shared<counter>();
    std::weak_ptr<counter> watch = handler;
    {
        farcall::server server;
        server.add<Counter>(std::move(handler));
        server.listen(0);
        server.start();
        EXPECT_EQ(Counter::proxy{url_of(server)}.next(), 1);
        EXPECT_FALSE(watch.expired());
    }
    EXPECT_TRUE(watch.expired());
}

TEST(server, lets_the_handlers_go_when_it_ends_with_clients_still_connected) {
    auto handler = std::make_shared<counter>();
    std::weak_ptr<counter> watch = handler;
    std::optional<Counter::proxy> connected;
    {
        farcall::server server;
        server.add<Counter>(std::move(handler));
        server.listen(0);
        server.start();
        connected.emplace(url_of(server));
        EXPECT_EQ(connected->next(), 1);
    }
    EXPECT_TRUE(watch.expired());
}

}  // namespace
