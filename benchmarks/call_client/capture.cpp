#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/asio/use_future.hpp>

#include "../support/frames.hpp"
#include "../support/socket.hpp"
#include "operations.hpp"
#include "subjects.hpp"

namespace bench {

namespace {

std::string receive_frame(const descriptor& socket) {
    char header[header_size];
    if (!read_all(socket.get(), header, sizeof header)) throw std::runtime_error{"the peer closed"};
    std::string payload(payload_size(header), '\0');
    if (!read_all(socket.get(), payload.data(), payload.size())) throw std::runtime_error{"the peer closed"};
    return payload;
}

/// What our client sends to a socket that only listens.
template <class Operation>
std::string request_of(const Operation& operation) {
    std::uint16_t port = 0;
    const descriptor listener = listen_on_loopback(port);
    const typename Operation::proxy proxy{"tcp://127.0.0.1:" + std::to_string(port)};
    auto lost = operation.start(proxy, boost::asio::use_future);
    std::string request = receive_frame(accept_one(listener));
    lost.wait();
    // The first call has the id 1; most calls of a measurement have one of six digits.
    const std::string_view first = "\"id\":1,";
    const std::size_t at = request.find(first);
    if (at == std::string::npos) throw std::runtime_error{"no id in " + request};
    return request.replace(at, first.size(), "\"id\":123456,");
}

void capture_request(const load& which, const std::string& name, const std::string& request) {
    const descriptor server = connect_to(which.port);
    write_all(server.get(), framed(request));
    frame_pair{framed(request), framed(receive_frame(server))}.save(which.frames + '/' + name);
}

/// 1000 calls in one message of JSON-RPC.
std::string batch_request() {
    std::string text;
    for (int id = 0; id < 1000; ++id)
        (text += text.empty() ? '[' : ',') +=
            R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"Calculator.add","params":[5,3]})";
    return text += ']';
}

template <class Operation>
void capture_call(const load& which, const std::string& name, const Operation& operation) {
    capture_request(which, name, request_of(operation));
}

}  // namespace

void capture(const load& which) {
    capture_call(which, "add", add_operation{});
    capture_call(which, "record", record_operation{});
    capture_call(which, "text", text_operation{});
    capture_request(which, "batch", batch_request());
    // No encoding of doubles is shorter than eight bytes each: the floor moves these, whatever text the subjects send.
    const std::string binary = framed(std::string(doubles_count * sizeof(double), '\0'));
    for (const char* name : {"doubles", "decimals", "packed"}) frame_pair{binary, binary}.save(which.frames + '/' + name);
}

}  // namespace bench
