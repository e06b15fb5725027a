#pragma once

#include <any>
#include <forward_list>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <farcall/call_side.hpp>
#include <farcall/clock.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/metadata.hpp>
#include <farcall/method.hpp>
#include <farcall/peer.hpp>
#include <farcall/trace_context.hpp>

namespace farcall {

/// One call on its way through the interceptors, on the client or on the server.
///
/// The members are what the call says; those that are not `const` may be changed on the way in, and what is further
/// in, the peer and the handler see the change.
/// @par Thread safety  Unsafe: belongs to the interceptor that is being run.
class intercepted_call {
public:
    /// @param now  tells the time, here as in simulations; must outlive the call
    intercepted_call(call_side where, std::string name, const method_info* declared, const clock_source& now)
        : side(where), method(std::move(name)), info(declared), clock_(&now), began_(now.now()) {}

    const call_side side;           ///< whose interceptors these are
    const std::string method;       ///< the name on the wire, "Calculator.add"; on a server perhaps of no method
    const method_info* const info;  ///< what is declared of the method; null: nothing is known
    std::string params{};           ///< JSON text of the arguments, an array or an object; empty: none
    metadata headers{};             ///< travel with the call
    trace_context trace{};          ///< travels with the call, and to what the handler calls
    time_point deadline = never;    ///< may be made earlier; later has no effect on a server
    unsigned attempt = 1;           ///< on a client's `interceptors` always 1: they see the call, not its attempts
    bool one_way = false;           ///< a notification: its outcome goes nowhere
    std::string id{};               ///< on a server: the request's id as JSON text; empty for a notification
    std::shared_ptr<farcall::peer> peer{};  ///< on a server: the connection; null on a client
    /// On a server: who the caller has proved to be; at first what its connection has. An interceptor that asks for a
    /// proof sets it; empty: anybody.
    std::string principal{};
    std::string server{};           ///< on a client: the URL; empty on a server
    /// On a client, behind the call: names of the headers of which `attempt_interceptors` have sent other values than
    /// `headers` has.
    std::vector<std::string> changed_by_attempts{};
    std::stop_token stop{};         ///< stop is requested when nobody waits for the call any more

    /// The present time.
    time_point now() const { return clock_->now(); }
    /// What a calendar says now.
    std::chrono::system_clock::time_point wall() const { return clock_->wall(); }
    /// When the call came to the first interceptor.
    time_point began() const noexcept { return began_; }

    /// An object of this call for an interceptor to keep between `before` and `after`: made with `T{}` at the first use,
    /// one a type.
    template <class T>
    T& local() {
        for (std::any& each : locals_)
            if (T* found = std::any_cast<T>(&each)) return *found;
        return locals_.emplace_front().emplace<T>();
    }

private:
    const clock_source* clock_;
    time_point began_;
    std::forward_list<std::any> locals_;
};

}  // namespace farcall
