#include "support.hpp"

#include <map>

#include <farcall/store/memory_store.hpp>

namespace sim_test {
namespace {

RPC_SERVICE(Bank,
    (pay, int(int amount), farcall::exactly_once),
    (slow_pay, int(int amount, int ms), farcall::exactly_once),
    (work, int(int amount), farcall::exactly_once, farcall::blocking),
    (refuse, int(int amount), farcall::exactly_once),
    (reject, int(int amount), farcall::exactly_once),
    (give, int(int amount)))

struct bank {
    simulation& sim;
    std::vector<int> paid;
    int stopped = 0;

    explicit bank(simulation& where) : sim(where) {}

    int pay(int amount) {
        paid.push_back(amount);
        return static_cast<int>(paid.size());
    }
    awaitable<int> slow_pay(int amount, int ms) {
        paid.push_back(amount);
        const int number = static_cast<int>(paid.size());
        try {
            co_await sim.delay(std::chrono::milliseconds{ms});
        } catch (...) {
            ++stopped;
            throw;
        }
        co_return number;
    }
    int work(int amount) { return pay(amount); }
    int refuse(int amount) {
        paid.push_back(amount);
        throw std::invalid_argument("never " + std::to_string(paid.size()));
    }
    int reject(int amount) {
        paid.push_back(amount);
        throw farcall::error{status::failed_precondition, "not now"}.with_executed(executed::no);
    }
    int give(int amount) { return pay(amount); }
};

/// A client of raw frames, which says what it likes.
class teller {
public:
    teller(simulation& sim, std::string_view url = "sim://server") : stream_(raw_stream::connect(sim, url)) {}

    void send(std::string_view json) { stream_->write(frame(json)); }

    /// The next message; empty if none comes within `limit`.
    std::string receive(std::chrono::nanoseconds limit = 1min) {
        for (;;) {
            if (bytes_.size() >= 4) {
                std::size_t size = 0;
                for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(bytes_[static_cast<std::size_t>(i)]);
                if (bytes_.size() >= 4 + size) {
                    std::string message = bytes_.substr(4, size);
                    bytes_.erase(0, 4 + size);
                    return message;
                }
            }
            const auto more = stream_->read(limit);
            if (!more) return {};
            bytes_ += *more;
        }
    }

    std::string ask(std::string_view json) {
        send(json);
        return receive();
    }

    /// Opens a session and returns its name.
    std::string open() {
        const std::string reply = ask(R"({"jsonrpc":"2.0","id":"h","method":"rpc.hello","params":{"session":"new"}})");
        const std::size_t at = reply.find(R"("session":")");
        return at == std::string::npos ? reply : reply.substr(at + 11, 32);
    }

    void close() { stream_->close(); }

private:
    std::optional<raw_stream> stream_;
    std::string bytes_;
};

std::string request(int id, std::string_view method, std::string_view params, std::string_view meta) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"Bank.)" + std::string{method} + R"(","meta":{)" +
           std::string{meta} + R"(},"params":)" + std::string{params} + "}";
}

std::string numbered(std::string_view session, std::uint64_t seq, std::uint64_t ack = 1) {
    return R"("session":")" + std::string{session} + R"(","seq":)" + std::to_string(seq) + R"(,"ack":)" + std::to_string(ack);
}

std::string keyed(std::string_view key, int attempt = 1) {
    return R"("attempt":)" + std::to_string(attempt) + R"(,"idempotency_key":")" + std::string{key} + '"';
}

std::string reply_of(int id, std::string_view tail) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + "," + std::string{tail} + "}";
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// A bank on the simulated network.
struct banking : ::testing::Test {
    world sim;
    bank book{sim};
    farcall::server_options options = sim.server_options();
    std::unique_ptr<farcall::server> server;

    void serve(std::string_view url = "sim://server") {
        server = std::make_unique<farcall::server>(options);
        server->add<Bank>(std::ref(book));
        server->listen(url);
        server->start();
    }

    std::size_t runs() const { return book.paid.size(); }
};

}  // namespace

using exactly_once_server = banking;

