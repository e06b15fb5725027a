#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <string>
#include <thread>

#include <farcall.hpp>

#include "integration/gate.hpp"
#include "integration/hand_clock.hpp"
#include "integration/raw_socket.hpp"

/// Every way to make a call, and what becomes of calls when things happen around them.
namespace {

using farcall::executed;
using farcall::status;
using integration::patience;
using namespace std::chrono_literals;
namespace asio = boost::asio;

struct parcel {
    std::string label;
    std::unique_ptr<std::string> content;
};

RPC_SERVICE(Office,
    (add, int(int a, int b), farcall::readonly),
    (greet, std::string(std::string name)),
    (nothing, void()),
    (send, parcel(std::string label)),
    (held, int(int value)),
    (work, int(int value), farcall::blocking),
    (tenant, std::string()),
    (left, std::int64_t()),
    (quick, std::int64_t(), farcall::timeout_ms<250>))

struct office {
    int add(int a, int b) const { return a + b; }
    std::string greet(std::string name) {
        ++greeted;
        return "Hello, " + name;
    }
    void nothing() {}
    parcel send(std::string label) const { return {label, std::make_unique<std::string>("for " + label)}; }
    asio::awaitable<int> held(int value) {
        co_await waiting.wait();
        co_return value;
    }
    int work(int value) {
        working.wait_blocking();
        return value;
    }
    std::string tenant(farcall::context& call) const { return std::string{call.headers().get("tenant").value_or("nobody")}; }
    std::int64_t left(farcall::context& call) const {
        if (call.deadline() == farcall::never) return -1;
        return std::chrono::duration_cast<std::chrono::milliseconds>(call.deadline() - std::chrono::steady_clock::now()).count();
    }
    std::int64_t quick(farcall::context& call) const { return left(call); }

    std::atomic<int> greeted{0};
    integration::gate waiting;
    integration::gate working;
};

/// An office that is open during a test.
class client_of_an_office : public ::testing::Test {
protected:
    client_of_an_office() { open(0); }
    ~client_of_an_office() override {
        handler->waiting.open();
        handler->working.open();
    }

    void open(std::uint16_t port) {
        server.emplace();
        server->on_connect([this](farcall::peer&) { ++connections; });
        server->add<Office>(handler);
        server->listen(port);
        server->start();
        url = "tcp://127.0.0.1:" + std::to_string(server->port());
    }

