#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <farcall/client.hpp>
#include <farcall/protocol/frame.hpp>
#include <farcall/retry/exponential_backoff.hpp>
#include <farcall/server.hpp>

/// Texts that are not copied on their way, in every place in which they may stand and by every kind of handler and call.
namespace {

RPC_SERVICE(Large,
    (same,   std::string(std::string text), farcall::readonly),
    (later,  std::string(std::string text)),
    (worker, std::string(std::string text), farcall::blocking),
    (kept,   std::string()),
    (middle, std::string(int before, std::string first, std::string second, std::vector<int> behind)),
    (parts,  std::vector<std::string>(std::vector<std::string> texts)),
    (size,   std::size_t(std::string text)))

class large_mirror {
public:
    std::string same(std::string text) const { return text; }
    boost::asio::awaitable<std::string> later(std::string text) const { co_return text; }
    std::string worker(std::string text) const { return text; }
    const std::string& kept() const { return kept_; }
    std::string middle(int, const std::string& first, const std::string& second, std::vector<int> behind) const {
        return first + '|' + second + '|' + std::to_string(behind.size());
    }
    std::vector<std::string> parts(std::vector<std::string> texts) const { return texts; }
    std::size_t size(const std::string& text) const { return text.size(); }

private:
    std::string kept_ = std::string(300'000, 'k');
};

std::string text_of(std::size_t size, std::string_view special = {}, std::size_t at = 0) {
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i * i % 26);
    if (!special.empty()) text.replace(at, special.size(), special);
    return text;
}

class large_values : public ::testing::Test {
protected:
    static constexpr std::size_t limit = 32u << 20;

    void SetUp() override {
        server_.add<Large>(large_mirror{});
        server_.listen("tcp://127.0.0.1:0");
        server_.start();
    }

    static farcall::server_options server_options() {
        farcall::server_options options;
        options.limits.frame = options.limits.write_buffer_hard = limit;
        return options;
    }
    static farcall::client_options client_options() {
        farcall::client_options options;
        options.limits.frame = options.limits.write_buffer_hard = limit;
        return options;
    }
    std::string url(const std::string& scheme = "tcp") const {
        return scheme + "://127.0.0.1:" + std::to_string(server_.port());
    }

    farcall::server server_{server_options()};
};

TEST_F(large_values, survive_in_every_size_and_with_every_byte_that_is_escaped) {
    const Large::proxy proxy{url(), client_options()};
    for (const std::size_t size : {0u, 1000u, 32'767u, 32'768u, 65'536u, 262'144u, 1u << 20, 9u << 20}) {
        EXPECT_TRUE(proxy.same(text_of(size)) == text_of(size)) << size;
        if (size == 0) continue;
        for (const std::size_t at : {std::size_t{0}, size / 2, size - 2}) {
            for (const std::string_view special : {"\"", "\\", "\n", "\xC3\xA4"}) {
                const std::string text = text_of(size, special, at);
                ASSERT_TRUE(proxy.same(text) == text) << size << ' ' << at;
            }
        }
    }
}

TEST_F(large_values, survive_every_kind_of_handler) {
    const Large::proxy proxy{url(), client_options()};
    const std::string text = text_of(3u << 20), other = text_of(100'000, "\t", 7);
    EXPECT_TRUE(proxy.later(text) == text);
    EXPECT_TRUE(proxy.worker(text) == text);
    EXPECT_TRUE(proxy.kept() == std::string(300'000, 'k'));
    EXPECT_TRUE(proxy.kept() == std::string(300'000, 'k'));
    EXPECT_TRUE(proxy.middle(1, text, other, {1, 2}) == text + '|' + other + "|2");
    EXPECT_TRUE(proxy.middle(1, other, text, {}) == other + '|' + text + "|0");
    EXPECT_TRUE(proxy.middle(1, "", text, {}) == '|' + text + "|0");
    const std::vector<std::string> texts{text, other, "", text};
    EXPECT_TRUE(proxy.parts(texts) == texts);
    EXPECT_EQ(proxy.size(text), text.size());
}

TEST_F(large_values, survive_beside_small_ones_and_each_other) {
    const Large::proxy proxy{url(), client_options()};
    std::vector<std::pair<std::string, std::future<std::string>>> calls;
    for (std::size_t i = 0; i < 12; ++i) {
        std::string text = text_of(i % 3 == 0 ? 2u << 20 : i % 3 == 1 ? 40'000 + i : 10 * i);
        auto end = proxy.later(text, boost::asio::use_future);
        calls.emplace_back(std::move(text), std::move(end));
        EXPECT_TRUE(proxy.same(calls.back().first) == calls.back().first);
    }
    for (auto& [text, end] : calls) EXPECT_TRUE(end.get() == text);
}

TEST_F(large_values, survive_every_way_to_call) {
    const std::string text = text_of(1u << 20);
    for (const char* scheme : {"http", "ws"}) {
        const Large::proxy proxy{url(scheme), client_options()};
        EXPECT_TRUE(proxy.same(text) == text) << scheme;
        EXPECT_TRUE(proxy.later(text) == text) << scheme;
    }
    const Large::proxy proxy{url(), client_options()};
    EXPECT_TRUE(proxy.same(text, farcall::as_result).value() == text);
    EXPECT_TRUE(proxy.same(text, boost::asio::use_future).get() == text);
    EXPECT_TRUE(farcall::with(proxy, farcall::metadata{{"tenant", "a7"}}).same(text) == text);
    proxy.size(text, farcall::notify);
    const Large::basic_proxy<farcall::exponential_backoff> stubborn{url(), {.max_attempts = 2}, client_options()};
    EXPECT_TRUE(stubborn.same(text) == text);
    farcall::call_report report;
    EXPECT_TRUE(farcall::with(proxy, farcall::report_to(report)).same(text) == text);
}

TEST_F(large_values, may_be_gone_before_they_are_sent) {
    using boost::asio::ip::tcp;
    boost::asio::io_context context;
    tcp::acceptor slow{context, {boost::asio::ip::address_v4::loopback(), 0}};
    const Large::proxy proxy{"tcp://127.0.0.1:" + std::to_string(slow.local_endpoint().port()), client_options()};
    const std::string wanted = text_of(24u << 20);
    {
        const std::string text = wanted;
        const auto end = farcall::with(proxy, farcall::timeout{std::chrono::milliseconds{200}}).same(text, farcall::as_result);
        ASSERT_FALSE(end);
        EXPECT_EQ(end.error().status(), farcall::status::deadline_exceeded);
        EXPECT_EQ(end.error().executed(), farcall::executed::unknown);
    }
    auto drives = proxy.size("short", boost::asio::use_future);
    tcp::socket peer = slow.accept();
    std::string header(4, '\0');
    boost::asio::read(peer, boost::asio::buffer(header));
    std::string message(farcall::detail::frame_length(header.data()), '\0');
    boost::asio::read(peer, boost::asio::buffer(message));
    EXPECT_TRUE(message.ends_with(",\"params\":[\"" + wanted + "\"]}"));
    peer.close();
    EXPECT_THROW(drives.get(), farcall::error);
}

TEST_F(large_values, are_refused_above_the_limit_as_any_others) {
    const Large::proxy proxy{url()};  // whose own limits are smaller
    const auto end = proxy.same(text_of(5u << 20), farcall::as_result);
    ASSERT_FALSE(end);
    EXPECT_NE(end.error().message().find("limits.frame"), std::string::npos) << end.error().message();
}

}  // namespace