TEST_F(exactly_once_server, says_hello_and_opens_a_session_when_asked) {
    serve();
    teller client{sim};
    const std::string plain = client.ask(R"({"jsonrpc":"2.0","id":1,"method":"rpc.hello","params":{"features":[]}})");
    EXPECT_EQ(plain, R"({"jsonrpc":"2.0","id":1,"result":{"farcall":1,"features":["cancel","goaway","ping","session"]}})");
    const std::string opened = client.ask(R"({"jsonrpc":"2.0","id":2,"method":"rpc.hello","params":{"session":"new"}})");
    EXPECT_TRUE(holds(opened, R"("session":")")) << opened;
    EXPECT_TRUE(holds(opened, R"("window":512,"lease_ms":600000}})")) << opened;
    EXPECT_NE(client.open(), client.open());
    client.send(R"({"jsonrpc":"2.0","method":"rpc.hello","params":{"session":"new"}})");
    EXPECT_EQ(client.receive(1s), "");
    EXPECT_TRUE(holds(client.ask(R"([{"jsonrpc":"2.0","id":3,"method":"rpc.hello"}])"), R"([{"jsonrpc":"2.0","id":3,"result":)"));
    EXPECT_TRUE(holds(client.ask(R"({"jsonrpc":"2.0","id":4,"method":"rpc.hello","params":[1,]})"), "-32700"));
}

TEST_F(exactly_once_server, answers_a_duplicate_with_the_first_reply_byte_for_byte_under_its_own_id) {
    serve();
    teller client{sim}, other{sim};
    const std::string session = client.open();
    EXPECT_EQ(client.ask(request(7, "pay", "[5]", numbered(session, 1))), reply_of(7, R"("result":1)"));
    EXPECT_EQ(client.ask(request(8, "pay", "[5]", numbered(session, 1))), reply_of(8, R"("result":1)"));
    EXPECT_EQ(other.ask(request(9, "pay", "[5]", numbered(session, 1) + R"(,"attempt":3,"timeout_ms":100)")),
              reply_of(9, R"("result":1)"));
    EXPECT_EQ(runs(), 1u);
    EXPECT_EQ(client.ask(request(10, "pay", "[5]", numbered(session, 2))), reply_of(10, R"("result":2)"));
    EXPECT_EQ(client.ask(request(11, "pay", "[6]", keyed("k"))), reply_of(11, R"("result":3)"));
    EXPECT_EQ(other.ask(request(12, "pay", "[6]", keyed("k", 2))), reply_of(12, R"("result":3)"));
    EXPECT_EQ(client.ask(request(13, "work", "[7]", keyed("w"))), reply_of(13, R"("result":4)"));
    EXPECT_EQ(client.ask(request(14, "work", "[7]", keyed("w"))), reply_of(14, R"("result":4)"));
    EXPECT_EQ(runs(), 4u);
}

TEST_F(exactly_once_server, records_what_a_handler_throws_as_it_is) {
    serve();
    teller client{sim};
    const std::string session = client.open();
    const std::string first = client.ask(request(1, "refuse", "[5]", numbered(session, 1)));
    EXPECT_TRUE(holds(first, "never 1")) << first;
    EXPECT_EQ(client.ask(request(1, "refuse", "[5]", numbered(session, 1))), first);
    EXPECT_EQ(runs(), 1u);
}

TEST_F(exactly_once_server, forgets_what_did_not_run) {
    serve();
    teller client{sim};
    const std::string session = client.open();
    EXPECT_TRUE(holds(client.ask(request(1, "pay", R"(["five"])", numbered(session, 1))), "expected"));
    EXPECT_TRUE(holds(client.ask(request(2, "pay", "[5],\"params\":[6]", numbered(session, 1))), "error"));
    EXPECT_TRUE(holds(client.ask(request(3, "pay", "[5],]", numbered(session, 1))), "error"));
    EXPECT_EQ(client.ask(request(4, "pay", "[5]", numbered(session, 1))), reply_of(4, R"("result":1)"));
    // A handler that says that it did nothing.
    const std::string said = client.ask(request(5, "reject", "[5]", numbered(session, 2)));
    EXPECT_TRUE(holds(said, R"("executed":"no")")) << said;
    EXPECT_EQ(client.ask(request(6, "pay", "[5]", numbered(session, 2))), reply_of(6, R"("result":3)"));
}

TEST_F(exactly_once_server, a_call_without_room_in_flight_may_come_again) {
    options.limits.in_flight = 1;
    serve();
    teller client{sim};
    const std::string session = client.open();
    client.send(request(1, "slow_pay", "[5,1000]", numbered(session, 1)));
    EXPECT_TRUE(holds(client.ask(request(2, "slow_pay", "[6,10]", numbered(session, 2))), "limits.in_flight"));
    // There is no room for an attempt that joins either, and the run goes on.
    EXPECT_TRUE(holds(client.ask(request(3, "slow_pay", "[5,1000]", numbered(session, 1))), "limits.in_flight"));
    EXPECT_EQ(client.receive(), reply_of(1, R"("result":1)"));
    EXPECT_EQ(client.ask(request(4, "slow_pay", "[6,10]", numbered(session, 2))), reply_of(4, R"("result":2)"));
}

TEST_F(exactly_once_server, a_duplicate_of_a_running_call_joins_it_wherever_it_comes_from) {
    serve();
    teller first{sim}, second{sim};
    const std::string session = first.open();
    first.send(request(1, "slow_pay", "[5,1000]", numbered(session, 1)));
    first.send(request(2, "slow_pay", "[5,1000]", numbered(session, 1)));
    EXPECT_EQ(second.ask(request(3, "slow_pay", "[5,1000]", numbered(session, 1))), reply_of(3, R"("result":1)"));
    EXPECT_GE(sim.elapsed(), 1s);
    EXPECT_LT(sim.elapsed(), 1100ms);
    EXPECT_EQ(first.receive(), reply_of(1, R"("result":1)"));
    EXPECT_EQ(first.receive(), reply_of(2, R"("result":1)"));
    EXPECT_EQ(runs(), 1u);
}

TEST_F(exactly_once_server, runs_on_when_the_connection_is_lost_and_keeps_the_reply_for_the_next_attempt) {
    serve();
    std::string session;
    {
        teller client{sim};
        session = client.open();
        client.send(request(1, "slow_pay", "[5,1000]", numbered(session, 1)));
        sim.run_for(100ms);
        client.close();
        sim.run_for(100ms);
    }
    teller joining{sim};
    EXPECT_EQ(joining.ask(request(2, "slow_pay", "[5,1000]", numbered(session, 1))), reply_of(2, R"("result":1)"));
    joining.send(request(3, "slow_pay", "[6,1000]", numbered(session, 2)));
    sim.run_for(100ms);
    joining.close();
    sim.run_for(5s);
    EXPECT_EQ(book.stopped, 0);
    teller late{sim};
    EXPECT_EQ(late.ask(request(4, "slow_pay", "[6,1000]", numbered(session, 2))), reply_of(4, R"("result":2)"));
    EXPECT_EQ(runs(), 2u);
}

TEST_F(exactly_once_server, tells_nobody_when_all_connections_are_lost) {
    serve();
    teller first{sim}, second{sim};
    const std::string session = first.open();
    first.send(request(1, "slow_pay", "[5,1000]", numbered(session, 1)));
    second.send(request(2, "slow_pay", "[5,1000]", numbered(session, 1)));
    sim.run_for(100ms);
    first.close();
    second.close();
    sim.run_for(5s);
    teller third{sim};
    EXPECT_EQ(third.ask(request(3, "slow_pay", "[5,1000]", numbered(session, 1))), reply_of(3, R"("result":1)"));
}

TEST_F(exactly_once_server, stops_a_run_when_its_caller_cancels_any_attempt_and_never_runs_it_again) {
    serve();
    teller first{sim}, second{sim};
    const std::string session = first.open();
    first.send(request(1, "slow_pay", "[5,60000]", numbered(session, 1)));
    second.send(request(2, "slow_pay", "[5,60000]", numbered(session, 1)));
    sim.run_for(100ms);
    second.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":2}})");
    const std::string told = second.receive(1s);
    EXPECT_TRUE(holds(told, R"("code":-32001)")) << told;
    EXPECT_TRUE(holds(first.receive(1s), R"("code":-32001)"));
    EXPECT_EQ(book.stopped, 1);
    EXPECT_TRUE(holds(first.ask(request(3, "slow_pay", "[5,60000]", numbered(session, 1))), R"("code":-32001)"));
    EXPECT_EQ(runs(), 1u);
}

