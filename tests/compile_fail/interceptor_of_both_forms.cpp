// expect: an interceptor has either around, or before and after, not both
#include <farcall/client_options.hpp>
#include <farcall/interceptor/coroutine.hpp>

struct watcher {
    boost::asio::awaitable<farcall::call_outcome> around(farcall::intercepted_call&, farcall::next_call& next) {
        return next();
    }
#if !defined(TWIN)
    void after(farcall::intercepted_call&, farcall::call_outcome&) {}
#endif
};

farcall::client_options make() {
    farcall::client_options options;
    options.interceptors = {watcher{}};
    return options;
}
