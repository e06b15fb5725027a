#pragma once

#include "support.hpp"

#include <farcall/interceptor/coroutine.hpp>

/// A server with interceptors, whose calls can be made in every way.
namespace sim_test {

using farcall::call_outcome;
using farcall::intercepted_call;
using farcall::interceptor;
using farcall::next_call;

using lines = std::vector<std::string>;

RPC_SERVICE(Guarded,
    (add, int(int a, int b), farcall::alias<"Guarded.plus">),
    (wait, int(int ms)),
    (work, int(int ms), farcall::blocking),
    (pay, int(int amount), farcall::exactly_once),
    (slow_pay, int(int amount, int ms), farcall::exactly_once),
    (fail, int(std::string why)),
    (who, std::string()),
    (left, int()),
    (nested, farcall::json(int levels)))

/// Writes down what runs.
struct guarded {
    simulation& sim;
    lines& log;
    int runs = 0;
    bool takes_its_time = false;  ///< a `blocking` method, in virtual time

    int add(farcall::context& call, int a, int b) {
        begin("add");
        if (call.headers().contains("say")) call.trailers().set("said", *call.headers().get("say"));
        return a + b;
    }
    awaitable<int> wait(int ms) {
        begin("wait");
        try {
            co_await sim.delay(std::chrono::milliseconds{ms});
        } catch (...) {
            log.push_back("wait cancelled");
            throw;
        }
        co_return ms;
    }
    int work(int ms) {
        begin("work");
        if (takes_its_time) sim.clock()->jump(std::chrono::milliseconds{ms});
        return ms;
    }
    int pay(int) { return begin("pay"), runs; }
    awaitable<int> slow_pay(int amount, int ms) {
        begin("slow_pay");
        co_await sim.delay(std::chrono::milliseconds{ms});
        co_return amount;
    }
    int fail(const std::string& why) {
        begin("fail");
        throw farcall::error{status::not_found, why};
    }
    std::string who(farcall::context& call) { return call.principal(); }
    farcall::json nested(int levels) {
        std::string text;
        for (int i = 0; i < levels; ++i) text = '[' + text + ']';
        return farcall::json::parse(text).value();
    }
    int left(farcall::context& call) {
        return call.deadline() == farcall::never ? -1 : static_cast<int>((call.deadline() - sim.now()) / 1ms);
    }

private:
    void begin(const char* name) {
        ++runs;
        log.push_back(name);
    }
};

/// An interceptor that writes down what it sees.
struct noting {
    std::string name;
    lines& log;

    void before(intercepted_call& call) { log.push_back(name + " > " + call.method); }
    void after(intercepted_call&, call_outcome& end) { log.push_back(name + " < " + text(end)); }

    static std::string text(const call_outcome& end) {
        return end.failure ? std::string{to_string(end.status())} : end.result;
    }
};

/// The same as a coroutine, which may take its time.
struct noting_around {
    std::string name;
    lines& log;
    simulation* sim = nullptr;
    std::chrono::nanoseconds first{};   ///< before the call
    std::chrono::nanoseconds then{};    ///< behind it

    awaitable<call_outcome> around(intercepted_call& call, next_call& next) {
        log.push_back(name + " > " + call.method);
        if (first != 0ns) co_await sim->delay(first);
        call_outcome end = co_await next();
        if (then != 0ns) co_await sim->delay(then);
        log.push_back(name + " < " + noting::text(end));
        co_return end;
    }
};

inline std::string result(int id, std::string_view json) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":)" + std::string{json} + "}";
}

/// The session that an answer to `rpc.hello` opens.
inline std::string session_of(const std::string& hello) {
    const std::size_t at = hello.find(R"("session":")");
    return at == std::string::npos ? hello : hello.substr(at + 11, 32);
}

/// A server of `Guarded` with a chain, and a connection to it.
struct guarded_world : world {
    /// @param chain  makes the interceptors: they may look at the world
    explicit guarded_world(const std::function<std::vector<interceptor>(guarded_world&)>& chain,
                           farcall::limits limits = {}) {
        auto options = server_options();
        options.interceptors = chain(*this);
        options.limits = limits;
        server.emplace(std::move(options));
        server->add<Guarded>(std::ref(handler));
        server->on_disconnect([this](farcall::peer&) { ++disconnected; });
        server->listen("sim://server");
        server->start();
        peer = raw_stream::connect(*this);
    }

    void send(std::string_view text) { peer->write(frame(text)); }
    static std::string request(int id, std::string_view method, std::string_view params, std::string_view meta = {}) {
        return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + std::string{method} + '"' +
               (meta.empty() ? "" : R"(,"meta":)" + std::string{meta}) + R"(,"params":)" + std::string{params} + "}";
    }
    void call(int id, std::string_view method, std::string_view params, std::string_view meta = {}) {
        send(request(id, "Guarded." + std::string{method}, params, meta));
    }
    /// Everything that comes within a time, without the lengths of frames.
    std::string received(std::chrono::nanoseconds within = 10ms) {
        std::string text = raw(within), told;
        for (std::size_t at = 0; at + 4 <= text.size();) {
            const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
            const std::size_t size = std::size_t{byte(0)} << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
            if (!told.empty()) told += '\n';
            told += text.substr(at + 4, size);
            at += 4 + size;
        }
        return told;
    }
    /// The same as it came.
    std::string raw(std::chrono::nanoseconds within = 10ms) {
        std::string text;
        const auto until = now() + within;
        while (const auto part = peer->read(until - now())) text += *part;
        return text;
    }
    /// A new connection, that says `bytes` and gets what comes.
    std::string ask(std::string_view bytes, std::chrono::nanoseconds within = 10ms) {
        peer = raw_stream::connect(*this);
        peer->write(bytes);
        return raw(within);
    }
    farcall::method_metrics counted(std::string_view method) const {
        for (const auto& each : server->metrics().methods)
            if (each.method == method) return each;
        return {};
    }
    lines taken() { return std::exchange(log, {}); }

    int disconnected = 0;
    lines log;
    guarded handler{*this, log};
    std::optional<farcall::server> server;
    std::optional<raw_stream> peer;
};

}  // namespace sim_test
