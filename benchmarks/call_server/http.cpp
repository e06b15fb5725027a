#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "../support/tell.hpp"
#include "subjects.hpp"

namespace bench {

namespace {

using tcp = boost::asio::ip::tcp;
using socket_type = boost::asio::basic_stream_socket<tcp, boost::asio::io_context::executor_type>;
using acceptor_type = boost::asio::basic_socket_acceptor<tcp, boost::asio::io_context::executor_type>;

/// One connection of the floor: reads, answers what is complete, and tries the socket before it would wait for it.
class http_connection : public std::enable_shared_from_this<http_connection> {
public:
    explicit http_connection(socket_type socket) : socket_(std::move(socket)) {
        socket_.set_option(tcp::no_delay{true});
        socket_.non_blocking(true);
    }

    void read() {
        socket_.async_read_some(boost::asio::buffer(room_), [self = shared_from_this()](boost::system::error_code failure,
                                                                                         std::size_t count) {
            if (failure) return;
            self->received_.append(self->room_, count);
            self->answer();
        });
    }

private:
    void answer() {
        constexpr std::string_view reply =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 35\r\n\r\n"
            R"({"jsonrpc":"2.0","id":1,"result":8})";
        constexpr std::string_view field = "Content-Length: ";
        for (;;) {
            const std::size_t end = received_.find("\r\n\r\n");
            if (end == std::string::npos) break;
            const std::size_t length = received_.find(field);
            const std::size_t whole = end + 4 + std::strtoul(received_.c_str() + length + field.size(), nullptr, 10);
            if (received_.size() < whole) break;
            received_.erase(0, whole);
            out_ += reply;
        }
        boost::system::error_code failure;
        if (!out_.empty()) socket_.write_some(boost::asio::buffer(out_), failure);
        out_.clear();
        if (!failure) read();
    }

    socket_type socket_;
    char room_[4096];
    std::string received_;
    std::string out_;
};

void accept(acceptor_type& acceptor) {
    acceptor.async_accept([&acceptor](boost::system::error_code failure, socket_type socket) {
        if (failure) return;
        std::make_shared<http_connection>(std::move(socket))->read();
        accept(acceptor);
    });
}

}  // namespace

/// The floor of HTTP: finds the end of each request as simply as that can be done, checks nothing, and answers with the
/// bytes that farcall answers to `Calculator.add(5, 3)`.
void serve_http(const serving&) {
    boost::asio::io_context context{1};
    acceptor_type acceptor{context, {boost::asio::ip::address_v4::loopback(), 0}};
    tell(acceptor.local_endpoint().port());
    accept(acceptor);
    context.run();
}

}  // namespace bench
