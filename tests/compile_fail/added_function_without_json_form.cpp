// expect: a function that is added to a server by name has a parameter or a result without JSON form; the compiler's note says which and why
#include <farcall/server.hpp>

int main() {
    farcall::server server;
#if defined(TWIN)
    server.add("double", [](int value) { return 2 * value; });
#else
    server.add("double", [](int* value) { return 2 * *value; });
#endif
}
