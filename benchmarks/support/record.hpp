#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace bench {

/// What a program of some size sends: an identity, text, numbers, a table.
struct record {
    std::int64_t id = 0;
    std::string name;
    std::vector<double> samples;
    std::map<std::string, std::string> labels;
    bool active = false;

    friend bool operator==(const record&, const record&) = default;
};

inline record sample_record() {
    record made{.id = 1'234'567'890'123, .name = "sixteen letters!", .samples = {}, .labels = {}, .active = true};
    for (int i = 0; i != 16; ++i) made.samples.push_back(20.0 + i * 0.37);
    made.labels = {{"city", "Amsterdam"}, {"station", "north-17"}, {"unit", "celsius"}, {"firmware", "2.14.0"}};
    return made;
}

}  // namespace bench
