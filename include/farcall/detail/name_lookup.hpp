#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace farcall::detail {

/// Looks a host's name up, on a thread that nobody waits for.
///
/// What the system looks up it does not stop when it is told so, and Asio's resolver, whose context waits for that, holds
/// up whoever destroys the context. Here the thread owns all that it needs and may outlive everything else.
/// @par Thread safety  Safe.
class name_lookup {
public:
    using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

    /// Begins to look.
    /// @param done  is called on that thread when it has ended, unless it was abandoned before; must not throw
    static std::shared_ptr<name_lookup> begin(std::string host, std::string port, std::function<void()> done) {
        const auto made = std::make_shared<name_lookup>();
        made->done_ = std::move(done);
        try {
            std::thread([made, host = std::move(host), port = std::move(port)] { made->look(host, port); }).detach();
        } catch (const std::system_error&) {
            made->failure_ = boost::asio::error::no_memory;
            made->ended_ = true;
        }
        return made;
    }

    /// From its return on `done` is neither called nor being called, and is gone.
    void abandon() {
        const std::lock_guard lock{mutex_};
        done_ = nullptr;
    }

    bool ended() const {
        const std::lock_guard lock{mutex_};
        return ended_;
    }

    /// What was found, once it has ended.
    endpoints found(boost::system::error_code& failure) const {
        const std::lock_guard lock{mutex_};
        failure = failure_;
        return found_;
    }

private:
    void look(const std::string& host, const std::string& port) {
        boost::asio::io_context own{1};
        boost::system::error_code failure;
        endpoints all;
        for (const auto& each : boost::asio::ip::tcp::resolver{own}.resolve(host, port, failure)) all.push_back(each.endpoint());
        const std::lock_guard lock{mutex_};
        found_ = std::move(all);
        failure_ = failure;
        ended_ = true;
        if (const auto done = std::exchange(done_, nullptr)) done();
    }

    mutable std::mutex mutex_;
    std::function<void()> done_;
    endpoints found_;
    boost::system::error_code failure_;
    bool ended_ = false;
};

}  // namespace farcall::detail
