#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace bench {

/// A record as programs of every day send it.
struct record {
    std::int64_t id = 0;
    std::string name;
    std::vector<double> samples;
    std::map<std::string, std::string> labels;
    bool active = false;

    bool operator==(const record&) const = default;
};

inline record sample_record() {
    record made{.id = 9'007'199'254'740'993, .name = "sensor-7f3a-0042", .samples = {}, .labels = {}, .active = true};
    // Measured values have few digits, computed ones all of them: half of each.
    for (int i = 0; i < 8; ++i) {
        made.samples.push_back(20.5 + 0.25 * i);
        made.samples.push_back(std::sqrt(2.0 + i));
    }
    made.labels = {{"region", "eu-central-1"}, {"rack", "b-17"}, {"firmware", "2.14.3"}, {"owner", "climate-team"}};
    return made;
}

inline constexpr std::size_t text_size = std::size_t{1} << 20;
inline constexpr std::size_t doubles_count = std::size_t{1} << 17;

/// 1 MiB of words: nothing in it must be escaped.
inline std::string sample_text(std::size_t size = text_size) {
    static constexpr const char* words[] = {"the", "answer", "to", "every", "call", "is", "a", "value", "or", "an", "error"};
    std::mt19937_64 random{7};
    std::string text;
    while (text.size() < size) (text += words[random() % std::size(words)]) += ' ';
    text.resize(size);
    return text;
}

/// 131072 numbers with all their digits, as computations give them.
inline std::vector<double> sample_doubles() {
    std::mt19937_64 random{7};
    std::vector<double> values(doubles_count);
    for (double& one : values) one = 1000.0 * std::ldexp(static_cast<double>(random() >> 11), -53);
    return values;
}

/// 131072 numbers with two digits behind the point, such as prices.
inline std::vector<double> sample_decimals() {
    std::vector<double> values = sample_doubles();
    for (double& one : values) one = std::round(one * 100) / 100;
    return values;
}

}  // namespace bench
