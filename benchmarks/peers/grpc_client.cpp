/// @file
/// gRPC's clients: blocking stubs, and stubs with callbacks. Stubs and channels are kept, messages are used again, as gRPC
/// recommends; every channel has a connection of its own.

#include <atomic>
#include <deque>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "../support/check.hpp"
#include "../support/client_main.hpp"
#include "../support/hold.hpp"
#include "../support/measure.hpp"
#include "../support/payloads.hpp"
#include "echo.grpc.pb.h"

namespace {

using peers::Echo;

std::shared_ptr<grpc::Channel> open_channel(const bench::load& which) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // or channels to one server share a connection
    return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(which.port), grpc::InsecureChannelCredentials(), arguments);
}

struct add {
    peers::AddRequest request;
    using reply = peers::AddReply;
    add() { request.set_a(5), request.set_b(3); }
    grpc::Status call(Echo::Stub& stub, grpc::ClientContext& context, reply& into) const {
        return stub.Add(&context, request, &into);
    }
    template <class Done>
    void start(Echo::Stub& stub, grpc::ClientContext& context, reply& into, Done done) const {
        stub.async()->Add(&context, &request, &into, std::move(done));
    }
    bool right(const reply& got) const { return got.sum() == 8; }
};

struct record {
    peers::Record request;
    using reply = peers::Record;
    record() {
        const bench::record sample = bench::sample_record();
        request.set_id(sample.id);
        request.set_name(sample.name);
        request.mutable_samples()->Add(sample.samples.begin(), sample.samples.end());
        request.mutable_labels()->insert(sample.labels.begin(), sample.labels.end());
        request.set_active(sample.active);
    }
    grpc::Status call(Echo::Stub& stub, grpc::ClientContext& context, reply& into) const {
        return stub.EchoRecord(&context, request, &into);
    }
    template <class Done>
    void start(Echo::Stub& stub, grpc::ClientContext& context, reply& into, Done done) const {
        stub.async()->EchoRecord(&context, &request, &into, std::move(done));
    }
    bool right(const reply& got) const {
        return got.id() == request.id() && got.name() == request.name() && got.samples_size() == request.samples_size() &&
               got.labels_size() == request.labels_size() && got.active();
    }
};

struct text {
    peers::Text request;
    using reply = peers::Text;
    text() { request.set_value(bench::sample_text()); }
    grpc::Status call(Echo::Stub& stub, grpc::ClientContext& context, reply& into) const {
        return stub.EchoText(&context, request, &into);
    }
    template <class Done>
    void start(Echo::Stub& stub, grpc::ClientContext& context, reply& into, Done done) const {
        stub.async()->EchoText(&context, &request, &into, std::move(done));
    }
    bool right(const reply& got) const { return got.value().size() == request.value().size(); }
};

struct doubles {
    peers::Doubles request;
    using reply = peers::Doubles;
    doubles() {
        const std::vector<double> sample = bench::sample_doubles();
        request.mutable_values()->Add(sample.begin(), sample.end());
    }
    grpc::Status call(Echo::Stub& stub, grpc::ClientContext& context, reply& into) const {
        return stub.EchoDoubles(&context, request, &into);
    }
    template <class Done>
    void start(Echo::Stub& stub, grpc::ClientContext& context, reply& into, Done done) const {
        stub.async()->EchoDoubles(&context, &request, &into, std::move(done));
    }
    bool right(const reply& got) const { return got.values_size() == request.values_size(); }
};

/// Calls `run(operation)` with the one that a load names.
template <class Run>
void with_operation(const bench::load& which, Run&& run) {
    if (which.call == "add") return run(add{});
    if (which.call == "record") return run(record{});
    if (which.call == "text") return run(text{});
    // To a binary encoding all doubles are alike.
    if (which.call == "doubles" || which.call == "decimals") return run(doubles{});
    throw std::invalid_argument{"no call " + which.call};
}

template <class Operation>
void call_once(const Operation& operation, Echo::Stub& stub, typename Operation::reply& reply) {
    grpc::ClientContext context;
    bench::expect(operation.call(stub, context, reply).ok() && operation.right(reply));
}

/// A blocking call at a time a thread; many in flight are as many threads.
void blocking(const bench::load& asked) {
    with_operation(asked, [&](const auto& operation) {
        bench::load which = asked;
        which.threads = std::max(asked.threads, asked.connections * asked.in_flight);
        const std::size_t connections = asked.share ? 1 : std::max(asked.connections, asked.threads);
        std::vector<std::unique_ptr<Echo::Stub>> stubs;
        for (std::size_t i = 0; i < connections; ++i) stubs.push_back(Echo::NewStub(open_channel(which)));
        std::deque<typename std::decay_t<decltype(operation)>::reply> replies(which.threads);
        bench::measure_threads(which, [&](std::size_t number) {
            call_once(operation, *stubs[number % stubs.size()], replies[number]);
        });
    });
}

/// Calls one after another, each begun by the completion of the last, on gRPC's threads.
template <class Operation>
class chain {
public:
    chain(const Operation& operation, Echo::Stub& stub) : operation_(operation), stub_(stub) {}

    template <class Ended>
    void start(bench::course& calls, const Ended& ended) {
        if (!calls.start_one()) return ended();
        context_.emplace();
        operation_.start(stub_, *context_, reply_, [this, &calls, &ended](const grpc::Status& status) {
            bench::expect(status.ok() && operation_.right(reply_));
            calls.end_one();
            start(calls, ended);
        });
    }

private:
    const Operation& operation_;
    Echo::Stub& stub_;
    std::optional<grpc::ClientContext> context_;
    typename Operation::reply reply_;
};

void callback(const bench::load& which) {
    with_operation(which, [&](const auto& operation) {
        std::vector<std::unique_ptr<Echo::Stub>> stubs;
        std::deque<chain<std::decay_t<decltype(operation)>>> chains;
        for (std::size_t i = 0; i < which.connections; ++i) {
            stubs.push_back(Echo::NewStub(open_channel(which)));
            for (std::size_t j = 0; j < which.in_flight; ++j) chains.emplace_back(operation, *stubs.back());
        }
        bench::measure_workers(which, chains.size(), [&](std::list<bench::course>& courses) {
            std::atomic<std::size_t> left = chains.size();
            std::promise<void> all_ended;
            const auto ended = [&] {
                if (--left == 0) all_ended.set_value();
            };
            auto calls = courses.begin();
            for (auto& one : chains) one.start(*calls++, ended);
            all_ended.get_future().wait();
        });
    });
}

/// A channel a call, or many that are kept.
void connect(const bench::load& which) {
    const add operation;
    peers::AddReply reply;
    const auto open = [&] {
        std::unique_ptr<Echo::Stub> stub = Echo::NewStub(open_channel(which));
        call_once(operation, *stub, reply);
        return stub;
    };
    if (which.hold) return bench::hold(which, open);
    bench::measure_threads(which, [&](std::size_t) { open(); });
}

}  // namespace

int main(int count, char** arguments) {
    return bench::client_main(count, arguments, {{"grpc-sync", blocking}, {"grpc-callback", callback}, {"grpc-connect", connect}});
}