    std::shared_ptr<office> handler = std::make_shared<office>();
    std::atomic<int> connections{0};
    std::optional<farcall::server> server;
    std::string url;
};

TEST_F(client_of_an_office, blocks_until_the_result_is_there) {
    Office::proxy proxy{url};
    EXPECT_EQ(connections, 0) << "connects with the first call";
    EXPECT_EQ(proxy.add(5, 3), 8);
    EXPECT_EQ(proxy.greet("Ada"), "Hello, Ada");
    proxy.nothing();
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(proxy.add(i, 1), i + 1);
    EXPECT_EQ(connections, 1);
}

TEST_F(client_of_an_office, hands_over_results_that_can_only_be_moved) {
    Office::proxy proxy{url};
    EXPECT_EQ(*proxy.send("a").content, "for a");
    EXPECT_EQ(*proxy.send("b", asio::use_future).get().content, "for b");
    auto end = proxy.send("c", farcall::as_result);
    EXPECT_EQ(*end.value().content, "for c");
    std::promise<parcel> got;
    proxy.send("d", [&](std::exception_ptr, parcel value) { got.set_value(std::move(value)); });
    EXPECT_EQ(*got.get_future().get().content, "for d");
}

TEST_F(client_of_an_office, calls_back_with_a_value_or_an_exception) {
    Office::proxy proxy{url};
    std::promise<int> value;
    proxy.add(5, 3, [&](std::exception_ptr failure, int sum) {
        EXPECT_FALSE(failure);
        value.set_value(sum);
    });
    EXPECT_EQ(value.get_future().get(), 8);
    std::promise<void> nothing;
    proxy.nothing([&](std::exception_ptr failure) {
        EXPECT_FALSE(failure);
        nothing.set_value();
    });
    nothing.get_future().get();
    std::promise<farcall::result<int>> end;
    proxy.add(5, 3, [&](farcall::result<int> sum) { end.set_value(sum); });
    EXPECT_EQ(*end.get_future().get(), 8);
    std::promise<std::exception_ptr> failed;
    Office::proxy{"tcp://127.0.0.1:1"}.add(1, 2, [&](std::exception_ptr failure, int) { failed.set_value(failure); });
    EXPECT_THROW(std::rethrow_exception(failed.get_future().get()), farcall::error);
}

TEST_F(client_of_an_office, gives_futures) {
    Office::proxy proxy{url};
    std::future<int> sum = proxy.add(5, 3, asio::use_future);
    std::future<void> nothing = proxy.nothing(asio::use_future);
    std::future<farcall::result<int>> end = proxy.add(1, 2, farcall::as_result(asio::use_future));
    EXPECT_EQ(sum.get(), 8);
    nothing.get();
    EXPECT_EQ(*end.get(), 3);
    std::future<int> failed = Office::proxy{"tcp://127.0.0.1:1"}.add(1, 2, asio::use_future);
    EXPECT_THROW(failed.get(), farcall::error);
}

TEST_F(client_of_an_office, returns_results_without_exceptions) {
    Office::proxy proxy{url};
    const farcall::result<int> good = proxy.add(5, 3, farcall::as_result);
    EXPECT_EQ(good.value(), 8);
    EXPECT_TRUE(proxy.nothing(farcall::as_result).has_value());
    const farcall::result<int> bad = Office::proxy{"tcp://127.0.0.1:1"}.add(5, 3, farcall::as_result);
    EXPECT_TRUE(bad.has_error());
    EXPECT_THROW(bad.value(), farcall::error);
}

TEST_F(client_of_an_office, awaits_in_coroutines_on_the_users_loop) {
    asio::io_context context;
    const std::thread::id here = std::this_thread::get_id();
    bool done = false;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            Office::proxy proxy{context, url};
            EXPECT_EQ(co_await proxy.add(5, 3, asio::use_awaitable), 8);
            co_await proxy.nothing(asio::use_awaitable);
            EXPECT_EQ(std::this_thread::get_id(), here);
            auto later = proxy.add(1, 2, asio::deferred);
            EXPECT_EQ(co_await std::move(later)(asio::use_awaitable), 3);
            const auto [failure, sum] = co_await proxy.add(2, 2, asio::as_tuple(asio::use_awaitable));
            EXPECT_FALSE(failure);
            EXPECT_EQ(sum, 4);
            const farcall::result<int> end = co_await proxy.add(2, 3, farcall::as_result(asio::use_awaitable));
            EXPECT_EQ(end.value(), 5);
            proxy.greet("nobody", asio::detached);
            bool caught = false;
            try {
                Office::proxy none{context, "tcp://127.0.0.1:1"};
                co_await none.add(1, 1, asio::use_awaitable);
            } catch (const farcall::error& why) {
                caught = why.status() == status::unavailable;
            }
            EXPECT_TRUE(caught);
            done = true;
        },
        asio::detached);
    context.run();
    EXPECT_TRUE(done);
    EXPECT_EQ(handler->greeted, 1);
}

TEST_F(client_of_an_office, makes_an_awaited_call_when_it_is_awaited_and_keeps_until_then_what_it_sends) {
    asio::io_context context;
    std::string answer;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            Office::proxy proxy{context, url};
            auto never = proxy.greet("nobody", asio::use_awaitable);
            auto later = proxy.greet(std::string(1000, 'x'), asio::use_awaitable);
            EXPECT_EQ(co_await proxy.add(1, 2, asio::use_awaitable), 3);
            EXPECT_EQ(handler->greeted, 0);
            answer = co_await std::move(later);
        },
        asio::detached);
    context.run();
    EXPECT_EQ(answer, "Hello, " + std::string(1000, 'x'));
    EXPECT_EQ(handler->greeted, 1);
}

TEST_F(client_of_an_office, awaits_in_coroutines_beside_its_own_loop) {
    asio::io_context context;
    Office::proxy proxy{url};
    const std::thread::id here = std::this_thread::get_id();
    int sum = 0;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            for (int i = 0; i < 100; ++i) sum += co_await proxy.add(i, 1, asio::use_awaitable);
            EXPECT_EQ(std::this_thread::get_id(), here) << "the coroutine stays where it is";
        },
        asio::detached);
    context.run();
    EXPECT_EQ(sum, 5050);
}