TEST_F(exactly_once_server, a_run_that_two_callers_share_by_a_key_stops_when_both_have_cancelled_it) {
    serve();
    teller first{sim}, second{sim};
    const auto cancel = [](int id) {
        return R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":)" + std::to_string(id) + "}}";
    };
    first.send(request(1, "slow_pay", "[5,60000]", keyed("k")));
    sim.run_for(100ms);
    second.send(request(2, "slow_pay", "[5,60000]", keyed("k")));
    sim.run_for(100ms);
    first.send(cancel(1));
    first.send(cancel(1));
    EXPECT_EQ(first.receive(1s), "");
    EXPECT_EQ(book.stopped, 0);
    // Its second attempt takes the place of the first.
    second.send(request(3, "slow_pay", "[5,60000]", keyed("k", 2)));
    sim.run_for(100ms);
    second.send(cancel(3));
    EXPECT_TRUE(holds(second.receive(1s), "-32001"));
    EXPECT_TRUE(holds(second.receive(1s), "-32001"));
    EXPECT_TRUE(holds(first.receive(1s), "-32001"));
    EXPECT_EQ(book.stopped, 1);
    EXPECT_EQ(runs(), 1u);
}

TEST_F(exactly_once_server, one_of_two_callers_that_share_a_run_cancels_and_the_other_gets_the_reply) {
    serve();
    teller first{sim}, second{sim};
    first.send(request(1, "slow_pay", "[5,1000]", keyed("k")));
    sim.run_for(100ms);
    second.send(request(2, "slow_pay", "[5,1000]", keyed("k")));
    first.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":1}})");
    EXPECT_EQ(second.receive(), reply_of(2, R"("result":1)"));
}

