#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// What is measured without sockets: `once()` does it one time.
struct codec_subject {
    std::string name;
    std::size_t bytes;  ///< on the wire
    std::function<void()> once;
};

/// Tells the compiler that a value is needed.
template <class T>
void keep(const T& value) {
    asm volatile("" : : "r"(&value) : "memory");
}

/// The main function of a program that takes and prints what benchmarks/codec.cpp does.
inline int codec_main(int count, char** arguments, const std::vector<codec_subject>& subjects) {
    using clock = std::chrono::steady_clock;
    for (const codec_subject& one : subjects) {
        if (count > 1 && one.name != arguments[1]) continue;
        if (count > 2) {
            for (long left = std::atol(arguments[2]); left > 0; --left) one.once();
            continue;
        }
        double best = 1e300;
        for (int round = 0; round < 20; ++round) {
            const auto began = clock::now();
            long times = 0;
            do {
                for (int i = 0; i < 16; ++i) one.once();
                times += 16;
            } while (clock::now() - began < std::chrono::milliseconds{5});
            best = std::min(best, std::chrono::duration<double, std::nano>(clock::now() - began).count() / static_cast<double>(times));
        }
        std::printf("{\"subject\":\"%s\",\"ns\":%.1f,\"bytes\":%zu}\n", one.name.c_str(), best, one.bytes);
    }
    return 0;
}

}  // namespace bench
