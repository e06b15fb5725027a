// expect: an interceptor's around(farcall::intercepted_call&, farcall::next_call&) returns boost::asio::awaitable<farcall::call_outcome>
#include <farcall/client_options.hpp>
#include <farcall/interceptor/coroutine.hpp>

struct watcher {
#if defined(TWIN)
    boost::asio::awaitable<farcall::call_outcome> around(farcall::intercepted_call&, farcall::next_call& next) {
        return next();
    }
#else
    farcall::call_outcome around(farcall::intercepted_call&, farcall::next_call&) { return {}; }
#endif
};

farcall::client_options make() {
    farcall::client_options options;
    options.interceptors = {watcher{}};
    return options;
}
