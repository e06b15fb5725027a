#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "fuzz/check.hpp"
#include "fuzz/targets.hpp"
#include "unit/protocol/exact_text.hpp"

/// Feeds the fuzz targets what is in tests/fuzz/corpus, and a few random changes of it: what a fuzzer found once stays
/// found.
namespace {

unsigned hex(char digit) {
    const std::size_t value = std::string_view{"0123456789abcdef"}.find(digit);
    if (value == std::string_view::npos) throw std::runtime_error{"a corpus has \\x without two small hex digits"};
    return static_cast<unsigned>(value);
}

/// The bytes of one line: \n, \r, \t, \\ and \xNN stand for what they do in C.
std::string bytes_of(const std::string& line) {
    std::string bytes;
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] != '\\') {
            bytes += line[at];
            continue;
        }
        switch (line.at(++at)) {
            case 'n':
                bytes += '\n';
                break;
            case 'r':
                bytes += '\r';
                break;
            case 't':
                bytes += '\t';
                break;
            case '\\':
                bytes += '\\';
                break;
            case 'x':
                bytes += static_cast<char>(hex(line.at(at + 1)) << 4 | hex(line.at(at + 2)));
                at += 2;
                break;
            default:
                throw std::runtime_error{"a corpus has an escape that is not one: " + line};
        }
    }
    return bytes;
}

std::vector<std::string> corpus(const std::string& name) {
    std::ifstream in{FARCALL_TEST_DATA "/../fuzz/corpus/" + name + ".txt"};
    std::vector<std::string> all;
    for (std::string line; std::getline(in, line);)
        if (!line.starts_with('#')) all.push_back(bytes_of(line));
    return all;
}

void replay(const std::string& name, void (*target)(std::string_view)) {
    const std::vector<std::string> inputs = corpus(name);
    ASSERT_GE(inputs.size(), 10u) << name;
    const auto feed = [&](std::string_view input) {
        try {
            target(input);
        } catch (const fuzz::broken_promise& broken) {
            ADD_FAILURE() << broken.what() << "\n" << ::testing::PrintToString(std::string{input});
        }
    };
    std::mt19937 random{4};
    for (const std::string& input : inputs) {
        feed(input);
        for (int i = 0; i < 20; ++i) feed(farcall::testing::mutated(input, random));
        for (std::size_t size = 0; size < input.size() && size < 200; ++size)
            feed(std::string_view{input}.substr(0, size));
    }
}

TEST(fuzz_corpus, of_answers_breaks_no_promise) {
    replay("answers", &fuzz::answers);
}
TEST(fuzz_corpus, of_content_length_breaks_no_promise) {
    replay("content_length", &fuzz::content_length);
}
TEST(fuzz_corpus, of_http_breaks_no_promise) {
    replay("http", &fuzz::http);
}
TEST(fuzz_corpus, of_json_breaks_no_promise) {
    replay("json", &fuzz::json);
}
TEST(fuzz_corpus, of_lines_breaks_no_promise) {
    replay("line", &fuzz::line);
}
TEST(fuzz_corpus, of_messages_breaks_no_promise) {
    replay("message", &fuzz::message);
}
TEST(fuzz_corpus, of_first_bytes_breaks_no_promise) {
    replay("sniff", &fuzz::sniff);
}
TEST(fuzz_corpus, of_websocket_breaks_no_promise) {
    replay("websocket", &fuzz::websocket);
}

}  // namespace
