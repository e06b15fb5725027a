#pragma once

#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <string_view>

namespace farcall::testing {

/// A text in memory of exactly its size, so that a sanitizer sees a read of one byte too many.
class exact_text {
public:
    explicit exact_text(std::string_view text) : bytes_(new char[text.size()]), size_(text.size()) {
        if (size_ != 0) std::memcpy(bytes_.get(), text.data(), size_);
    }

    operator std::string_view() const { return {bytes_.get(), size_}; }
    std::string_view view() const { return {bytes_.get(), size_}; }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_;
};

/// A text with a few random changes, as a hostile or broken peer could make them.
inline std::string mutated(std::string text, std::mt19937& random) {
    static constexpr std::string_view pieces[] = {"{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  "\"",
                                                  ",",
                                                  ":",
                                                  "\\",
                                                  "0",
                                                  "1",
                                                  "-",
                                                  ".",
                                                  "e9",
                                                  " ",
                                                  "\n",
                                                  "null",
                                                  "true",
                                                  "\"id\":",
                                                  "\"method\":\"m\"",
                                                  "\"params\":",
                                                  "\"result\":1",
                                                  "\"error\":{}",
                                                  ",\"id\":8",
                                                  "\\u0069",
                                                  "\\udc00",
                                                  "1e400",
                                                  "\x80",
                                                  "\xC3\xA9",
                                                  "\"jsonrpc\":\"2.0\",",
                                                  "{}",
                                                  "[]",
                                                  "\"meta\":{}",
                                                  "\x7F",
                                                  "\x01"};
    const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
    for (std::size_t times = 1 + below(3); times > 0; --times) {
        const std::size_t at = below(text.size() + 1);
        switch (below(6)) {
            case 0: text.erase(at, 1 + below(4)); break;
            case 1: text.insert(at, pieces[below(std::size(pieces))]); break;
            case 2:
                if (at < text.size()) text[at] = static_cast<char>(static_cast<unsigned char>(below(256)));
                break;
            case 3: text.insert(at, text.substr(below(text.size() + 1), below(24))); break;
            case 4: text.replace(at, below(8), pieces[below(std::size(pieces))]); break;
            default: text.resize(text.size() - below(text.size() / 4 + 1)); break;
        }
    }
    return text;
}

}  // namespace farcall::testing
