/// @file
/// Thrift's clients: blocking calls; the concurrent client where threads share a connection; and calls that are sent ahead of
/// their replies from one thread, which is faster than a thread for each.

#include <memory>
#include <vector>

#include <thrift/async/TConcurrentClientSyncInfo.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSocket.h>

#include "../support/check.hpp"
#include "../support/client_main.hpp"
#include "../support/hold.hpp"
#include "../support/measure.hpp"
#include "../support/payloads.hpp"
#include "Echo.h"

namespace {

using namespace apache::thrift;
using protocol_type = protocol::TBinaryProtocolT<transport::TBufferBase>;
using client = peers::EchoClientT<protocol_type>;
using concurrent_client = peers::EchoConcurrentClientT<protocol_type>;

/// Frames over a buffer over a socket: without the buffer each frame takes two reads.
std::shared_ptr<protocol_type> connect_protocol(const bench::load& which) {
    const auto socket = std::make_shared<transport::TSocket>("127.0.0.1", which.port);
    const auto framed = std::make_shared<transport::TFramedTransport>(
        std::make_shared<transport::TBufferedTransport>(socket, 64u << 10));
    framed->open();
    return std::make_shared<protocol_type>(framed);
}

struct add {
    void call(peers::EchoIf& to) const { bench::expect(to.add(5, 3) == 8); }
    void send(client& to) const { to.send_add(5, 3); }
    void receive(client& from) const { bench::expect(from.recv_add() == 8); }
};

struct record {
    peers::Record value;
    record() {
        const bench::record sample = bench::sample_record();
        value.id = sample.id;
        value.name = sample.name;
        value.samples = sample.samples;
        value.labels = sample.labels;
        value.active = sample.active;
    }
    void call(peers::EchoIf& to) const {
        peers::Record got;
        to.echo_record(got, value);
        bench::expect(got == value);
    }
    void send(client& to) const { to.send_echo_record(value); }
    void receive(client& from) const {
        peers::Record got;
        from.recv_echo_record(got);
        bench::expect(got == value);
    }
};

struct text {
    std::string value = bench::sample_text();
    void call(peers::EchoIf& to) const {
        std::string got;
        to.echo_text(got, value);
        bench::expect(got.size() == value.size());
    }
    void send(client& to) const { to.send_echo_text(value); }
    void receive(client& from) const {
        std::string got;
        from.recv_echo_text(got);
        bench::expect(got.size() == value.size());
    }
};

struct doubles {
    std::vector<double> values = bench::sample_doubles();
    void call(peers::EchoIf& to) const {
        std::vector<double> got;
        to.echo_doubles(got, values);
        bench::expect(got.size() == values.size());
    }
    void send(client& to) const { to.send_echo_doubles(values); }
    void receive(client& from) const {
        std::vector<double> got;
        from.recv_echo_doubles(got);
        bench::expect(got.size() == values.size());
    }
};

template <class Run>
void with_operation(const bench::load& which, Run&& run) {
    if (which.call == "add") return run(add{});
    if (which.call == "record") return run(record{});
    if (which.call == "text") return run(text{});
    // To a binary encoding all doubles are alike.
    if (which.call == "doubles" || which.call == "decimals") return run(doubles{});
    throw std::invalid_argument{"no call " + which.call};
}

void blocking(const bench::load& which) {
    with_operation(which, [&](const auto& operation) {
        std::vector<std::unique_ptr<peers::EchoIf>> clients;
        if (which.share && which.threads > 1) {
            clients.push_back(std::make_unique<concurrent_client>(connect_protocol(which),
                                                                  std::make_shared<async::TConcurrentClientSyncInfo>()));
        } else {
            for (std::size_t i = 0; i < which.threads; ++i) clients.push_back(std::make_unique<client>(connect_protocol(which)));
        }
        bench::measure_threads(which, [&](std::size_t number) { operation.call(*clients[number % clients.size()]); });
    });
}

/// So many calls are on their way on each connection; a reply makes room for the next.
void pipelined(const bench::load& which) {
    with_operation(which, [&](const auto& operation) {
        struct line {
            client of;
            std::size_t waiting = 0;
        };
        std::vector<std::unique_ptr<line>> lines;
        for (std::size_t i = 0; i < which.connections; ++i) lines.push_back(std::make_unique<line>(line{client{connect_protocol(which)}}));
        bench::measure(which, [&](bench::course& calls) {
            const auto send = [&](line& on) {
                if (!calls.start_one()) return;
                operation.send(on.of);
                ++on.waiting;
            };
            for (const auto& one : lines)
                for (std::size_t i = 0; i < which.in_flight; ++i) send(*one);
            while (!calls.ended()) {
                for (const auto& one : lines) {
                    for (std::size_t left = one->waiting; left != 0; --left) {
                        operation.receive(one->of);
                        --one->waiting;
                        calls.end_one();
                        send(*one);
                    }
                }
            }
        });
    });
}

/// A client a call, or many that are kept.
void connect(const bench::load& which) {
    const add operation;
    const auto open = [&] {
        auto opened = std::make_unique<client>(connect_protocol(which));
        operation.call(*opened);
        return opened;
    };
    if (which.hold) return bench::hold(which, open);
    bench::measure_threads(which, [&](std::size_t) { open(); });
}

}  // namespace

int main(int count, char** arguments) {
    return bench::client_main(count, arguments, {{"thrift", pipelined}, {"thrift-blocking", blocking}, {"thrift-connect", connect}});
}
