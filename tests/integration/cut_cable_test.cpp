#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <chrono>
#include <cstring>
#include <future>
#include <string>

#include <farcall.hpp>

#include "integration/child.hpp"
#include "integration/gate.hpp"

/// What happens when packets get lost and nobody is told: in a network namespace of the test's own, whose only
/// interface is taken down.
namespace {

using namespace std::chrono_literals;
using integration::child;
using integration::tell;

/// Switches the loopback interface of this process's namespace on or off.
bool set_loopback(bool up) {
    const int any = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (any < 0) return false;
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    bool done = ::ioctl(any, SIOCGIFFLAGS, &request) == 0;
    const unsigned running = IFF_UP | IFF_RUNNING;
    const unsigned flags = static_cast<unsigned short>(request.ifr_flags);
    request.ifr_flags = static_cast<short>(up ? flags | running : flags & ~running);
    done = done && ::ioctl(any, SIOCSIFFLAGS, &request) == 0;
    ::close(any);
    return done;
}

TEST(child_process, DISABLED_has_a_cable_of_its_own_that_is_cut) {
    if ((::unshare(CLONE_NEWNET) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) || !set_loopback(true))
        return tell("no namespace");
    farcall::server server;
    integration::gate never;
    server.add("hang", [&]() -> boost::asio::awaitable<void> { co_await never.wait(); });
    server.add("add", [](int a, int b) { return a + b; });
    server.listen(0);
    server.start();
    farcall::client client{server.endpoints().front().url(), {.keepalive = 200ms, .keepalive_timeout = 2s}};
    const auto patient = farcall::with(client, farcall::timeout{60s});
    auto hanging = patient.async_call<void>(farcall::as_result(boost::asio::use_future), "hang");
    tell(std::to_string(client.call<int>("add", 1, 2)));
    std::this_thread::sleep_for(1s);  // keepalive after keepalive is answered
    tell(hanging.wait_for(0s) == std::future_status::timeout ? "alive" : "lost too early");

    if (!set_loopback(false)) return tell("the cable cannot be cut");
    const auto cut = std::chrono::steady_clock::now();
    const auto end = hanging.get();
    const auto after = std::chrono::steady_clock::now() - cut;
    tell(std::string{to_string(end.error().status())} + ' ' + std::string{to_string(end.error().executed())});
    tell(after < 30s ? "long before the deadline" : "too late");

    set_loopback(true);
    tell(std::to_string(patient.call<int>("add", 3, 4)));  // over a new connection
    server.stop(0ms);
}

TEST(cut_cable, is_noticed_by_keepalive_and_a_new_connection_works) {
    child cut{"has_a_cable_of_its_own_that_is_cut"};
    const std::string first = cut.line();
    if (first == "no namespace") GTEST_SKIP() << "this system allows no network namespaces";
    EXPECT_EQ(first, "3");
    EXPECT_EQ(cut.line(), "alive");
    EXPECT_EQ(cut.line(), "unavailable unknown");
    EXPECT_EQ(cut.line(), "long before the deadline");
    EXPECT_EQ(cut.line(), "7");
    EXPECT_EQ(cut.wait(), 0);
}

}  // namespace
