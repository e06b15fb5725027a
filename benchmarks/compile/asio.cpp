// The floor of a program that uses Asio for TCP: nothing but its headers, and a read.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

void read(boost::asio::ip::tcp::socket& socket, char* into) {
    socket.async_read_some(boost::asio::buffer(into, 1), [](boost::system::error_code, std::size_t) {});
}