TEST_F(exactly_once_server, refuses_a_number_with_other_arguments_or_of_another_method) {
    serve();
    teller client{sim};
    const std::string session = client.open();
    client.ask(request(1, "pay", "[5]", numbered(session, 1)));
    for (const std::string& other : {request(2, "pay", "[6]", numbered(session, 1)), request(2, "work", "[5]", numbered(session, 1))}) {
        const std::string refused = client.ask(other);
        EXPECT_TRUE(holds(refused, "-32602")) << refused;
        EXPECT_TRUE(holds(refused, "rpc.sequence_conflict")) << refused;
    }
    client.ask(request(3, "pay", "[5]", keyed("k")));
    EXPECT_TRUE(holds(client.ask(request(4, "pay", "[6]", keyed("k"))), "rpc.sequence_conflict"));
    EXPECT_EQ(runs(), 2u);
}

TEST_F(exactly_once_server, never_runs_a_stale_call) {
    serve();
    teller client{sim};
    const std::string session = client.open();
    client.ask(request(1, "pay", "[5]", numbered(session, 1)));
    client.ask(request(2, "pay", "[5]", numbered(session, 3, 3)));
    for (const int seq : {1, 2}) {
        const std::string stale = client.ask(request(3, "pay", "[5]", numbered(session, static_cast<std::uint64_t>(seq))));
        EXPECT_TRUE(holds(stale, "rpc.stale_call")) << stale;
        EXPECT_TRUE(holds(stale, R"("code":-32009)")) << stale;
        EXPECT_FALSE(holds(stale, R"("executed":"no")")) << stale;
    }
    EXPECT_EQ(runs(), 2u);
}

TEST_F(exactly_once_server, says_that_a_session_has_expired_and_runs_nothing) {
    serve();
    std::string session;
    {
        teller client{sim};
        session = client.open();
        client.ask(request(1, "pay", "[5]", numbered(session, 1)));
    }
    sim.run_for(601s);
    teller client{sim};
    for (const std::string& name : {session, std::string(32, 'a'), std::string{"x"}}) {
        const std::string expired = client.ask(request(2, "pay", "[5]", numbered(name, 1)));
        EXPECT_TRUE(holds(expired, "rpc.session_expired")) << expired;
        EXPECT_TRUE(holds(expired, R"("executed":"no")")) << expired;
        EXPECT_TRUE(holds(expired, R"("code":-32009)")) << expired;
    }
    EXPECT_EQ(runs(), 1u);
}

