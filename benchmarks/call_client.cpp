/// @file
/// The clients of the benchmarks of calls. `call_client SUBJECT PORT FRAMES CALLS IN_FLIGHT` makes CALLS calls, with so
/// many in flight, and prints one line of JSON; `call_client capture PORT FRAMES` writes what a call's bytes are.

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <farcall/client.hpp>

#include "support/asio_wire.hpp"
#include "support/calculator.hpp"
#include "support/epoll_wire.hpp"
#include "support/samples.hpp"

namespace {

/// How many calls, and how many of them at a time. With one at a time, each is timed.
struct plan {
    std::uint16_t port = 0;
    std::string frames;
    std::size_t calls = 0;
    std::size_t in_flight = 1;

    std::size_t warm_up() const { return calls / 10 + in_flight; }
    std::string url() const { return "tcp://127.0.0.1:" + std::to_string(port); }
};

/// What is started and what has ended of one run, counted by whoever makes the calls.
class course {
public:
    explicit course(const plan& which, std::size_t calls)
        : calls_(calls), timed_(which.in_flight == 1), samples_(calls) {}

    void begin() { samples_.begin(); }

    /// Whether another call is to be started; it counts as started then.
    bool start_one() {
        if (started_ == calls_) return false;
        ++started_;
        if (timed_) last_ = bench::clock::now();
        return true;
    }

    void end_one() {
        if (timed_) samples_.add(bench::clock::now() - last_);
        if (++ended_ == calls_) samples_.end();
    }

    bool ended() const { return ended_ == calls_; }
    void print() { samples_.print(calls_); }

private:
    std::size_t calls_;
    bool timed_;
    std::size_t started_ = 0;
    std::size_t ended_ = 0;
    bench::clock::time_point last_;
    bench::samples samples_;
};

/// `run(course&)` makes the calls of one course: first to warm up, then to measure.
template <class Run>
void measure(const plan& which, Run&& run) {
    course warm_up{which, which.warm_up()};
    run(warm_up);
    course measured{which, which.calls};
    measured.begin();
    run(measured);
    measured.print();
}

void expect(int sum) {
    if (sum == 8) return;
    std::fprintf(stderr, "call_client: 5 + 3 = %d\n", sum);
    std::abort();
}

void raw_blocking(const plan& which) {
    const auto frames = bench::frame_pair::load(which.frames);
    const bench::descriptor socket = bench::connect_to(which.port);
    std::string reply(frames.reply.size(), '\0');
    measure(which, [&](course& calls) {
        while (calls.start_one()) {
            bench::write_all(socket.get(), frames.request);
            if (!bench::read_all(socket.get(), reply.data(), reply.size())) throw std::runtime_error{"the server closed"};
            calls.end_one();
        }
    });
}

void raw_epoll(const plan& which) {
    const auto frames = bench::frame_pair::load(which.frames);
    bench::epoll_wire wire{bench::connect_to(which.port)};
    measure(which, [&](course& calls) {
        const auto start = [&] {
            if (calls.start_one()) wire.out() += frames.request;
        };
        for (std::size_t i = 0; i < which.in_flight; ++i) start();
        wire.flush();
        while (!calls.ended())
            if (!wire.turn([&] { calls.end_one(), start(); })) throw std::runtime_error{"the server closed"};
    });
}

void raw_asio(const plan& which) {
    const auto frames = bench::frame_pair::load(which.frames);
    boost::asio::io_context context{1};
    course* calls = nullptr;
    const auto start = [&](auto& wire) {
        if (calls->start_one()) wire.out() += frames.request;
    };
    auto on_frame = [&](auto& wire) {
        calls->end_one();
        start(wire);
    };
    using wire_type = bench::asio_wire<decltype(on_frame)>;
    wire_type::socket_type socket{context};
    socket.connect({boost::asio::ip::address_v4::loopback(), which.port});
    wire_type wire{std::move(socket), on_frame};
    wire.start();
    measure(which, [&](course& current) {
        calls = &current;
        for (std::size_t i = 0; i < which.in_flight; ++i) start(wire);
        wire.flush();
        while (!current.ended()) context.run_one();
    });
}

void farcall_blocking(const plan& which) {
    const Calculator::proxy calculator{which.url()};
    measure(which, [&](course& calls) {
        while (calls.start_one()) {
            expect(calculator.add(5, 3));
            calls.end_one();
        }
    });
}

/// A completion handler that starts the next call.
struct next_call {
    const Calculator::proxy* calculator;
    course* calls;
    std::promise<void>* all_ended;
    bool once = false;

