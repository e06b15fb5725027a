#include <farcall/codec/arriving_text.hpp>

#include <algorithm>
#include <memory>
#include <new>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/codec/codecs.hpp>

#include "support.hpp"

using farcall::json_reader;
using farcall::detail::arriving_text;

namespace {

/// Looks at a message that arrives in parts up to each of the `cuts`, always somewhere else in memory.
struct arrival {
    arrival(std::string_view message, const std::vector<std::size_t>& cuts, bool copies = true) : whole(message) {
        if (!copies) {
            text.look(whole.view(), message.size());
            text.clear();
        }
        for (const std::size_t cut : cuts) {
            const codec_test::exact_text part{message.substr(0, cut)};
            text.look(part.view(), message.size());
        }
        text.look(whole.view(), message.size());
    }

    codec_test::exact_text whole;
    arriving_text text;
};

std::string in_quotes(std::string_view text) { return '"' + std::string{text} + '"'; }

/// What a reader gets of `[...]` with what is known, and without.
template <class T>
void expect_the_same(std::string_view message, const std::vector<std::size_t>& cuts, bool copies) {
    arrival there{message, cuts, copies};
    T wanted{}, got{};
    json_reader plain{there.whole.view()}, helped{there.whole.view()};
    helped.expect(&there.text);
    const bool good = farcall::decode(plain, wanted) && plain.finish();
    ASSERT_EQ(farcall::decode(helped, got) && helped.finish(), good);
    ASSERT_EQ(helped.error().text(), plain.error().text());
    if (good) {
        ASSERT_TRUE(got == wanted);
    }
}

const std::string long_text(5000, 'x');

}  // namespace

TEST(arriving_text, has_the_first_long_string_when_the_message_is_there) {
    const std::string message = R"({"name":"short","text":)" + in_quotes(long_text) + R"(,"other":)" + in_quotes(long_text) + "}";
    const std::size_t begin = message.find("xx");
    for (std::size_t cut = 0; cut < message.size(); cut += 61) {
        arrival there{message, {cut / 2, cut, cut}};
        const char* const at = there.whole.view().data();
        EXPECT_FALSE(there.text.begins_at(at));
        ASSERT_TRUE(there.text.begins_at(at + begin)) << cut;
        EXPECT_EQ(there.text.size(), long_text.size());
        std::string got;
        there.text.take(got);
        EXPECT_TRUE(got == long_text);
        EXPECT_FALSE(there.text.begins_at(at + begin)) << "it is gone";
    }
}

TEST(arriving_text, has_a_string_up_to_its_first_escape) {
    const std::string message = "[\"" + long_text + "\\n" + long_text + "\"]";
    arrival there{message, {100, 4000, 6000}};
    ASSERT_TRUE(there.text.begins_at(there.whole.view().data() + 2));
    EXPECT_EQ(there.text.size(), long_text.size());
}

TEST(arriving_text, has_nothing_of_numbers_behind_a_string) {
    std::string message = R"({"params":[1)";
    while (message.size() < 5000) message += ",1.5";
    message += "]}";
    arrival there{message, {3000}};
    EXPECT_EQ(there.text.size(), 0u);
    EXPECT_EQ(there.text.held(), 0u);
}

