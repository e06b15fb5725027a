#pragma once

#include <functional>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/client.hpp>

#include "command_line.hpp"
#include "commands.hpp"

namespace tool {

/// Makes the client with which the server is asked, on an executor.
using make_client = std::function<farcall::client(boost::asio::any_io_executor)>;
/// Says why a call failed, and with which status the program ends.
using report_failure = std::function<exit_status(const farcall::error&)>;

/// `farcall top`: shows what a server does, until it is told to quit; or once.
exit_status top(const request& asked, streams io, const make_client& connect, const report_failure& report);

}  // namespace tool
