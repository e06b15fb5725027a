// expect: no farcall::interceptor: the class has neither before(farcall::intercepted_call&), nor after(
#include <farcall/client_options.hpp>

struct watcher {
#if defined(TWIN)
    void after(farcall::intercepted_call&, farcall::call_outcome&) {}
#else
    void after(farcall::call_outcome&) {}
#endif
};

farcall::client_options make() {
    farcall::client_options options;
    options.attempt_interceptors.emplace_back(watcher{});
    return options;
}
