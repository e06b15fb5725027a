#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace farcall::detail {

/// Calls a function, in which Asio uses the memory of coroutines and handlers again.
///
/// It does so only on threads that run one of its own contexts; on others it asks the system each time.
/// @param function  as a rule all that the thread does
template <class Function>
void with_asio_memory(Function&& function) {
    boost::asio::io_context context{1};
    boost::asio::post(context, [&] { function(); });
    context.run();
}

}  // namespace farcall::detail
