#include "greeter.hpp"

namespace linkage {

std::string greet_through(const std::string& url, const std::string& name) {
    Greeter::proxy greeter{url};
    return greeter.greet(name) + std::to_string(greeter.length(name));
}

}  // namespace linkage
