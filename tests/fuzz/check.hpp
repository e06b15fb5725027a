#pragma once

#include <stdexcept>

namespace fuzz {

/// A parser has broken a promise; libFuzzer sees a program that ends with an uncaught exception.
struct broken_promise : std::logic_error {
    using std::logic_error::logic_error;
};

inline void check(bool good, const char* promise) {
    if (!good) throw broken_promise{promise};
}

}  // namespace fuzz
