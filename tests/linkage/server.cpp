// Two translation units that declare, serve and call the same service become one program, and agree on its types.
#include "greeter.hpp"

#include <cstdio>

namespace {

struct greeter {
    std::string greet(std::string name) const {
        if (name.empty()) throw linkage::empty_name{0};
        return "Hello, " + name;
    }
    int length(std::string name) const { return static_cast<int>(name.size()); }
};

int failed(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    return 1;
}

}  // namespace

int main() {
    const std::string url = "memory://linkage";
    farcall::server server;
    server.add<linkage::Greeter>(greeter{});
    server.listen(url);
    server.start();

    linkage::Greeter::proxy here{url};
    if (here.length("Ada") != 3) return failed("the call from this translation unit failed");
    if (linkage::greet_through(url, "Ada") != "Hello, Ada3") return failed("the call from the other one failed");
    try {
        linkage::greet_through(url, "");
        return failed("the declared exception did not come");
    } catch (const linkage::empty_name&) {
    }
}