    void start() const {
        if (!calls->start_one()) return;
        if (once)
            calculator->add_once(5, 3, *this);
        else
            calculator->add(5, 3, *this);
    }
    void operator()(const farcall::result<int>& sum) const {
        expect(sum.value());
        calls->end_one();
        if (calls->ended() && all_ended != nullptr) return all_ended->set_value();
        start();
    }
};

/// Callbacks on the client's own thread.
void farcall_callback(const plan& which) {
    const Calculator::proxy calculator{which.url()};
    calculator.add(5, 3);
    measure(which, [&](course& calls) {
        std::promise<void> all_ended;
        // Everything happens on the client's thread: the first call's completion starts the others.
        calculator.add(5, 3, [&](const farcall::result<int>&) {
            calls.begin();
            for (std::size_t i = 0; i < which.in_flight; ++i) next_call{&calculator, &calls, &all_ended}.start();
        });
        all_ended.get_future().wait();
    });
}

/// Callbacks on the caller's io_context; `change` makes another proxy of the plain one.
template <class Change>
void on_context(const plan& which, bool once, Change change) {
    boost::asio::io_context context{1};
    const auto work = boost::asio::make_work_guard(context);
    const Calculator::proxy calculator = change(Calculator::proxy{context, which.url()});
    measure(which, [&](course& calls) {
        for (std::size_t i = 0; i < which.in_flight; ++i) next_call{&calculator, &calls, nullptr, once}.start();
        while (!calls.ended()) context.run_one();
    });
}

void farcall_context(const plan& which) { on_context(which, false, std::identity{}); }

void farcall_no_deadline(const plan& which) {
    on_context(which, false, [](const Calculator::proxy& plain) { return farcall::with(plain, farcall::no_timeout); });
}

void farcall_exactly_once(const plan& which) { on_context(which, true, std::identity{}); }

boost::asio::awaitable<void> calls_in_turn(const Calculator::proxy& calculator, course& calls) {
    while (calls.start_one()) {
        const int sum = co_await calculator.add(5, 3, boost::asio::use_awaitable);
        expect(sum);
        calls.end_one();
    }
}

/// Coroutines on the caller's io_context.
void farcall_coroutine(const plan& which) {
    boost::asio::io_context context{1};
    const auto work = boost::asio::make_work_guard(context);
    const Calculator::proxy calculator{context, which.url()};
    measure(which, [&](course& calls) {
        for (std::size_t i = 0; i < which.in_flight; ++i)
            boost::asio::co_spawn(context, calls_in_turn(calculator, calls), boost::asio::detached);
        while (!calls.ended()) context.run_one();
    });
}

std::string receive_frame(const bench::descriptor& socket) {
    char header[bench::header_size];
    if (!bench::read_all(socket.get(), header, sizeof header)) throw std::runtime_error{"the peer closed"};
    std::string payload(bench::payload_size(header), '\0');
    if (!bench::read_all(socket.get(), payload.data(), payload.size())) throw std::runtime_error{"the peer closed"};
    return payload;
}

/// What our client sends to a socket that only listens, and what our server answers to that.
void capture(const plan& which) {
    std::uint16_t port = 0;
    const bench::descriptor listener = bench::listen_on_loopback(port);
    std::string request;
    {
        const Calculator::proxy calculator{"tcp://127.0.0.1:" + std::to_string(port)};
        auto lost = calculator.add(5, 3, boost::asio::use_future);
        request = receive_frame(bench::accept_one(listener));
        lost.wait();
    }
    // The first call has the id 1; most calls of a measurement have one of six digits.
    const std::string_view first = "\"id\":1,";
    const std::size_t at = request.find(first);
    if (at == std::string::npos) throw std::runtime_error{"no id in " + request};
    request.replace(at, first.size(), "\"id\":123456,");
    const bench::descriptor server = bench::connect_to(which.port);
    bench::write_all(server.get(), bench::framed(request));
    const std::string reply = receive_frame(server);
    bench::frame_pair{bench::framed(request), bench::framed(reply)}.save(which.frames);
    std::printf("%s\n%s\n", request.c_str(), reply.c_str());
}

using subject = void (*)(const plan&);
struct named_subject {
    std::string_view name;
    subject run;
};
constexpr named_subject subjects[] = {
    {"raw-blocking", raw_blocking},         {"raw-epoll", raw_epoll},
    {"raw-asio", raw_asio},                 {"farcall-blocking", farcall_blocking},
    {"farcall-callback", farcall_callback}, {"farcall-context", farcall_context},
    {"farcall-coroutine", farcall_coroutine}, {"farcall-no-deadline", farcall_no_deadline},
    {"farcall-exactly-once", farcall_exactly_once}, {"capture", capture},
};

}  // namespace

int main(int count, char** arguments) {
    try {
        plan which;
        if (count > 3) {
            which.port = static_cast<std::uint16_t>(std::stoul(arguments[2]));
            which.frames = arguments[3];
        }
        if (count > 4) which.calls = std::stoul(arguments[4]);
        if (count > 5) which.in_flight = std::stoul(arguments[5]);
        for (const auto& [name, run] : subjects)
            if (count > 3 && name == arguments[1]) return run(which), 0;
        std::fprintf(stderr, "usage: call_client SUBJECT PORT FRAMES [CALLS [IN_FLIGHT]]\nsubjects:");
        for (const auto& [name, run] : subjects) std::fprintf(stderr, " %.*s", static_cast<int>(name.size()), name.data());
        std::fprintf(stderr, "\n");
        return 2;
    } catch (const std::exception& failure) {
        return std::fprintf(stderr, "call_client: %s\n", failure.what()), 1;
    }
}
