#include <farcall/observe/otlp_http_exporter.hpp>

#include <atomic>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <dlfcn.h>
#include <netdb.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <farcall/error.hpp>

namespace {

std::mutex lookups_mutex;
std::condition_variable lookups_changed;
int lookups = 0;
bool lookups_stuck = false;

/// As long as it is there, names that end in ".test" are looked up until it releases them.
struct stuck_lookups {
    stuck_lookups() {
        const std::lock_guard lock{lookups_mutex};
        lookups = 0;
        lookups_stuck = true;
    }
    ~stuck_lookups() { release(); }

    void wait_for_one() {
        std::unique_lock lock{lookups_mutex};
        lookups_changed.wait(lock, [] { return lookups != 0; });
    }
    int count() {
        const std::lock_guard lock{lookups_mutex};
        return lookups;
    }
    void release() {
        const std::lock_guard lock{lookups_mutex};
        lookups_stuck = false;
        lookups_changed.notify_all();
    }
};

}  // namespace

/// In place of the system's.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
    if (node != nullptr && std::string_view{node}.ends_with(".test")) {
        std::unique_lock lock{lookups_mutex};
        ++lookups;
        lookups_changed.notify_all();
        lookups_changed.wait(lock, [] { return !lookups_stuck; });
        return EAI_NONAME;
    }
    using function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    return reinterpret_cast<function>(::dlsym(RTLD_NEXT, "getaddrinfo"))(node, service, hints, found);
}

namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using farcall::otlp_http_exporter;
using farcall::otlp_http_options;
using farcall::span;
using counts = otlp_http_exporter::counts;

/// A collector that answers as it is told, one connection after another; an empty answer is none at all.
class collector {
public:
    explicit collector(std::vector<std::string> answers) : answers_(std::move(answers)), thread_([this] { serve(); }) {}
    ~collector() {
        thread_.join();
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }
    std::vector<std::string> requests() {
        const std::lock_guard lock{mutex_};
        return requests_;
    }

private:
    void serve() {
        for (const std::string& answer : answers_) {
            tcp::socket socket = acceptor_.accept();
            std::string request;
            const std::size_t head = boost::asio::read_until(socket, boost::asio::dynamic_buffer(request), "\r\n\r\n");
            const std::size_t length = std::stoul(request.substr(request.find("Content-Length: ") + 16));
            boost::system::error_code failure;
            if (request.size() < head + length)
                boost::asio::read(socket, boost::asio::dynamic_buffer(request),
                                  boost::asio::transfer_exactly(head + length - request.size()), failure);
            {
                const std::lock_guard lock{mutex_};
                requests_.push_back(request);
            }
            if (answer == "never") {  // until the exporter gives up
                char byte;
                boost::asio::read(socket, boost::asio::buffer(&byte, 1), failure);
            } else {
                boost::asio::write(socket, boost::asio::buffer(answer), failure);
            }
        }
    }

    std::vector<std::string> answers_;
    boost::asio::io_context context_;
    tcp::acceptor acceptor_{context_, tcp::endpoint{boost::asio::ip::make_address("127.0.0.1"), 0}};
    std::mutex mutex_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

const std::string taken = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

otlp_http_options options_for(const collector& where) {
    otlp_http_options options;
    options.service = "shop";
    options.url = where.url();
    options.pause = 1ms;
    options.delay = 1h;  // only a full batch, a flush and the end send
    options.last_wait = 30s;
    return options;
}

span named(std::string name) {
    span one;
    one.context = {.trace_high = 1, .trace_low = 2, .span = 3, .sampled = true};
    one.name = std::move(name);
    return one;
}

std::size_t spans_in(const std::string& request) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = request.find("\"spanId\"", at)) != std::string::npos; ++at) ++count;
    return count;
}

