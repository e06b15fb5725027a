// The swarm: many schedules of calls and faults, each from one seed, checked against a ledger of effects.
//
//     swarm [--seeds A..B] [--without fault,fault] [--mutant name] [--twice] [--trace]
//
// Ends with 0 if no schedule broke a promise. The first one that does is told with the command that replays it.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include <farcall/detail/mutant.hpp>
#include <farcall/testing/seeds.hpp>

#include "schedule.hpp"

namespace {

struct arguments {
    std::string program{};
    farcall::testing::seed_range seeds{1, 1'000};
    swarm::fault_set without{};
    std::string without_names{};
    std::string mutant{};
    bool twice = false;
    bool trace = false;
};

[[noreturn]] void explain(const char* program) {
    std::string names;
    for (const std::string_view each : swarm::fault_names) names.append(names.empty() ? "" : " ").append(each);
    std::fprintf(stderr, "usage: %s [--seeds A..B] [--without fault,fault] [--mutant name] [--twice] [--trace]\n"
                         "faults: %s\n", program, names.c_str());
    std::exit(2);
}

arguments read(int argc, char** argv) {
    arguments made;
    made.program = argv[0];
    for (int i = 1; i < argc; ++i) {
        const std::string_view name{argv[i]};
        const bool more = i + 1 < argc;
        if (name == "--twice") {
            made.twice = true;
        } else if (name == "--trace") {
            made.trace = true;
        } else if (name == "--seeds" && more && farcall::testing::parse_seeds(argv[i + 1])) {
            made.seeds = *farcall::testing::parse_seeds(argv[++i]);
        } else if (name == "--mutant" && more) {
            made.mutant = argv[++i];
        } else if (name == "--without" && more && swarm::fault_set::parse(argv[i + 1])) {
            made.without_names = argv[++i];
            made.without = *swarm::fault_set::parse(made.without_names);
        } else {
            explain(argv[0]);
        }
    }
    return made;
}

bool run(const arguments& asked, std::uint64_t seed, swarm::tally& all) {
    const swarm::plan plan = swarm::planner{seed}.draw(seed, asked.without);
    if (asked.trace) std::cout << "seed " << seed << ", faults: " << plan.faults.names() << '\n';
    swarm::outcome found;
    try {
        found = swarm::schedule{plan, asked.trace}.run();
        if (asked.twice && swarm::schedule{plan, false}.run().hash != found.hash)
            found.violations.push_back("the same seed gave another history");
    } catch (const std::exception& thrown) {
        found.violations.push_back(std::string{"thrown: "} + thrown.what());
    }
    all += found.ends;
    if (found.violations.empty()) return true;
    std::cout << "seed " << seed << ", faults: " << plan.faults.names() << '\n';
    for (const std::string& each : found.violations) std::cout << "  " << each << '\n';
    std::cout << "replay: " << asked.program << " --seeds " << seed << ".." << seed;
    if (!asked.without_names.empty()) std::cout << " --without " << asked.without_names;
    if (!asked.mutant.empty()) std::cout << " --mutant " << asked.mutant;
    std::cout << " --trace" << std::endl;
    return false;
}

/// Schedules are worth something only if all kinds of ends occur.
bool varied(const swarm::tally& all) {
    return all.answered != 0 && all.not_executed != 0 && all.unknown != 0 && all.repeated != 0 && all.abandoned != 0 &&
           all.late != 0 && all.once_answered != 0;
}

}  // namespace

int main(int argc, char** argv) {
    const arguments asked = read(argc, argv);
    farcall::detail::chosen_mutant = asked.mutant;
    swarm::tally all;
    std::uint64_t done = 0;
    const auto began = std::chrono::steady_clock::now();
    for (const std::uint64_t seed : asked.seeds) {
        if (!run(asked, seed, all)) return 1;
        ++done;
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    std::printf("%llu schedules in %.1f s: %llu calls answered, %llu not executed, %llu unknown (%llu late, %llu "
                "cancelled), %llu repeated, %llu abandoned; exactly once: %llu answered, %llu unknown\n",
                static_cast<unsigned long long>(done), seconds, static_cast<unsigned long long>(all.answered),
                static_cast<unsigned long long>(all.not_executed), static_cast<unsigned long long>(all.unknown),
                static_cast<unsigned long long>(all.late), static_cast<unsigned long long>(all.cancelled),
                static_cast<unsigned long long>(all.repeated), static_cast<unsigned long long>(all.abandoned),
                static_cast<unsigned long long>(all.once_answered), static_cast<unsigned long long>(all.once_unknown));
    if (done >= 1'000 && !varied(all)) {
        std::printf("some kind of end has not occurred: the schedules prove little\n");
        return 1;
    }
    return 0;
}