TEST_F(client_of_an_office, completes_on_the_handlers_executor) {
    asio::io_context context;
    Office::proxy proxy{url};
    std::thread::id where;
    proxy.add(1, 2, asio::bind_executor(context, [&](std::exception_ptr, int) { where = std::this_thread::get_id(); }));
    context.run();  // the call keeps it busy
    EXPECT_EQ(where, std::this_thread::get_id());
}

/// Counts what a handler takes; all copies are of one account.
template <class T>
struct counting_allocator {
    using value_type = T;
    std::size_t* taken;

    explicit counting_allocator(std::size_t& account) : taken(&account) {}
    template <class U>
    counting_allocator(const counting_allocator<U>& other) : taken(other.taken) {}

    T* allocate(std::size_t count) {
        ++*taken;
        return std::allocator<T>{}.allocate(count);
    }
    void deallocate(T* memory, std::size_t count) { std::allocator<T>{}.deallocate(memory, count); }
    template <class U>
    bool operator==(const counting_allocator<U>& other) const {
        return taken == other.taken;
    }
};

TEST_F(client_of_an_office, takes_the_memory_of_calls_and_of_their_way_to_the_handler_from_its_allocator) {
    std::size_t taken = 0;
    asio::io_context context;
    Office::proxy proxy{url};
    int got = 0;
    const auto handler = [&](std::exception_ptr, int value) { got = value; };
    proxy.add(1, 2, asio::bind_executor(context, asio::bind_allocator(counting_allocator<void>{taken}, handler)));
    context.run();
    EXPECT_EQ(got, 3);
    EXPECT_EQ(taken, 2u) << "the call, and what is handed to the handler's executor";
}

TEST_F(client_of_an_office, works_on_an_executor_of_several_threads) {
    asio::io_context context;
    auto guard = asio::make_work_guard(context);
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) threads.emplace_back([&] { context.run(); });
    {
        Office::proxy proxy{context, url};
        EXPECT_EQ(proxy.add(1, 2), 3) << "blocks a thread that does not run the loop";
        std::vector<std::future<int>> calls;
        for (int i = 0; i < 500; ++i) calls.push_back(proxy.add(i, i, asio::use_future));
        std::vector<std::thread> callers;
        std::atomic<int> wrong{0};
        for (int t = 0; t < 4; ++t)
            callers.emplace_back([&] {
                for (int i = 0; i < 200; ++i)
                    if (proxy.add(i, 1) != i + 1) ++wrong;
            });
        for (int i = 0; i < 500; ++i) EXPECT_EQ(calls[static_cast<std::size_t>(i)].get(), 2 * i);
        for (std::thread& each : callers) each.join();
        EXPECT_EQ(wrong, 0);
    }
    guard.reset();
    for (std::thread& each : threads) each.join();
}

TEST_F(client_of_an_office, diagnoses_a_blocking_call_where_it_would_wait_for_itself) {
    const auto expect_diagnosis = [](const Office::proxy& proxy) {
        const auto end = proxy.add(1, 2, farcall::as_result);
        ASSERT_FALSE(end);
        EXPECT_EQ(end.error().status(), status::failed_precondition);
        EXPECT_EQ(end.error().executed(), executed::no);
        EXPECT_EQ(end.error().method(), "Office.add");
        EXPECT_NE(end.error().message().find("completion token"), std::string::npos);
    };
    Office::proxy own{url};
    std::promise<void> done;
    own.nothing([&](std::exception_ptr) {
        expect_diagnosis(own);
        done.set_value();
    });
    EXPECT_EQ(done.get_future().wait_for(patience), std::future_status::ready);

    asio::io_context context;
    Office::proxy users{context, url};
    bool ran = false;
    asio::post(context, [&] {
        expect_diagnosis(users);
        ran = true;
    });
    context.run();
    EXPECT_TRUE(ran);
}

TEST_F(client_of_an_office, starts_calls_from_inside_callbacks) {
    Office::proxy proxy{url};
    std::promise<int> last;
    std::function<void(int)> next = [&](int left) {
        if (left == 0) return last.set_value(42);
        proxy.add(left, -1, [&](std::exception_ptr failure, int value) {
            EXPECT_FALSE(failure);
            next(value);
        });
    };
    next(1000);
    EXPECT_EQ(last.get_future().get(), 42);
}