TEST(otlp_http_exporter, sends_a_batch_as_one_request) {
    collector where{{taken}};
    {
        otlp_http_options options = options_for(where);
        options.batch = 3;
        options.headers = {{"authorization", "Bearer x"}};
        otlp_http_exporter exporter{options};
        for (const char* name : {"a", "b", "c"}) exporter.ended(named(name));
    }
    const auto requests = where.requests();
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_TRUE(requests[0].starts_with("POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1:")) << requests[0];
    EXPECT_NE(requests[0].find("\r\nContent-Type: application/json\r\n"), std::string::npos);
    EXPECT_NE(requests[0].find("\r\nauthorization: Bearer x\r\n"), std::string::npos);
    EXPECT_NE(requests[0].find(R"("key":"service.name","value":{"stringValue":"shop"})"), std::string::npos);
    EXPECT_EQ(spans_in(requests[0]), 3u);
}

TEST(otlp_http_exporter, sends_what_is_left_at_the_end) {
    collector where{{taken, taken}};
    {
        otlp_http_options options = options_for(where);
        options.batch = 2;
        otlp_http_exporter exporter{options};
        for (const char* name : {"a", "b", "c"}) exporter.ended(named(name));
    }
    const auto requests = where.requests();
    ASSERT_EQ(requests.size(), 2u);
    EXPECT_EQ(spans_in(requests[0]) + spans_in(requests[1]), 3u);
}

TEST(otlp_http_exporter, tries_again_at_the_end_too) {
    collector where{{"HTTP/1.1 503 x\r\nRetry-After: 0\r\n\r\n", taken}};
    {
        otlp_http_exporter exporter{options_for(where)};
        exporter.ended(named("a"));
    }
    EXPECT_EQ(where.requests().size(), 2u);
}

TEST(otlp_http_exporter, ends_in_time_though_its_name_is_looked_up_for_ever) {
    stuck_lookups stuck;
    otlp_http_options options;
    options.url = "http://stuck.test:4318";
    options.last_wait = 1ms;
    auto exporter = std::make_unique<otlp_http_exporter>(options);
    exporter->ended(named("a"));
    exporter->flush();
    stuck.wait_for_one();
    std::future<void> ending = std::async(std::launch::async, [&] { exporter.reset(); });
    EXPECT_EQ(ending.wait_for(20s), std::future_status::ready);
    stuck.release();
}

TEST(otlp_http_exporter, gives_up_a_request_whose_name_is_looked_up_for_ever) {
    stuck_lookups stuck;
    boost::asio::io_context context;
    otlp_http_options options;
    options.url = "http://stuck.test:4318";
    options.executor = context.get_executor();
    options.timeout = 1ms;
    options.pause = 1ms;
    options.attempts = 3;
    std::string reason;
    options.lost = [&](std::string_view why, std::size_t) { reason = why; };
    otlp_http_exporter exporter{options};
    exporter.ended(named("a"));
    exporter.flush();
    context.run();
    EXPECT_NE(reason.find("no answer within 1 ms"), std::string::npos) << reason;
    EXPECT_LE(stuck.count(), 1) << "one look-up at a time";
    stuck.release();
}

TEST(otlp_http_exporter, looks_names_up) {
    collector where{{taken}};
    {
        otlp_http_options options = options_for(where);
        options.url.replace(options.url.find("127.0.0.1"), 9, "localhost");
        otlp_http_exporter exporter{options};
        exporter.ended(named("a"));
    }
    EXPECT_EQ(where.requests().size(), 1u);
}

/// Runs the exporter on an executor, so that a test sees when it is done.
struct on_executor : testing::Test {
    boost::asio::io_context context;
    std::vector<std::string> reasons;

    otlp_http_options options_at(const collector& where) {
        otlp_http_options options = options_for(where);
        options.executor = context.get_executor();
        options.lost = [this](std::string_view why, std::size_t) { reasons.emplace_back(why); };
        return options;
    }
    counts after_one_span(otlp_http_options options) {
        otlp_http_exporter exporter{std::move(options)};
        exporter.ended(named("a"));
        exporter.flush();
        context.run();
        return exporter.counted();
    }
};

