#include <farcall/codec/codecs.hpp>

#include <cstddef>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include <boost/describe/enum.hpp>

#include "support.hpp"

using codec_test::encoded;
using codec_test::exact_text;

namespace hostile_test {

enum class color { red, green };
BOOST_DESCRIBE_ENUM(color, red, green)

struct leaf {
    double number;
    std::string text;
    std::optional<color> paint;
};

struct everything {
    int id;
    std::vector<leaf> leaves;
    std::map<std::string, std::vector<int>> lists;
    std::map<int, bool> flags;
    std::set<std::string> words;
    std::tuple<int, std::string> both;
    std::variant<std::monostate, int, std::string, leaf> some;
    std::variant<int, double> tagged;
    std::vector<std::byte> bytes;
    std::unique_ptr<everything> next;
    std::chrono::system_clock::time_point when;
    farcall::json any;
    char letter;
    std::array<float, 2> pair;
};

const std::string_view valid[] = {
    R"({"id":-12,"leaves":[{"number":1.5e-3,"text":"a\n\u00e4\ud83d\ude00","paint":"red"},{"number":-0,"text":"","paint":null}],)"
    "\"lists\":{\"a b\":[1,2,3],\"\xc3\xa4\xf0\x9f\x98\x80\":[]},"
    R"("flags":{"-1":true,"7":false},"words":["x","y"],"both":[1,"two"],"some":{"number":2,"text":"t"},)"
    R"("tagged":{"type":"double","value":2.5},"bytes":"AP8=","next":null,"when":"2024-02-29T12:30:00.5+01:00",)"
    R"("any":[{"x":[null,true,1e999]}],"letter":"c","pair":[0.5,1]})",
    R"( { "pair" : [ 1 , 2 ] , "letter" : "\"" , "any" : { } , "when" : "1969-12-31T23:59:59Z" , "bytes" : "" ,
        "tagged" : { "value" : 3 , "type" : "int32" } , "some" : "text" , "both" : [ 2 , "" ] , "words" : [ ] ,
        "flags" : { } , "lists" : { } , "leaves" : [ ] , "id" : 1e2 , "unknown" : [ { "deep" : [ "\\" ] } ] } )",
};

}  // namespace hostile_test

using hostile_test::everything;

namespace {

/// Decodes without a wish for the outcome, and holds what is true of every outcome.
bool survives(std::string_view text) {
    const exact_text copy{text};
    everything value{};
    farcall::codec_error error;
    const bool good = farcall::decode(copy.view(), value, error);
    const bool is_json = farcall::json::parse(copy.view()).has_value();
    if (good) {
        EXPECT_TRUE(is_json) << text;
        // What was accepted can be written, and read again.
        EXPECT_EQ(encoded(codec_test::decoded<everything>(encoded(value))), encoded(value));
    } else {
        EXPECT_FALSE(error.message.empty());
        EXPECT_LE(error.offset, text.size());
        EXPECT_LE(error.path.size(), 10'000u);
        EXPECT_LE(error.message.size(), 1000u);
        EXPECT_FALSE(error.malformed && is_json) << text << ": " << error.text();
    }
    return good;
}

}  // namespace

TEST(hostile_text, valid_texts_are_accepted) {
    for (std::string_view text : hostile_test::valid) EXPECT_TRUE(survives(text));
}

TEST(hostile_text, every_beginning_of_a_valid_text_is_malformed) {
    for (std::string_view text : hostile_test::valid) {
        for (std::size_t size = 0; size < text.find_last_of('}'); ++size) {
            const exact_text copy{text.substr(0, size)};
            everything value{};
            farcall::codec_error error;
            EXPECT_FALSE(farcall::decode(copy.view(), value, error)) << copy.view();
            EXPECT_TRUE(error.malformed || error.message.find("expected") != std::string::npos) << error.text();
            EXPECT_FALSE(farcall::json::parse(copy.view())) << copy.view();
        }
    }
}

TEST(hostile_text, every_byte_may_be_any_other) {
    for (std::string_view text : hostile_test::valid) {
        for (std::size_t at = 0; at != text.size(); ++at) {
            for (int byte :
                 std::initializer_list<int>{0x00, 0x0a, 0x1f, 0x20, '"', '\\', ',',  ':',  '[',  ']',  '{',  '}',
                                            '0',  '9',  '-',  'e',  '.', 'u',  0x7f, 0x80, 0xc0, 0xed, 0xf4, 0xff}) {
                std::string changed{text};
                changed[at] = static_cast<char>(byte);
                survives(changed);
            }
        }
    }
}

TEST(hostile_text, every_byte_may_be_missing_or_there_twice) {
    for (std::string_view text : hostile_test::valid) {
        for (std::size_t at = 0; at != text.size(); ++at) {
            std::string changed{text};
            changed.erase(at, 1);
            survives(changed);
            changed = text;
            changed.insert(at, 1, text[at]);
            survives(changed);
        }
    }
}

TEST(hostile_text, many_changes_at_a_time_are_survived) {
    std::mt19937_64 random{4};
    for (int round = 0; round != 4000; ++round) {
        std::string text{hostile_test::valid[random() % 2]};
        for (std::uint64_t changes = 1 + random() % 6; changes != 0; --changes) {
            const std::size_t at = random() % text.size();
            const std::size_t size = random() % 12;
            switch (random() % 4) {
                case 0:
                    text[at] = static_cast<char>(random());
                    break;
                case 1:
                    text.erase(at, size);
                    break;
                case 2:
                    text.insert(at, text.substr(random() % text.size(), size));
                    break;
                default:
                    text.replace(at, size, text.substr(random() % text.size(), size));
                    break;
            }
            if (text.empty()) text = "{";
        }
        survives(text);
    }
}

TEST(hostile_text, random_bytes_are_survived) {
    std::mt19937_64 random{5};
    constexpr std::string_view alphabet = "{}[],:\"\\u0123456789eE+-.truefalsn \n\xc3\xa4\xff";
    for (int round = 0; round != 20'000; ++round) {
        std::string text(random() % 64, '\0');
        for (char& c : text) c = round % 2 == 0 ? static_cast<char>(random()) : alphabet[random() % alphabet.size()];
        survives(text);
    }
}

TEST(hostile_text, a_megabyte_of_anything_ends_soon) {
    for (std::string_view piece : {"[", "{\"next\":", "{\"any\":[", "[[],", "\"", "\\", " ", "1", "-", ",", "\xff",
                                   "{\"a\":1,", "{},", "{\"leaves\":[{\"text\":\""}) {
        std::string text;
        while (text.size() < 1'000'000) text += piece;
        EXPECT_FALSE(survives(text));
    }
    std::string wide = R"({"any":[)";
    for (int i = 0; i != 300'000; ++i) wide += "{},";
    EXPECT_FALSE(survives(wide + "{}]}"));
    EXPECT_FALSE(survives("{\"" + std::string(1'000'000, 'n') + "\":1}"));
    std::string escapes = "\"";
    for (int i = 0; i != 200'000; ++i) escapes += "\\u0000";
    EXPECT_EQ(codec_test::decoded<std::string>(escapes + '"').size(), 200'000u);
}

TEST(hostile_text, recursion_through_a_type_ends_at_the_depth_limit) {
    std::string text;
    for (int i = 0; i != 100'000; ++i) text += "{\"next\":";
    const exact_text copy{text};
    everything value{};
    farcall::codec_error error;
    EXPECT_FALSE(farcall::decode(copy.view(), value, error));
    EXPECT_TRUE(error.malformed);
    EXPECT_EQ(error.message, "nested deeper than 64");
}
