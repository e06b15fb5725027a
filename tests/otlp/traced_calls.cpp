// Calls through two services, each with an exporter of its own to the collector whose URL is given. Prints the ports.
#include <farcall.hpp>
#include <farcall/interceptor/tracing.hpp>
#include <farcall/observe/otlp_http_exporter.hpp>

#include <iostream>
#include <memory>
#include <string>

namespace {

RPC_SERVICE(Front, (order, int(int n), farcall::blocking))
RPC_SERVICE(Back, (half, int(int n)))

struct back {
    int half(int n) {
        if (n % 2 != 0) throw farcall::error{farcall::status::out_of_range, "an odd \"number\" ½"};
        return n / 2;
    }
};

struct front {
    Back::proxy next;
    int order(farcall::context& call, int n) { return farcall::with(next, call).half(n); }
};

std::string collector;

farcall::tracing trace_as(std::string service) {
    return farcall::tracing{std::make_shared<farcall::otlp_http_exporter>(farcall::otlp_http_options{
        .service = std::move(service),
        .url = collector,
        .resource = {{"deployment.environment.name", "test"}, {"replica", std::int64_t{7}}, {"canary", true}},
        .headers = {{"authorization", "Bearer otlp"}}})};
}

template <class Service, class Handler>
std::unique_ptr<farcall::server> serve(std::string name, Handler handler) {
    farcall::server_options options;
    options.interceptors = {trace_as(std::move(name))};
    auto made = std::make_unique<farcall::server>(options);
    made->add<Service>(std::move(handler));
    made->listen("tcp://127.0.0.1:0");
    made->start();
    return made;
}

farcall::client client_as(std::string name, const farcall::server& of) {
    farcall::client_options options;
    options.interceptors = {trace_as(std::move(name))};
    return farcall::client{of.endpoints().front().url(), options};
}

}  // namespace

int main(int, char** argv) {
    collector = argv[1];
    const auto last = serve<Back>("back", back{});
    const auto first = serve<Front>("front", std::make_shared<front>(front{Back::proxy{client_as("front", *last)}}));
    {
        const farcall::client caller = client_as("caller", *first);
        const Front::proxy proxy{caller};
        const farcall::trace_context known{"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "rojo=00f067aa0ba902b7"};
        if (farcall::with(proxy, known).order(8) != 4) return 1;
        if (farcall::with(proxy, known).order(7, farcall::as_result)) return 1;
        if (caller.try_call<int>("No.such")) return 1;
    }
    std::cout << first->port() << ' ' << last->port() << std::endl;
    // What is left is sent by the destructors.
}
