#pragma once

#include <cmath>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "record.hpp"

namespace bench {

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
