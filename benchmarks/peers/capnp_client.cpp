/// @file
/// Cap'n Proto's client: promises on one event loop.

#include <string>
#include <vector>

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>

#include "../support/check.hpp"
#include "../support/client_main.hpp"
#include "../support/hold.hpp"
#include "../support/measure.hpp"
#include "../support/payloads.hpp"
#include "echo.capnp.h"

namespace {

using peers::Echo;

/// An operation is a call with its arguments: `start(echo)` makes it, and the promise says whether the reply is right.
struct add {
    auto start(Echo::Client& to) const {
        auto request = to.addRequest();
        request.setA(5);
        request.setB(3);
        return request.send().then([](auto&& got) { bench::expect(got.getSum() == 8); });
    }
};

struct record {
    bench::record value = bench::sample_record();
    auto start(Echo::Client& to) const {
        auto request = to.recordRequest();
        auto into = request.initValue();
        into.setId(value.id);
        into.setName(value.name);
        auto samples = into.initSamples(static_cast<capnp::uint>(value.samples.size()));
        for (capnp::uint i = 0; i < samples.size(); ++i) samples.set(i, value.samples[i]);
        auto labels = into.initLabels(static_cast<capnp::uint>(value.labels.size()));
        capnp::uint at = 0;
        for (const auto& [key, text] : value.labels) {
            labels[at].setKey(key);
            labels[at++].setValue(text);
        }
        into.setActive(value.active);
        return request.send().then([this](auto&& got) {
            // The others make values of their own of what came; to be fair, so does this.
            const auto reply = got.getValue();
            bench::record made{.id = reply.getId(), .name = std::string(reply.getName()), .samples = {}, .labels = {},
                               .active = reply.getActive()};
            made.samples.reserve(reply.getSamples().size());
            for (const double one : reply.getSamples()) made.samples.push_back(one);
            for (const auto label : reply.getLabels())
                made.labels.emplace(std::string(label.getKey()), std::string(label.getValue()));
            bench::expect(made == value);
        });
    }
};

struct text {
    std::string value = bench::sample_text();
    auto start(Echo::Client& to) const {
        auto request = to.textRequest();
        request.setValue(value);
        return request.send().then([this](auto&& got) { bench::expect(got.getValue().size() == value.size()); });
    }
};

struct doubles {
    std::vector<double> values = bench::sample_doubles();
    auto start(Echo::Client& to) const {
        auto request = to.doublesRequest();
        auto into = request.initValues(static_cast<capnp::uint>(values.size()));
        for (capnp::uint i = 0; i < into.size(); ++i) into.set(i, values[i]);
        return request.send().then([this](auto&& got) {
            const auto reply = got.getValues();
            bench::expect(reply.size() == values.size() && reply[reply.size() - 1] == values.back());
        });
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

struct connection {
    connection(kj::AsyncIoContext& io, const bench::load& which)
        : stream(io.lowLevelProvider->wrapSocketFd(connected(which), kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP)),
          client(*stream),
          echo(client.bootstrap().castAs<Echo>()) {}

    static int connected(const bench::load& which) {
        bench::descriptor socket = bench::connect_to(which.port);
        return socket.release();
    }

    kj::Own<kj::AsyncIoStream> stream;
    capnp::TwoPartyClient client;
    Echo::Client echo;
};

template <class Operation>
kj::Promise<void> calls_in_turn(const Operation& operation, Echo::Client& to, bench::course& calls) {
    if (!calls.start_one()) return kj::READY_NOW;
    return operation.start(to).then([&] {
        calls.end_one();
        return calls_in_turn(operation, to, calls);
    });
}

void promises(const bench::load& which) {
    with_operation(which, [&](const auto& operation) {
        kj::AsyncIoContext io = kj::setupAsyncIo();
        std::vector<std::unique_ptr<connection>> connections;
        for (std::size_t i = 0; i < which.connections; ++i) connections.push_back(std::make_unique<connection>(io, which));
        bench::measure(which, [&](bench::course& calls) {
            kj::Vector<kj::Promise<void>> chains;
            for (const auto& one : connections)
                for (std::size_t i = 0; i < which.in_flight; ++i) chains.add(calls_in_turn(operation, one->echo, calls));
            kj::joinPromises(chains.releaseAsArray()).wait(io.waitScope);
        });
    });
}

/// A connection a call, or many that are kept.
void connect(const bench::load& which) {
    const add operation;
    kj::AsyncIoContext io = kj::setupAsyncIo();
    const auto open = [&] {
        auto opened = std::make_unique<connection>(io, which);
        operation.start(opened->echo).wait(io.waitScope);
        return opened;
    };
    if (which.hold) return bench::hold(which, open);
    bench::measure_threads(which, [&](std::size_t) { open(); });
}

}  // namespace

int main(int count, char** arguments) {
    return bench::client_main(count, arguments, {{"capnp", promises}, {"capnp-connect", connect}});
}