TEST_F(on_executor, tries_again_what_may_pass) {
    collector where{{"HTTP/1.1 503 x\r\nRetry-After: 0\r\n\r\n", "", "HTTP/1.1 429 x\r\nContent-Length: 0\r\n\r\n", taken}};
    EXPECT_EQ(after_one_span(options_at(where)), (counts{.sent = 1}));
    EXPECT_EQ(where.requests().size(), 4u);
    EXPECT_TRUE(reasons.empty());
}

TEST_F(on_executor, gives_up_what_does_not_pass) {
    collector where{{"HTTP/1.1 400 x\r\nContent-Length: 0\r\n\r\n"}};
    EXPECT_EQ(after_one_span(options_at(where)), (counts{.lost = 1}));
    EXPECT_EQ(reasons, std::vector<std::string>{"the collector answers HTTP 400"});
}

TEST_F(on_executor, makes_no_more_attempts_than_it_is_told) {
    collector where{{"HTTP/1.1 503 x\r\n\r\n", "HTTP/1.1 503 x\r\n\r\n"}};
    otlp_http_options options = options_at(where);
    options.attempts = 2;
    EXPECT_EQ(after_one_span(options), (counts{.lost = 1}));
    EXPECT_EQ(where.requests().size(), 2u);
}

TEST_F(on_executor, counts_what_the_collector_does_not_want) {
    collector where{{"HTTP/1.1 200 OK\r\n\r\n{\"partialSuccess\":{\"rejectedSpans\":\"1\"}}"}};
    EXPECT_EQ(after_one_span(options_at(where)), (counts{.rejected = 1}));
}

TEST_F(on_executor, waits_for_no_answer_longer_than_it_is_told) {
    collector where{{"never"}};
    otlp_http_options options = options_at(where);
    options.timeout = 20ms;
    options.attempts = 1;
    EXPECT_EQ(after_one_span(options), (counts{.lost = 1}));
    ASSERT_EQ(reasons.size(), 1u);
    EXPECT_NE(reasons[0].find("no answer within 20 ms"), std::string::npos) << reasons[0];
}

TEST_F(on_executor, says_that_nobody_listens) {
    tcp::acceptor taken_port{context, tcp::endpoint{boost::asio::ip::make_address("127.0.0.1"), 0}};
    otlp_http_options options;
    options.url = "http://127.0.0.1:" + std::to_string(taken_port.local_endpoint().port());
    taken_port.close();
    options.executor = context.get_executor();
    options.attempts = 2;
    options.pause = 1ms;
    options.lost = [this](std::string_view why, std::size_t) { reasons.emplace_back(why); };
    EXPECT_EQ(after_one_span(options), (counts{.lost = 1}));
    ASSERT_EQ(reasons.size(), 1u);
    EXPECT_NE(reasons[0].find("refused"), std::string::npos) << reasons[0];
}

TEST_F(on_executor, drops_and_counts_what_is_too_much) {
    collector where{{taken}};
    otlp_http_options options = options_at(where);
    options.queue = 5;
    otlp_http_exporter exporter{options};
    for (int i = 0; i != 8; ++i) exporter.ended(named("a"));
    EXPECT_EQ(exporter.counted(), (counts{.dropped = 3})) << "nothing waits for the collector";
    exporter.flush();
    context.run();
    EXPECT_EQ(exporter.counted(), (counts{.sent = 5, .dropped = 3}));
}

TEST_F(on_executor, leaves_an_event_loop_that_has_nothing_to_do) {
    collector where{{taken, taken}};
    otlp_http_exporter exporter{options_at(where)};
    EXPECT_EQ(context.run(), 0u);
    for (std::uint64_t i = 1; i != 3; ++i) {
        context.restart();
        exporter.ended(named("a"));
        exporter.flush();
        context.run();  // returns
        EXPECT_EQ(exporter.counted().sent, i);
    }
}

