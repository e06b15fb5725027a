#include "scripted_server.hpp"
#include "witness.hpp"

#include <stdexcept>

#include <farcall/interceptor/logging.hpp>
#include <farcall/observe/log_events.hpp>

/// A secret that travels with calls is in no line of any log: on both sides, at every level, in both formats, over every
/// protocol, whatever the call ends with.
namespace {

using namespace sim_test;
using farcall::log_format;
using farcall::log_level;

constexpr std::string_view canary = "canary-7f3a9c";

RPC_SERVICE(Vault,
    (open, int(std::string password)),
    (fail, int(std::string password)),
    (crash, int(std::string password)),
    (slow, int(std::string password)),
    (pay, int(std::string password), farcall::exactly_once))

struct vault {
    simulation& sim;
    int open(std::string) { return 1; }
    int fail(std::string) { throw farcall::error{status::permission_denied, "wrong password"}; }
    int crash(std::string) { throw std::runtime_error{"the disk is full"}; }
    awaitable<int> slow(std::string) {
        co_await sim.delay(1h);
        co_return 1;
    }
    int pay(std::string) { return 1; }
};

struct canary_world : world {
    explicit canary_world(log_format format) {
        const auto clock_of = server_options();
        log = farcall::logger{{.level = log_level::debug,
                               .format = format,
                               .sink = [this](log_level, std::string_view line) { lines.emplace_back(line); },
                               .lines_per_second = 0,
                               .time = clock_of.time}};
        auto options = server_options();
        options.observers = {farcall::log_events{*log}};
        options.interceptors = {farcall::logging{*log, {.headers = true}}};
        options.limits.frame = 20'000;
        server.emplace(std::move(options));
        server->add<Vault>(vault{*this});
        server->listen("sim://server");
        server->start();
    }

    farcall::client client(std::string_view url) {
        auto options = client_options();
        options.observers = {farcall::log_events{*log}};
        options.interceptors = {farcall::logging{*log, {.headers = true}}};
        options.attempt_interceptors = {farcall::logging{*log, {.headers = true}}};
        return farcall::client{executor(), url, options};
    }

    /// Makes a call of each kind, each with the secret in its headers and its arguments.
    void call_everything(std::string_view url) {
        const std::string secret{canary};
        farcall::call_options with;
        with.headers = {{"authorization", "Bearer " + secret}, {"x-api-key", secret}, {"x-auth-token", secret},
                        {"tenant", "a7"}};
        with.timeout = 500ms;
        const farcall::client each{client(url), with};
        for (const char* method : {"Vault.open", "Vault.fail", "Vault.crash", "Vault.slow", "Vault.nothing"})
            (void)run(each.async_call<int>(as_result(use_awaitable), method, secret));
        (void)run(each.async_call<int>(as_result(use_awaitable), "Vault.open", secret, secret));  // too many
        (void)run(each.async_call<int>(as_result(use_awaitable), "Vault.open", 7));
        (void)run(each.async_call<std::string>(as_result(use_awaitable), "Vault.open", secret));  // does not fit
        (void)run(each.async_call<int>(as_result(use_awaitable), "Vault.open", secret + std::string(30'000, 'x')));
        each.notify("Vault.fail", secret);
        run_for(1s);
        const Vault::proxy proxy{farcall::client{client(url), with}};
        (void)run(proxy.pay(secret, as_result(use_awaitable)));
        run_for(1s);
    }

    /// Bytes of a peer that knows no manners.
    void say(std::string_view bytes) {
        auto peer = raw_stream::connect(*this);
        peer->write(bytes);
        while (peer->read(10ms)) {
        }
        peer->close();
        run_for(10ms);
    }

    std::vector<std::string> lines;
    std::optional<farcall::logger> log;
    std::optional<farcall::server> server;
};

void expect_no_canary(const canary_world& sim, std::size_t least_lines) {
    EXPECT_GT(sim.lines.size(), least_lines) << "otherwise nothing was tested";
    for (const std::string& line : sim.lines) {
        EXPECT_EQ(line.find(canary), std::string::npos) << line;
        EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    }
}

TEST(canary, is_in_no_line_over_any_protocol_in_any_format) {
    for (const log_format format : {log_format::text, log_format::json})
        for (const char* url : {"sim://server", "ws://server", "http://server"}) {
            SCOPED_TRACE(url);
            canary_world sim{format};
            sim.call_everything(url);
            expect_no_canary(sim, 40);
            std::string all;
            for (const std::string& line : sim.lines) all += line + '\n';
            EXPECT_NE(all.find("(secret)"), std::string::npos) << "headers were printed";
            EXPECT_NE(all.find("tenant: a7"), std::string::npos) << "those that are no secret";
            EXPECT_NE(all.find("the disk is full"), std::string::npos) << "the exception's text is for the operator";
        }
}

TEST(canary, is_in_no_line_of_foreign_and_broken_messages) {
    for (const log_format format : {log_format::text, log_format::json}) {
        canary_world sim{format};
        const std::string secret{canary};
        const std::string call = R"({"jsonrpc":"2.0","id":1,"method":"Vault.fail","params":[")" + secret + R"("],"meta":{"headers":{)" +
                                 R"("authorization":")" + secret + R"(","cookie":"s=)" + secret + R"("}}})";
        sim.say(call + "\n");
        sim.say("[" + call + ",7," + call + "]\n");
        sim.say("Content-Length: " + std::to_string(call.size()) + "\r\n\r\n" + call);
        sim.say(frame(call.substr(0, call.size() - 4)));
        sim.say(frame(R"({"jsonrpc":"2.0","id":1,"method":"Vault.open","params":{"password":7,"token":")" + secret + "\"}}"));
        sim.say(frame(R"({"jsonrpc":"2.0","id":1,"method":"Vault.open","meta":{"timeout_ms":")" + secret + R"("},"params":["x"]})"));
        sim.say("POST / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + secret + "\r\nCookie: s=" + secret +
                "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(call.size()) + "\r\n\r\n" + call);
        sim.say("POST /Vault.open HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: " + secret + "\r\nContent-Length: 3\r\n\r\n[7]");
        sim.say("GET /openrpc.json HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic " + secret + "\r\n\r\n");
        sim.say("GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization Bearer " + secret + "\r\n\r\n");
        expect_no_canary(sim, 20);
    }
}

TEST(canary, would_be_seen_if_arguments_were_printed) {
    canary_world sim{log_format::text};
    auto options = sim.client_options();
    options.observers = {farcall::log_events{*sim.log, {.params = 100}}};
    const farcall::client client{sim.executor(), "sim://server", options};
    (void)sim.run(client.async_call<int>(as_result(use_awaitable), "Vault.open", std::string{canary}));
    bool seen = false;
    for (const std::string& line : sim.lines) seen = seen || line.find(canary) != std::string::npos;
    EXPECT_TRUE(seen);
}

}  // namespace
