// expect: no farcall::observer: the class has none of the functions connection_up, connection_down,
#include <farcall/client_options.hpp>

struct watcher {
#if defined(TWIN)
    void call_ended(const farcall::call_event&) {}
#else
    void call_ended(int) {}
#endif
};

farcall::client_options make() {
    farcall::client_options options;
    options.observers = {watcher{}};
    return options;
}