TEST_F(exactly_once_server, names_the_window_and_the_limit_of_the_store_and_says_when_to_come_again) {
    farcall::memory_store_options small;
    small.bytes = 4096;
    small.window = 4;
    small.sessions = 2;
    options.store = std::make_shared<farcall::memory_store>(small);
    serve();
    teller client{sim};
    const std::string session = client.open();
    const std::string beyond = client.ask(request(1, "pay", "[5]", numbered(session, 5)));
    EXPECT_TRUE(holds(beyond, "window") && holds(beyond, R"("code":-32008)") && holds(beyond, R"("executed":"no")") &&
                holds(beyond, R"("retry_after_ms":100)"))
        << beyond;
    std::string full;
    int id = 10;
    for (; id < 100 && full.empty(); ++id) {
        const std::string reply = client.ask(request(id, "pay", "[5]", keyed("k" + std::to_string(id))));
        if (holds(reply, "error")) full = reply;
    }
    EXPECT_TRUE(holds(full, "memory_store_options::bytes") && holds(full, R"("code":-32008)") &&
                holds(full, R"("executed":"no")") && holds(full, R"("retry_after_ms":1000)"))
        << full;
    EXPECT_EQ(client.ask(request(10, "pay", "[5]", keyed("k10"))), reply_of(10, R"("result":1)"));
    EXPECT_TRUE(holds(client.open(), "memory_store_options"));
}