TEST_F(client_of_an_office, notifies) {
    Office::proxy proxy{url};
    for (int i = 0; i < 10; ++i) proxy.greet("Ada", farcall::notify);
    EXPECT_EQ(proxy.add(1, 1), 2) << "comes after them on the same connection";
    EXPECT_EQ(handler->greeted, 10);
}

TEST_F(client_of_an_office, takes_options_for_some_calls) {
    Office::proxy proxy{url};
    EXPECT_EQ(proxy.tenant(), "nobody");
    const auto of_a7 = farcall::with(proxy, farcall::metadata{{"tenant", "a7"}});
    EXPECT_EQ(of_a7.tenant(), "a7");
    EXPECT_EQ(proxy.tenant(), "nobody");
    EXPECT_EQ(farcall::with(of_a7, farcall::timeout{5s}).tenant(), "a7");
    EXPECT_GT(proxy.left(), 9'000);
    EXPECT_LE(proxy.left(), 10'000) << "ten seconds unless something else is said";
    const auto five = farcall::with(of_a7, farcall::timeout{5s}).left();
    EXPECT_GT(five, 4'000);
    EXPECT_LE(five, 5'000);
    EXPECT_EQ(farcall::with(proxy, farcall::no_timeout).left(), -1);
    EXPECT_LE(proxy.quick(), 250) << "as declared";
    EXPECT_GT(farcall::with(proxy, farcall::timeout{5s}).quick(), 4'000) << "the call's own comes first";
    EXPECT_EQ(connections, 1);
}

TEST_F(client_of_an_office, gives_up_after_its_timeout_and_stays_usable) {
    const auto clock = std::make_shared<integration::hand_clock>();
    farcall::client_options options;
    options.time = clock;
    Office::proxy proxy{url, {}, options};
    auto waits = std::async(std::launch::async,
                            [&] { return farcall::with(proxy, farcall::timeout{10min}).held(1, farcall::as_result); });
    ASSERT_TRUE(handler->waiting.await(1)) << "the server has the call";
    clock->advance(10min - 1ns);
    clock->advance(1ns);
    const auto end = waits.get();
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::deadline_exceeded);
    EXPECT_EQ(end.error().executed(), executed::unknown);
    EXPECT_EQ(proxy.add(5, 3), 8);
    EXPECT_EQ(connections, 1);
}

TEST_F(client_of_an_office, cuts_a_timeout_to_the_longest_deadline) {
    farcall::client_options options;
    options.limits.longest_deadline = 1s;
    Office::proxy proxy{url, {}, options};
    EXPECT_LE(farcall::with(proxy, farcall::timeout{24h}).left(), 1'000);
}

TEST_F(client_of_an_office, is_shared_by_sixteen_threads) {
    Office::proxy proxy{url};
    constexpr int threads = 16, calls = 100'000 / threads;
    std::atomic<int> wrong{0};
    std::vector<std::thread> all;
    for (int t = 0; t < threads; ++t)
        all.emplace_back([&, t] {
            for (int i = 0; i < calls; ++i)
                if (proxy.add(t * calls, i) != t * calls + i) ++wrong;
        });
    for (std::thread& each : all) each.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(connections, 1);
}

TEST_F(client_of_an_office, is_shared_by_threads_that_block_and_threads_that_do_not) {
    Office::proxy proxy{url};
    std::atomic<int> wrong{0};
    std::vector<std::thread> all;
    for (int t = 0; t < 8; ++t)
        all.emplace_back([&, t] {
            for (int i = 0; i < 300; ++i) {
                if (proxy.add(t, i) != t + i) ++wrong;
                // The first of these starts the background thread, in the middle of the others' calls.
                if (i > 100 && t % 2 == 0 && proxy.add(t, i, asio::use_future).get() != t + i) ++wrong;
                if (i % 10 == 0 && t % 3 == 0) proxy.greet("Ada", farcall::notify);
            }
        });
    for (std::thread& each : all) each.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(connections, 1);
}

TEST_F(client_of_an_office, has_a_thousand_calls_under_way_from_one_thread) {
    Office::proxy proxy{url};
    std::vector<std::future<int>> calls;
    for (int i = 0; i < 1000; ++i) calls.push_back(proxy.held(i, asio::use_future));
    ASSERT_TRUE(handler->waiting.await(1000)) << "all of them run at the same time";
    EXPECT_EQ(proxy.add(1, 2), 3) << "and hold up no other";
    handler->waiting.open();
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(calls[static_cast<std::size_t>(i)].get(), i);
    EXPECT_EQ(connections, 1);
}

TEST_F(client_of_an_office, reconnects_when_the_server_is_there_again) {
    Office::proxy proxy{url};
    // With two refused attempts behind it, the client makes a pause before the next.
    const auto patient = farcall::with(proxy, farcall::wait_for_ready);
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(patient.add(round, 1), round + 1);
        const std::uint16_t port = server->port();
        server.reset();
        // The first call may be on its way before the client hears that the connection has ended.
        for (int call = 0; call < 2; ++call) {
            const auto end = proxy.add(1, 1, farcall::as_result);
            ASSERT_FALSE(end) << "nobody is there";
            EXPECT_EQ(end.error().status(), status::unavailable);
            EXPECT_NE(end.error().executed(), executed::yes);
            if (call == 1) {
                EXPECT_EQ(end.error().executed(), executed::no);
            }
        }
        open(port);
    }
    EXPECT_EQ(patient.add(5, 3), 8);
}

TEST_F(client_of_an_office, gives_no_wrong_answer_while_the_server_restarts) {
    std::atomic<bool> stop{false};
    std::atomic<int> good{0}, failed{0}, wrong{0};
    Office::proxy proxy{url};
    std::vector<std::thread> loops;
    for (int t = 0; t < 3; ++t)
        loops.emplace_back([&] {
            for (int i = 0; !stop; ++i) {
                const auto end = proxy.add(i, 7, farcall::as_result);
                if (!end)
                    ++failed;
                else if (*end == i + 7)
                    ++good;
                else
                    ++wrong;
            }
        });
    const auto await_more = [&](std::atomic<int>& count) {
        const int before = count;
        const auto until = std::chrono::steady_clock::now() + patience;
        while (count < before + 20 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
        return count >= before + 20;
    };
    for (int round = 0; round < 3; ++round) {
        EXPECT_TRUE(await_more(good));
        const std::uint16_t port = server->port();
        server.reset();
        EXPECT_TRUE(await_more(failed));
        open(port);
    }
    EXPECT_TRUE(await_more(good));
    stop = true;
    for (std::thread& each : loops) each.join();
    EXPECT_EQ(wrong, 0);
}

TEST(client, tells_a_refused_connection_apart) {
    std::uint16_t free_port = 0;
    {
        integration::raw_listener listener;
        free_port = listener.port();
    }
    for (const std::string& url : {"tcp://127.0.0.1:" + std::to_string(free_port), std::string{"unix:///tmp/farcall_nobody.sock"},
                                  std::string{"memory://nobody"}}) {
        Office::proxy proxy{url};
        for (int i = 0; i < 2; ++i) {
            const auto end = proxy.add(1, 2, farcall::as_result);
            ASSERT_FALSE(end);
            EXPECT_EQ(end.error().status(), status::unavailable);
            EXPECT_EQ(end.error().executed(), executed::no);
            EXPECT_EQ(end.error().origin(), farcall::origin::local);
            EXPECT_EQ(end.error().code(), 0);
            EXPECT_NE(end.error().message().find("cannot connect to " + url), std::string::npos) << end.error().message();
            EXPECT_NE(end.error().message().find("is the server running"), std::string::npos) << end.error().message();
        }
    }
}

TEST(client, says_that_a_name_is_unknown) {
    Office::proxy proxy{"tcp://no-such-host.invalid:5000"};
    const auto end = farcall::with(proxy, farcall::timeout{10s}).add(1, 2, farcall::as_result);
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().executed(), executed::no);
    EXPECT_NE(end.error().message().find("no-such-host.invalid"), std::string::npos) << end.error().message();
}

TEST(client, refuses_bad_urls_when_it_is_made) {
    for (const char* bad : {"", "tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:99999", "carrier-pigeon://x", "tcp://::1:80"}) {
        try {
            Office::proxy proxy{bad};
            ADD_FAILURE() << bad;
        } catch (const farcall::error& why) {
            EXPECT_EQ(why.status(), status::invalid_argument) << bad;
        }
    }
}

TEST(client, gives_up_connecting_after_its_time) {
    // A listener whose backlog is full answers to nobody.
    const int listening = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    ASSERT_EQ(::bind(listening, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    ASSERT_EQ(::listen(listening, 0), 0);
    ::getsockname(listening, reinterpret_cast<sockaddr*>(&at), &size);
    std::vector<int> filling;
    for (int i = 0; i < 4; ++i) {
        filling.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
        ::connect(filling.back(), reinterpret_cast<sockaddr*>(&at), sizeof at);
    }
    farcall::client_options options;
    options.connect_timeout = 100ms;
    Office::proxy proxy{"tcp://127.0.0.1:" + std::to_string(ntohs(at.sin_port)), {}, options};
    const auto start = std::chrono::steady_clock::now();
    const auto end = proxy.add(1, 2, farcall::as_result);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::unavailable);
    EXPECT_EQ(end.error().executed(), executed::no);
    EXPECT_NE(end.error().message().find("connect_timeout"), std::string::npos) << end.error().message();
    for (const int each : filling) ::close(each);
    ::close(listening);
}

TEST_F(client_of_an_office, ends_every_call_once_when_it_is_closed) {
    farcall::client client{url};
    Office::proxy proxy{client};
    std::atomic<int> ended{0};
    std::vector<std::future<farcall::result<int>>> calls;
    for (int i = 0; i < 50; ++i) calls.push_back(proxy.held(i, farcall::as_result(asio::use_future)));
    ASSERT_TRUE(handler->waiting.await(50));
    client.close();
    for (auto& call : calls) {
        const auto end = call.get();
        ASSERT_FALSE(end);
        EXPECT_EQ(end.error().status(), status::cancelled);
        EXPECT_EQ(end.error().executed(), executed::unknown);
        ++ended;
    }
    EXPECT_EQ(ended, 50);
    client.close();
    client.close();
    EXPECT_EQ(proxy.add(5, 3), 8) << "the next call connects anew";
    EXPECT_EQ(connections, 2);
    client.close();
}

TEST_F(client_of_an_office, closes_from_inside_a_callback) {
    farcall::client client{url};
    std::promise<void> done;
    client.async_call<int>([&](farcall::result<int> sum) {
        EXPECT_EQ(sum.value(), 3);
        client.close();
        client.close();
        done.set_value();
    }, "Office.add", 1, 2);
    EXPECT_EQ(done.get_future().wait_for(patience), std::future_status::ready);
    EXPECT_EQ(client.call<int>("Office.add", 2, 2), 4);
}

TEST_F(client_of_an_office, closes_while_threads_call) {
    farcall::client client{url};
    std::atomic<bool> stop{false};
    std::atomic<int> wrong{0}, good{0};
    std::vector<std::thread> loops;
    for (int t = 0; t < 4; ++t)
        loops.emplace_back([&] {
            for (int i = 0; !stop; ++i) {
                const auto end = client.try_call<int>("Office.add", i, 1);
                if (end ? *end != i + 1 : end.error().status() != status::cancelled) ++wrong;
                if (end) ++good;
            }
        });
    for (int i = 0; i < 50; ++i) {
        client.close();
        const int before = good;
        while (good < before + 2) std::this_thread::yield();
    }
    stop = true;
    for (std::thread& each : loops) each.join();
    EXPECT_EQ(wrong, 0);
}

TEST_F(client_of_an_office, may_be_destroyed_with_calls_under_way) {
    std::vector<std::future<int>> calls;
    std::future<int> other;
    {
        Office::proxy proxy{url};
        for (int i = 0; i < 20; ++i) calls.push_back(proxy.held(i, asio::use_future));
        other = proxy.add(5, 3, asio::use_future);
    }
    EXPECT_EQ(other.get(), 8);
    handler->waiting.open();
    for (int i = 0; i < 20; ++i) EXPECT_EQ(calls[static_cast<std::size_t>(i)].get(), i);
}

TEST_F(client_of_an_office, may_be_destroyed_in_its_own_callback) {
    std::promise<int> got;
    auto proxy = std::make_unique<Office::proxy>(url);
    Office::proxy& calls = *proxy;
    calls.add(5, 3, [&got, owned = std::move(proxy)](std::exception_ptr, int sum) mutable {
        owned.reset();
        got.set_value(sum);
    });
    EXPECT_EQ(got.get_future().get(), 8);
}

TEST_F(client_of_an_office, may_be_destroyed_with_calls_under_way_on_the_users_loop) {
    int ended = 0;
    asio::io_context context;
    {
        Office::proxy proxy{context, url};
        for (int i = 0; i < 10; ++i) proxy.held(i, [&](std::exception_ptr failure, int) { ended += !failure; });
        proxy.add(5, 3, [&](std::exception_ptr, int sum) {
            EXPECT_EQ(sum, 8);
            EXPECT_EQ(ended, 0);
            handler->waiting.open();
        });
    }
    context.run_for(patience);
    EXPECT_EQ(ended, 10);
    EXPECT_TRUE(context.stopped()) << "nothing keeps the loop when the calls have ended";
}

TEST_F(client_of_an_office, leaves_the_users_loop_when_the_last_handle_goes) {
    asio::io_context context;
    {
        Office::proxy proxy{context, url};
        proxy.add(5, 3, [](std::exception_ptr, int sum) { EXPECT_EQ(sum, 8); });
    }
    const auto handlers = context.run_for(patience);
    EXPECT_GT(handlers, 0u);
    EXPECT_TRUE(context.stopped()) << "an idle connection would have kept it";
}

TEST_F(client_of_an_office, is_shared_by_proxies_and_calls_by_name) {
    farcall::client client{url};
    Office::proxy proxy{client};
    EXPECT_EQ(proxy.add(1, 2), 3);
    EXPECT_EQ(client.call<int>("Office.add", 2, 3), 5);
    EXPECT_EQ(client.call("Office.add", 2, 3).text(), "5");
    struct both {
        int b;
        int a;
    };
    EXPECT_EQ(client.call<int>("Office.add", farcall::named(both{4, 10})), 14);
    EXPECT_EQ(client.call<int>("Office.add", farcall::named(std::map<std::string, int>{{"a", 1}, {"b", 2}})), 3);
    EXPECT_EQ(client.async_call<int>(asio::use_future, "Office.add", 1, 1).get(), 2);
    client.notify("Office.greet", "x");
    client.call<void>("Office.nothing");
    client.call<void>("Office.add", 1, 2);
    EXPECT_EQ(handler->greeted, 1);
    EXPECT_EQ(farcall::with(client, farcall::metadata{{"tenant", "b"}}).call<std::string>("Office.tenant"), "b");
    EXPECT_EQ(connections, 1);
    const auto end = client.try_call("Office.add", farcall::named(7));
    EXPECT_EQ(end.error().status(), status::invalid_argument);
}

TEST_F(client_of_an_office, has_calls_to_many_servers_from_one_thread) {
    asio::io_context context;
    std::vector<Office::proxy> proxies;
    for (int i = 0; i < 20; ++i) proxies.emplace_back(context, url);
    int sum = 0;
    for (auto& proxy : proxies) proxy.add(1, 1, [&](std::exception_ptr, int value) { sum += value; });
    proxies.clear();
    context.run_for(patience);
    EXPECT_EQ(sum, 40);
}

TEST_F(client_of_an_office, runs_three_slow_calls_together) {
    Office::proxy proxy{url};
    auto a = proxy.work(1, asio::use_future), b = proxy.work(2, asio::use_future), c = proxy.work(3, asio::use_future);
    ASSERT_TRUE(handler->working.await(3));
    handler->working.open();
    EXPECT_EQ(a.get() + b.get() + c.get(), 6);
}

TEST_F(client_of_an_office, is_served_beside_hundreds_of_idle_connections) {
    server.reset();
    farcall::server_options options;
    options.limits.connections_per_peer = 2000;
    server.emplace(options);
    server->add<Office>(handler);
    server->listen(0);
    server->start();
    std::vector<integration::raw_socket> idle;
    for (int i = 0; i < 400; ++i) idle.push_back(integration::raw_socket::connect(server->port()));
    Office::proxy proxy{"tcp://127.0.0.1:" + std::to_string(server->port())};
    EXPECT_EQ(proxy.add(5, 3), 8);
}

}  // namespace
