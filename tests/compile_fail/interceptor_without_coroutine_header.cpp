// expect: an interceptor with around needs #include <farcall/interceptor/coroutine.hpp>
#include <boost/asio/awaitable.hpp>

#include <farcall/client_options.hpp>
#if defined(TWIN)
#include <farcall/interceptor/coroutine.hpp>
#endif

struct watcher {
    boost::asio::awaitable<farcall::call_outcome> around(farcall::intercepted_call& call, farcall::next_call& next);
};

farcall::client_options make() {
    farcall::client_options options;
    options.interceptors = {watcher{}};
    return options;
}
