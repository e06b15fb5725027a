// A server that is restarted under a client that goes on calling: nothing wrong, nothing lost.
#include <farcall.hpp>

#include <atomic>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

using namespace std::chrono_literals;

RPC_SERVICE(Squares, (square, int(int n), farcall::readonly))

struct squares {
    int square(int n) const { return n * n; }
};

std::unique_ptr<farcall::server> begin(const std::string& url) {
    auto server = std::make_unique<farcall::server>();
    server->add<Squares>(squares{});
    server->listen(url);
    server->start();
    return server;
}

int main() {
    auto server = begin("tcp://127.0.0.1:0");
    const std::string url = server->endpoints().front().url();

    std::atomic<bool> enough{false};
    std::atomic<int> calls{0};
    int wrong = 0, lost = 0;
    std::thread caller([&] {
        // Waits for a server that is not there at the moment; repeats what a lost connection has left open.
        const auto patient = farcall::with(
            Squares::basic_proxy<farcall::exponential_backoff>{url, {.max_attempts = 5, .initial_delay = 10ms},
                                                               {.reconnect = {.initial = 20ms}}},
            farcall::wait_for_ready);
        while (!enough) {
            const auto n = calls % 1000;
            const farcall::result<int> end = patient.square(n, farcall::as_result);
            if (!end)
                ++lost;
            else if (*end != n * n)
                ++wrong;
            ++calls;
        }
    });

    for (int restarts = 0; restarts < 5; ++restarts) {
        const int before = calls;
        while (calls < before + 100) std::this_thread::sleep_for(1ms);
        server->stop();  // answers what it has taken; the client is told, and loses nothing
        server = begin(url);
    }
    enough = true;
    caller.join();
    std::cout << "5 restarts, " << (calls >= 500 ? "500 calls or more" : "few calls") << ", " << wrong << " wrong, "
              << lost << " lost\n";
    return wrong == 0 && lost == 0 ? 0 : 1;
}
