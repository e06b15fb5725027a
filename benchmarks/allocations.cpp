/// @file
/// Counts allocations per call in steady state, on the server's thread and on the client's: `allocations [--where]`.
///
/// Server and client live in this one process, each on its own thread, over TCP. Every way to the heap is counted, the C
/// functions too. With --where, prints the addresses of who allocates (for addr2line -Cfie allocations).

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>

#include <dlfcn.h>
#include <execinfo.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <farcall.hpp>

#include "support/calculator.hpp"

namespace {

struct trace {
    static constexpr int depth = 12;
    void* frames[depth];
    int size;
    std::uint64_t count;
};

/// What one thread has allocated.
struct tally {
    std::uint64_t allocations = 0;
    std::uint64_t bytes = 0;
    bool tracing = false;
    bool inside = false;  ///< in the tracer itself, which may allocate
    std::size_t traces_used = 0;
    trace traces[32];

    void note() {
        if (inside) return;
        inside = true;
        trace found;
        found.size = backtrace(found.frames, trace::depth);
        std::size_t at = 0;
        while (at < traces_used && !(traces[at].size == found.size &&
                                     std::memcmp(traces[at].frames, found.frames, sizeof(void*) * static_cast<std::size_t>(found.size)) == 0))
            ++at;
        if (at == traces_used && at < std::size(traces)) {
            traces[traces_used++] = found;
            traces[at].count = 0;
        }
        if (at < std::size(traces)) ++traces[at].count;
        inside = false;
    }
};

thread_local tally this_thread;

void* counted(void* memory, std::size_t size) {
    tally& mine = this_thread;
    ++mine.allocations;
    mine.bytes += size;
    if (mine.tracing) mine.note();
    return memory;
}

}  // namespace

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) { return counted(__libc_malloc(size), size); }
void* calloc(std::size_t count, std::size_t size) { return counted(__libc_calloc(count, size), count * size); }
void* realloc(void* memory, std::size_t size) { return counted(__libc_realloc(memory, size), size); }
void* memalign(std::size_t alignment, std::size_t size) { return counted(__libc_memalign(alignment, size), size); }
void* aligned_alloc(std::size_t alignment, std::size_t size) { return counted(__libc_memalign(alignment, size), size); }
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
    *memory = counted(__libc_memalign(alignment, size), size);
    return *memory == nullptr ? ENOMEM : 0;
}
}

namespace {

constexpr std::size_t in_flight = 64;
constexpr std::uint64_t warm_up = 20'000, measured = 100'000;

/// A handler that knows the thread it runs on.
struct calculator {
    tally** server;
    int add(int a, int b) {
        *server = &this_thread;
        return a + b;
    }
    int add_once(int a, int b) { return add(a, b); }
};

/// The two threads' tallies when measuring begins and when it ends.
class meter {
public:
    meter(tally* const& server, bool where) : server_(server), where_(where) {}

    /// Runs an event loop until it has ended.
    void run(boost::asio::io_context& context) {
        loop_ = &context;
        const auto work = boost::asio::make_work_guard(context);
        context.run();
    }

    /// After every call, on the client's thread. @returns whether to make another.
    bool count() {
        ++calls_;
        if (calls_ == warm_up) begin();
        if (ended()) {
            end();
            if (loop_ != nullptr) loop_->stop();
        }
        return calls_ + in_flight <= warm_up + measured;
    }
    bool ended() const { return calls_ >= warm_up + measured; }

    void print(const char* client) const {
        std::printf("%-22s server %8.4f allocations a call, client %8.4f (%.1f bytes)\n", client,
                    per_call(server_end_.first - server_begin_.first), per_call(client_end_.first - client_begin_.first),
                    per_call(client_end_.second - client_begin_.second));
        if (!where_) return;
        for (const auto& [side, of] : {std::pair{"server", server_}, std::pair{"client", client_}}) {
            for (std::size_t i = 0; i < of->traces_used; ++i) {
                std::printf("  %s, %.4f a call:", side, per_call(of->traces[i].count));
                for (int frame = 3; frame < of->traces[i].size; ++frame) {
                    Dl_info program;
                    void* const address = of->traces[i].frames[frame];
                    if (dladdr(address, &program) != 0)
                        std::printf(" %#zx", static_cast<std::size_t>(static_cast<char*>(address) - static_cast<char*>(program.dli_fbase)) - 1);
                }
                std::printf("\n");
            }
        }
    }

private:
    using state = std::pair<std::uint64_t, std::uint64_t>;
    static state look(const tally& at) { return {at.allocations, at.bytes}; }
    static double per_call(std::uint64_t count) { return static_cast<double>(count) / static_cast<double>(measured); }

    void begin() {
        client_ = &this_thread;
        client_begin_ = look(*client_);
        server_begin_ = look(*server_);
        client_->traces_used = server_->traces_used = 0;
        client_->tracing = server_->tracing = where_;
    }
    void end() {
        client_->tracing = server_->tracing = false;
        client_end_ = look(*client_);
        server_end_ = look(*server_);
    }

    tally* const& server_;
    tally* client_ = nullptr;
    bool where_;
    boost::asio::io_context* loop_ = nullptr;
    std::uint64_t calls_ = 0;
    state client_begin_, client_end_, server_begin_, server_end_;
};

struct next_call {
    const Calculator::proxy* calculator;
    meter* calls;
    void operator()(const farcall::result<int>& sum) const {
        sum.value();
        if (calls->count()) calculator->add(5, 3, *this);
    }
};

boost::asio::awaitable<void> calls_in_turn(const Calculator::proxy& calculator, meter& calls) {
    do co_await calculator.add(5, 3, boost::asio::use_awaitable);
    while (calls.count());
}

}  // namespace

int main(int count, char** arguments) {
    const bool where = count > 1 && std::strcmp(arguments[1], "--where") == 0;
    tally* on_server = nullptr;
    farcall::server server;
    server.add<Calculator>(calculator{&on_server});
    server.listen(0);
    server.start();
    const std::string url = "tcp://127.0.0.1:" + std::to_string(server.port());

    {
        meter calls{on_server, where};
        boost::asio::io_context context{1};
        const Calculator::proxy calculator{context, url};
        for (std::size_t i = 0; i < in_flight; ++i) calculator.add(5, 3, next_call{&calculator, &calls});
        calls.run(context);
        calls.print("callbacks, 64");
    }
    {
        meter calls{on_server, where};
        boost::asio::io_context context{1};
        const Calculator::proxy calculator{context, url};
        for (std::size_t i = 0; i < in_flight; ++i)
            boost::asio::co_spawn(context, calls_in_turn(calculator, calls), boost::asio::detached);
        calls.run(context);
        calls.print("coroutines, 64");
    }
    {
        meter calls{on_server, where};
        const Calculator::proxy calculator{url};
        do calculator.add(5, 3);
        while (calls.count() || !calls.ended());
        calls.print("blocking, 1");
    }
}
