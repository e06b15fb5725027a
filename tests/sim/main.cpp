#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <farcall/testing/seeds.hpp>

#include "support.hpp"

// Beside GoogleTest's own arguments: --seeds A..B (or FARCALL_SEEDS=A..B in the environment), the seeds of the tests
// that run with many, and --trace, which prints every event of the simulated network.
int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    sim_test::program = argv[0];
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument{argv[i]};
        if (argument == "--trace") {
            sim_test::trace = true;
        } else if (argument == "--seeds" && i + 1 < argc && farcall::testing::parse_seeds(argv[i + 1])) {
            setenv("FARCALL_SEEDS", argv[++i], 1);
        } else {
            std::fprintf(stderr, "usage: %s [--seeds A..B] [--trace] [--gtest_filter=suite.test ...]\n", argv[0]);
            return 2;
        }
    }
    return RUN_ALL_TESTS();
}
