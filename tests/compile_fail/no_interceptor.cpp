// expect: no farcall::interceptor: the class has neither before(farcall::intercepted_call&), nor after(
#include <farcall/client_options.hpp>

struct watcher {
#if defined(TWIN)
    void before(farcall::intercepted_call&) {}
#else
    void befor(farcall::intercepted_call&) {}
#endif
};

farcall::client_options make() {
    farcall::client_options options;
    options.interceptors = {watcher{}};
    return options;
}