TEST(arriving_text, takes_no_memory_for_what_has_not_come) {
    const std::string front = "[\"" + std::string(10'000, 'x');
    arriving_text text;
    text.look(front, std::size_t{1} << 40);
    EXPECT_EQ(text.size(), 10'000u);
    EXPECT_EQ(text.held(), 10'000u) << "what has come, whatever room there is behind it";
}

TEST(arriving_text, gives_a_string_that_does_not_keep_much_more_than_itself) {
    const std::string message = "[\"" + std::string(10'000, 'x') + "\"" + std::string(100'000, ' ') + ']';
    arrival there{message, {10'002}};
    ASSERT_TRUE(there.text.begins_at(there.whole.view().data() + 2));
    std::string taken;
    there.text.take(taken);
    EXPECT_LE(taken.capacity(), 2u * 10'000u);
}

TEST(arriving_text, needs_no_copy) {
    const std::string message = "[\"" + long_text + "\",\"" + long_text + "\"]";
    for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{3000}, message.size()}) {
        const codec_test::exact_text whole{message};
        arriving_text text;
        text.look(whole.view().substr(0, cut), message.size());
        text.keep_no_copy();
        text.look(whole.view(), message.size());
        EXPECT_EQ(text.held(), 0u);
        ASSERT_TRUE(text.begins_at(whole.view().data() + 2));
        std::string taken;
        text.take(taken);
        EXPECT_TRUE(taken == long_text);
    }
}

TEST(arriving_text, is_forgotten_with_its_message_whatever_comes_of_that) {
    const auto text = std::make_unique<arriving_text>();
    const std::string message = "[\"" + long_text + "\"]";
    try {
        const farcall::detail::arriving_text_scope handled{text};
        text->look(message, message.size());
        throw std::bad_alloc{};
    } catch (const std::bad_alloc&) {
    }
    EXPECT_FALSE(text->begun());
    EXPECT_EQ(text->held(), 0u);
}

TEST(arriving_text, begins_nowhere_before_the_message_is_there) {
    const std::string message = "[\"" + long_text + "\"]";
    arriving_text text;
    text.look(std::string_view{message}.substr(0, message.size() - 1), message.size());
    EXPECT_EQ(text.size(), long_text.size());
    EXPECT_FALSE(text.begins_at(message.data() + 2)) << "what lies there later may be something else";
    text.look(message, message.size());
    EXPECT_TRUE(text.begins_at(message.data() + 2));
}

TEST(arriving_text, begins_anew_when_a_message_is_done_with) {
    arrival there{"[\"" + long_text + "\"]", {}};
    ASSERT_EQ(there.text.size(), long_text.size());
    there.text.clear();
    EXPECT_FALSE(there.text.begins_at(there.whole.view().data() + 2));
    EXPECT_EQ(there.text.size(), 0u);
    const codec_test::exact_text other{"[1,2,\"" + std::string(2000, 'y') + "\"]"};
    there.text.look(other.view(), other.view().size());
    EXPECT_TRUE(there.text.begins_at(other.view().data() + 6));
}

TEST(arriving_text, copies_nothing_after_a_string_that_was_not_wanted_as_such) {
    const codec_test::exact_text message{"[\"" + long_text + "\"]"};
    arriving_text text;
    const auto arrive = [&] {
        text.clear();
        EXPECT_FALSE(text.begun());
        text.look(message.view().substr(0, 3000), message.view().size());
        EXPECT_TRUE(text.begun());
        text.look(message.view(), message.view().size());
        EXPECT_EQ(text.size(), long_text.size());
        return text.held() >= long_text.size();
    };
    EXPECT_TRUE(arrive());
    EXPECT_FALSE(arrive());
    std::vector<std::string> got;
    json_reader in{message.view()};
    in.expect(&text);
    EXPECT_TRUE(farcall::decode(in, got) && in.finish());
    EXPECT_TRUE(got == std::vector{long_text}) << "it is there all the same";
    EXPECT_TRUE(arrive());
    std::string_view read_otherwise;
    json_reader view{message.view()};
    view.expect(&text);
    EXPECT_TRUE(view.begin_array() && view.next_element() && view.string(read_otherwise));
    EXPECT_TRUE(read_otherwise == long_text);
    EXPECT_FALSE(arrive());
}

TEST(arriving_text, changes_nothing_of_what_a_reader_gets) {
    std::mt19937 random{3};
    const auto piece = [&]() -> std::string {
        switch (random() % 9) {
            case 0: return "\\n";
            case 1: return "\xC3\xA4";
            case 2: return "\\u00e4";
            case 3: return "\"";  // ends the string too early
            case 4: return "\x01";
            case 5: return ",:]}";
            default: return std::string(random() % 3000, static_cast<char>('a' + random() % 26));
        }
    };
    for (int i = 0; i < 3000; ++i) {
        std::string message = "[";
        for (std::size_t strings = random() % 5; strings != 0; --strings) {
            message += '"';
            for (std::size_t pieces = random() % 4; pieces != 0; --pieces) message += piece();
            message += strings == 1 ? "\"" : "\" ,";
        }
        message += random() % 20 == 0 ? "" : "]";
        std::vector<std::size_t> cuts(random() % 6);
        for (std::size_t& cut : cuts) cut = random() % (message.size() + 1);
        std::sort(cuts.begin(), cuts.end());
        expect_the_same<std::vector<std::string>>(message, cuts, i % 2 == 0);
        expect_the_same<farcall::json>(message, cuts, i % 2 == 0);
        expect_the_same<std::vector<std::optional<std::string>>>(message, cuts, i % 2 == 0);
    }
}

TEST(arriving_text, helps_no_reader_of_a_part_of_the_message) {
    const std::string message = "[\"" + long_text + "\"]";
    arrival there{message, {100}};
    for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4000}, long_text.size() + 2}) {
        json_reader in{there.whole.view().substr(0, size)};
        in.expect(&there.text);
        std::vector<std::string> got;
        EXPECT_FALSE(farcall::decode(in, got) && in.finish()) << size;
    }
    json_reader in{there.whole.view()};
    in.expect(&there.text);
    std::vector<std::string> got;
    EXPECT_TRUE(farcall::decode(in, got) && in.finish());
}