TEST_F(on_executor, drops_what_is_left_at_the_end) {
    tcp::acceptor silent{context, tcp::endpoint{boost::asio::ip::make_address("127.0.0.1"), 0}};
    {
        otlp_http_options options;
        options.url = "http://127.0.0.1:" + std::to_string(silent.local_endpoint().port());
        options.executor = context.get_executor();
        otlp_http_exporter exporter{options};
        exporter.ended(named("a"));
    }
    context.run();  // returns: nothing waits any more
}

TEST_F(on_executor, tells_nobody_of_losses_after_its_end) {
    tcp::acceptor taken_port{context, tcp::endpoint{boost::asio::ip::make_address("127.0.0.1"), 0}};
    otlp_http_options options;
    options.url = "http://127.0.0.1:" + std::to_string(taken_port.local_endpoint().port());
    taken_port.close();
    options.executor = context.get_executor();
    options.attempts = 1;
    bool gone = false, told_after = false;
    options.lost = [&](std::string_view why, std::size_t) {
        reasons.emplace_back(why);
        told_after |= gone;
    };
    // It ends after each number of steps, until there are so many that it has told.
    for (int steps = 0; reasons.empty() && steps != 100; ++steps) {
        gone = false;
        context.restart();
        {
            otlp_http_exporter exporter{options};
            exporter.ended(named("a"));
            exporter.flush();
            for (int i = 0; i != steps; ++i) context.run_one();
        }
        gone = true;
        context.run();
        EXPECT_FALSE(told_after) << "ended after " << steps << " steps";
    }
    EXPECT_EQ(reasons.size(), 1u);
}

TEST_F(on_executor, waits_at_its_end_for_whoever_is_being_told_of_a_loss) {
    collector where{{"HTTP/1.1 400 x\r\nContent-Length: 0\r\n\r\n"}};
    std::promise<void> entered, go_on;
    std::atomic<bool> gone = false, told_after = false;
    otlp_http_options options = options_at(where);
    options.lost = [&](std::string_view, std::size_t) {
        entered.set_value();
        go_on.get_future().wait();
        told_after = gone.load();
    };
    auto exporter = std::make_unique<otlp_http_exporter>(options);
    exporter->ended(named("a"));
    exporter->flush();
    std::thread running{[&] { context.run(); }};
    entered.get_future().wait();
    std::future<void> ending = std::async(std::launch::async, [&] {
        exporter.reset();
        gone = true;
    });
    EXPECT_EQ(ending.wait_for(20ms), std::future_status::timeout);
    go_on.set_value();
    ending.get();
    running.join();
    EXPECT_FALSE(told_after);
}

TEST_F(on_executor, may_end_while_it_tells_of_a_loss) {
    collector where{{"HTTP/1.1 400 x\r\nContent-Length: 0\r\n\r\n"}};
    otlp_http_options options = options_at(where);
    std::unique_ptr<otlp_http_exporter> exporter;
    options.lost = [&](std::string_view, std::size_t) { exporter.reset(); };
    exporter = std::make_unique<otlp_http_exporter>(options);
    exporter->ended(named("a"));
    exporter->flush();
    context.run();
    EXPECT_EQ(exporter, nullptr);
}

TEST(otlp_http_exporter, refuses_urls_that_are_none_of_a_collector) {
    for (const char* url : {"tcp://127.0.0.1:4318", "https://h:4318", "h", ""}) {
        otlp_http_options options;
        options.url = url;
        EXPECT_THROW(otlp_http_exporter{options}, farcall::error) << url;
    }
}

TEST(otlp_http_exporter, takes_spans_of_many_threads) {
    collector where{{taken, taken, taken, taken}};
    {
        otlp_http_options options = options_for(where);
        options.batch = 100;
        otlp_http_exporter exporter{options};
        std::vector<std::thread> threads;
        for (int i = 0; i != 4; ++i)
            threads.emplace_back([&] {
                for (int j = 0; j != 100; ++j) exporter.ended(named("a"));
            });
        for (std::thread& each : threads) each.join();
    }
    std::size_t all = 0;
    for (const std::string& request : where.requests()) all += spans_in(request);
    EXPECT_EQ(all, 400u);
}

}  // namespace