TEST_F(exactly_once_server, refuses_what_is_named_wrongly) {
    serve();
    teller client{sim};
    const std::string session = client.open();
    const auto refused = [&](std::string_view meta, std::string_view method = "pay") {
        const std::string reply = client.ask(request(1, method, "[5]", meta));
        return holds(reply, "-32602") ? std::string{} : reply;
    };
    EXPECT_EQ(refused(numbered(session, 1), "give"), "");
    EXPECT_EQ(refused(keyed("k"), "give"), "");
    EXPECT_EQ(refused(R"("seq":1)"), "");
    EXPECT_EQ(refused(R"("ack":1)"), "");
    EXPECT_EQ(refused(R"("session":")" + session + '"'), "");
    EXPECT_EQ(refused(numbered(session, 0, 0)), "");
    EXPECT_EQ(refused(numbered(session, 1, 0)), "");
    EXPECT_EQ(refused(numbered(session, 1, 2)), "");
    EXPECT_EQ(refused(numbered(session, ~std::uint64_t{0})), "");
    EXPECT_EQ(refused(numbered(session, 1) + ',' + keyed("k")), "");
    EXPECT_EQ(runs(), 0u);
    // Without ack nothing is said of an end.
    EXPECT_EQ(client.ask(request(2, "pay", "[5]", R"("session":")" + session + R"(","seq":3)")), reply_of(2, R"("result":1)"));
}

TEST_F(exactly_once_server, runs_a_call_that_has_no_name_like_any_other) {
    serve();
    teller client{sim};
    EXPECT_EQ(client.ask(R"({"jsonrpc":"2.0","id":1,"method":"Bank.pay","params":[5]})"), reply_of(1, R"("result":1)"));
    EXPECT_EQ(client.ask(R"({"jsonrpc":"2.0","id":1,"method":"Bank.pay","params":[5]})"), reply_of(1, R"("result":2)"));
    EXPECT_EQ(client.ask(request(2, "pay", "[5]", R"("timeout_ms":1000,"attempt":2)")), reply_of(2, R"("result":3)"));
}

TEST_F(exactly_once_server, a_named_notification_runs_once_too) {
    serve();
    teller client{sim};
    const std::string note = R"({"jsonrpc":"2.0","method":"Bank.pay","meta":{)" + keyed("k") + R"(},"params":[5]})";
    client.send(note);
    client.send(note);
    EXPECT_EQ(client.ask(request(1, "pay", "[5]", keyed("k"))), reply_of(1, R"("result":1)"));
    EXPECT_EQ(runs(), 1u);
}

TEST_F(exactly_once_server, answers_duplicates_inside_of_a_batch) {
    serve();
    teller client{sim};
    const std::string batch = "[" + request(1, "pay", "[5]", keyed("a")) + "," + request(2, "slow_pay", "[5,100]", keyed("b")) +
                              "," + request(3, "pay", "[5]", keyed("a")) + "," + request(4, "slow_pay", "[5,100]", keyed("b")) + "]";
    const std::string replies = client.ask(batch);
    for (const std::string& each : {reply_of(1, R"("result":1)"), reply_of(2, R"("result":2)"), reply_of(3, R"("result":1)"),
                                    reply_of(4, R"("result":2)")})
        EXPECT_TRUE(holds(replies, each)) << replies;
    EXPECT_EQ(runs(), 2u);
}

TEST_F(exactly_once_server, another_principal_has_other_sessions_and_keys) {
    serve();
    options.store = std::make_shared<farcall::memory_store>();
    server = std::make_unique<farcall::server>(options);
    server->add<Bank>(std::ref(book));
    int count = 0;
    server->on_connect([&](farcall::peer& peer) { peer.principal = ++count % 2 == 1 ? "alice" : "bob"; });
    server->listen("sim://principals");
    server->start();
    teller alice{sim, "sim://principals"}, bob{sim, "sim://principals"};
    const std::string session = alice.open();
    EXPECT_EQ(alice.ask(request(1, "pay", "[5]", numbered(session, 1))), reply_of(1, R"("result":1)"));
    EXPECT_TRUE(holds(bob.ask(request(1, "pay", "[5]", numbered(session, 1))), "rpc.session_expired"));
    EXPECT_EQ(alice.ask(request(2, "pay", "[5]", keyed("k"))), reply_of(2, R"("result":2)"));
    EXPECT_EQ(bob.ask(request(2, "pay", "[5]", keyed("k"))), reply_of(2, R"("result":3)"));
}

TEST_F(exactly_once_server, servers_that_share_a_store_run_a_call_once_between_them) {
    options.store = std::make_shared<farcall::memory_store>();
    serve();
    const auto first = std::move(server);
    serve("sim://second");
    teller one{sim}, two{sim, "sim://second"};
    const std::string session = one.open();
    one.send(request(1, "slow_pay", "[5,1000]", numbered(session, 1)));
    sim.run_for(100ms);
    const std::string elsewhere = two.ask(request(2, "slow_pay", "[5,1000]", numbered(session, 1)));
    EXPECT_TRUE(holds(elsewhere, R"("code":-32014)") && holds(elsewhere, "retry_after_ms")) << elsewhere;
    EXPECT_FALSE(holds(elsewhere, R"("executed":"no")")) << elsewhere;
    EXPECT_EQ(one.receive(), reply_of(1, R"("result":1)"));
    EXPECT_EQ(two.ask(request(3, "slow_pay", "[5,1000]", numbered(session, 1))), reply_of(3, R"("result":1)"));
    EXPECT_EQ(runs(), 1u);
}

namespace {

/// A disk that is full: takes calls, and keeps nothing.
struct broken_store final : farcall::store {
    farcall::memory_store inner;
    bool refuses_all = false;

    farcall::result<farcall::opened_session> open(std::string_view principal, farcall::time_point now) override {
        return inner.open(principal, now);
    }
    farcall::admission admit(const farcall::call_identity& call, farcall::time_point now) override {
        if (refuses_all) throw farcall::error{status::data_loss, "the store has stopped"};
        return inner.admit(call, now);
    }
    void finish(std::uint64_t, std::string_view, farcall::time_point) override {
        throw farcall::error{status::data_loss, "the disk is full"};
    }
    void forget(std::uint64_t ticket, farcall::time_point now) override { inner.forget(ticket, now); }
};

}  // namespace

TEST_F(exactly_once_server, sends_no_reply_that_its_store_could_not_keep) {
    const auto store = std::make_shared<broken_store>();
    options.store = store;
    serve();
    teller client{sim}, other{sim};
    const std::string session = client.open();
    client.send(request(1, "slow_pay", "[5,1000]", numbered(session, 1)));
    const std::string joined = other.ask(request(2, "slow_pay", "[5,1000]", numbered(session, 1)));
    EXPECT_TRUE(holds(joined, "the disk is full") && holds(joined, "-32015")) << joined;
    const std::string told = client.receive();
    EXPECT_TRUE(holds(told, "the disk is full") && !holds(told, "result")) << told;
    EXPECT_FALSE(holds(told, R"("executed":"no")")) << told;
    store->refuses_all = true;
    const std::string refused = client.ask(request(3, "pay", "[5]", numbered(session, 2)));
    EXPECT_TRUE(holds(refused, "the store has stopped") && holds(refused, R"("executed":"no")")) << refused;
    EXPECT_EQ(runs(), 1u);
}

}  // namespace sim_test
