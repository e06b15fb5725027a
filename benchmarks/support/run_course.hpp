#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "course.hpp"

namespace bench {

/// Runs an event loop until all calls of a course have ended, as programs run theirs: once, not once an event.
///
/// @param start  starts the first calls
template <class Start>
void run_course(boost::asio::io_context& context, course& calls, const Start& start) {
    const auto work = boost::asio::make_work_guard(context);
    calls.when_ended([&] { context.stop(); });
    context.restart();
    start();
    context.run();
}

}  // namespace bench
