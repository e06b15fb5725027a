// expect: an interceptor's before(farcall::intercepted_call&) returns void or std::optional<farcall::call_outcome>
#include <farcall/client_options.hpp>

struct watcher {
#if defined(TWIN)
    std::optional<farcall::call_outcome> before(farcall::intercepted_call&) { return {}; }
#else
    bool before(farcall::intercepted_call&) { return true; }
#endif
    void after(farcall::intercepted_call&, farcall::call_outcome&) {}
};

farcall::client_options make() {
    farcall::client_options options;
    options.interceptors = {watcher{}};
    return options;
}
