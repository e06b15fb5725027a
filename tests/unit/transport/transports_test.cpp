#include <unistd.h>

#include <atomic>
#include <filesystem>

#include <farcall/transport/event_loop.hpp>
#include <farcall/transport/memory_transport.hpp>
#include <farcall/transport/tcp_transport.hpp>
#include <farcall/transport/time_source.hpp>
#include <farcall/transport/transport_for.hpp>
#include <farcall/transport/unix_transport.hpp>

#include "unit/transport/transport_suite.hpp"

namespace transport_testing {

struct tcp {
    static std::shared_ptr<farcall::transport> make() { return std::make_shared<farcall::tcp_transport>(); }
    static std::string url() { return "tcp://127.0.0.1:0"; }
    static std::string nobody() { return "tcp://127.0.0.1:1"; }
};

struct tcp_by_name {
    static std::shared_ptr<farcall::transport> make() { return std::make_shared<farcall::tcp_transport>(); }
    static std::string url() { return "tcp://localhost:0"; }
    static std::string nobody() { return "tcp://localhost:1"; }
};

struct unix_socket {
    static std::shared_ptr<farcall::transport> make() { return std::make_shared<farcall::unix_transport>(); }
    static std::string path(const std::string& name) {
        return "unix://" + (std::filesystem::temp_directory_path() / ("farcall_suite_" + std::to_string(::getpid()) + '_' + name)).string();
    }
    static std::string url() {
        static std::atomic<int> last{0};
        return path(std::to_string(++last));
    }
    static std::string nobody() { return path("nobody"); }
};

struct memory {
    static std::shared_ptr<farcall::transport> make() { return std::make_shared<farcall::memory_transport>(); }
    static std::string url() { return "memory://suite"; }
    static std::string nobody() { return "memory://nobody"; }
};

/// The same on an event loop of our own.
class our_loop {
public:
    our_loop() { loop_.enter(); }
    ~our_loop() { loop_.leave(); }

    boost::asio::any_io_executor get_executor() { return loop_.get_executor(); }
    void run_one() {
        const auto wake_up = farcall::system_time()->make_timer(loop_.get_executor());
        wake_up->set(std::chrono::steady_clock::now() + 100ms, [] {});
        loop_.turn();
    }
    void settle() { loop_.run_out(10ms); }

private:
    farcall::detail::event_loop loop_;
};

template <class Transport>
struct on_our_loop : Transport {
    using loop = our_loop;
};

INSTANTIATE_TYPED_TEST_SUITE_P(tcp, transport_suite, tcp);
INSTANTIATE_TYPED_TEST_SUITE_P(tcp_on_our_loop, transport_suite, on_our_loop<tcp>);
INSTANTIATE_TYPED_TEST_SUITE_P(tcp_by_name_on_our_loop, transport_suite, on_our_loop<tcp_by_name>);
INSTANTIATE_TYPED_TEST_SUITE_P(unix_on_our_loop, transport_suite, on_our_loop<unix_socket>);
INSTANTIATE_TYPED_TEST_SUITE_P(memory_on_our_loop, transport_suite, on_our_loop<memory>);
INSTANTIATE_TYPED_TEST_SUITE_P(tcp_by_name, transport_suite, tcp_by_name);
INSTANTIATE_TYPED_TEST_SUITE_P(unix, transport_suite, unix_socket);
INSTANTIATE_TYPED_TEST_SUITE_P(memory, transport_suite, memory);

TEST(transport_for, knows_the_schemes) {
    for (const char* url : {"tcp://127.0.0.1:1", "unix:///x", "memory://x"})
        EXPECT_TRUE(farcall::transport_for(farcall::parse_endpoint(url).value())) << url;
    const auto none = farcall::transport_for(farcall::parse_endpoint("pigeon://x").value());
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().status(), farcall::status::invalid_argument);
    EXPECT_NE(none.error().message().find("pigeon"), std::string::npos);
}

}  // namespace transport_testing
