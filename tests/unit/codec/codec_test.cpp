#include <farcall/codec/codecs.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/describe/enum.hpp>

#include "support.hpp"

using codec_test::decode_error;
using codec_test::decoded;
using codec_test::encode_error;
using codec_test::encoded;
using codec_test::expect_form;

namespace batch_test {

enum class operation { add, subtract, multiply, divide };
BOOST_DESCRIBE_ENUM(operation, add, subtract, multiply, divide)
enum class priority { low = -1, normal = 0, high = 1 };

struct calculation {
    operation kind;
    double left;
    double right;
    std::optional<std::string> comment;
    bool operator==(const calculation&) const = default;
};

struct client_info {
    std::string name;
    std::map<std::string, std::string> labels;
    bool operator==(const client_info&) const = default;
};

struct batch_request {
    std::uint64_t request_id;
    priority urgency;
    client_info client;
    std::vector<calculation> calculations;
    std::map<std::string, std::vector<std::optional<int>>> history;
    std::vector<std::byte> signature;
    std::optional<std::chrono::milliseconds> timeout;
    std::chrono::sys_time<std::chrono::milliseconds> sent;
    std::variant<std::monostate, bool, std::string> hint;
    bool operator==(const batch_request&) const = default;
};

batch_request sample() {
    return {.request_id = 18446744073709551615u,
            .urgency = priority::low,
            .client = {"Ada", {{"tenant", "a7"}, {"zone b", "\xc3\xa4"}}},
            .calculations = {{operation::add, 5, 3, {}}, {operation::divide, 10, 0.1, "by a tenth"}},
            .history = {{"empty", {}}, {"some", {1, std::nullopt, -3}}},
            .signature = {std::byte{0}, std::byte{255}},
            .timeout = std::chrono::milliseconds{250},
            .sent = std::chrono::sys_days{std::chrono::year{2024} / 2 / 29},
            .hint = std::string{"fast"}};
}

constexpr std::string_view sample_text =
    R"({"request_id":18446744073709551615,"urgency":-1,"client":{"name":"Ada","labels":{"tenant":"a7","zone b":")"
    "\xc3\xa4"
    R"("}},"calculations":[{"kind":"add","left":5,"right":3,"comment":null},)"
    R"({"kind":"divide","left":10,"right":0.1,"comment":"by a tenth"}],"history":{"empty":[],"some":[1,null,-3]},)"
    R"("signature":"AP8=","timeout":250,"sent":"2024-02-29T00:00:00.000Z","hint":"fast"})";

/// A class of a user with a codec of its own.
class money {
public:
    money() = default;
    explicit money(long cents) : cents_(cents) {}
    long cents() const { return cents_; }
    bool operator==(const money&) const = default;

private:
    long cents_ = 0;
};

/// A template of a user whose codec hands its part to another codec.
template <class T>
class tagged {
public:
    tagged() = default;
    T value{};
    bool operator==(const tagged&) const = default;
};

/// A user's string-like key that may be missing.
class nickname {
public:
    nickname() = default;
    std::string text = "none";
};

struct person {
    money wealth;
    tagged<std::vector<money>> history;
    nickname nick;
};

}  // namespace batch_test

template <>
struct farcall::codec<batch_test::money> {
    static bool encode(json_writer& out, const batch_test::money& value) {
        return value.cents() < 0 ? out.fail("money is never negative")
                                 : out.string(std::to_string(value.cents()) + " ct");
    }
    static bool decode(json_reader& in, batch_test::money& value) {
        std::string text;
        if (!in.string(text)) return false;
        if (!text.ends_with(" ct")) return in.fail("expected money as \"100 ct\", found \"" + text + '"');
        value = batch_test::money{std::stol(text)};
        return true;
    }
};

template <class T>
struct farcall::codec<batch_test::tagged<T>> {
    static bool encode(json_writer& out, const batch_test::tagged<T>& value) {
        if (!out.begin_object() || !out.key("tagged")) return false;
        if (!farcall::encode(out, value.value)) return out.at_member("tagged");
        out.end_object();
        return true;
    }
    static bool decode(json_reader& in, batch_test::tagged<T>& value) {
        if (!in.begin_object()) return false;
        for (std::string_view name; in.next_member(name);) {
            if (name != "tagged") return in.fail("expected only \"tagged\"");
            if (!farcall::decode(in, value.value)) return in.at_member("tagged");
        }
        return in.ok();
    }
};

template <>
struct farcall::codec<batch_test::nickname> {
    static bool encode(json_writer& out, const batch_test::nickname& value) { return out.string(value.text); }
    static bool decode(json_reader& in, batch_test::nickname& value) { return in.string(value.text); }
    static void absent(batch_test::nickname& value) { value.text = "absent"; }
};

using namespace batch_test;

TEST(codec, nested_data_of_every_kind_survives) {
    EXPECT_EQ(encoded(sample()), sample_text);
    EXPECT_EQ(decoded<batch_request>(sample_text), sample());
    EXPECT_EQ(decoded<batch_request>(encoded(batch_request{})), batch_request{});
}

TEST(codec, ignores_what_a_newer_peer_adds_and_misses_nothing_optional_of_an_older_one) {
    EXPECT_EQ(decoded<calculation>(R"({"precision":9,"kind":"add","left":1,"right":2})"),
              (calculation{operation::add, 1, 2, {}}));
}

TEST(codec, errors_lead_to_the_culprit_through_every_container) {
    const auto change = [](std::string_view from, std::string_view to) {
        std::string text{sample_text};
        text.replace(text.find(from), from.size(), to);
        return decode_error<batch_request>(text);
    };
    EXPECT_EQ(change("\"left\":10", "\"left\":\"10\""), "calculations[1].left: expected number, found string");
    EXPECT_EQ(change("\"divide\"", "\"power\""),
              "calculations[1].kind: expected one of \"add\", \"subtract\", \"multiply\", \"divide\", found \"power\"");
    EXPECT_EQ(change("-3]", "-3.5]"), "history.some[2]: expected integer, found -3.5");
    EXPECT_EQ(change("\"a7\"", "7"), "client.labels.tenant: expected string, found number");
    EXPECT_EQ(change("\"\xc3\xa4\"", "[]"), "client.labels[\"zone b\"]: expected string, found array");
    EXPECT_EQ(change("AP8=", "AP8"), "signature: expected base64 text, of a length that is no multiple of 4");
    EXPECT_EQ(change("18446744073709551615", "18446744073709551616"),
              "request_id: 18446744073709551616 is out of range (0 to 18446744073709551615)");
    EXPECT_EQ(change("\"fast\"", "{}"), "hint: expected null or boolean or string, found object");
    EXPECT_EQ(change("250", "true"), "timeout: expected integer, found boolean");
}

TEST(codec, of_a_user_is_used_wherever_its_type_appears) {
    expect_form(money{150}, "\"150 ct\"");
    expect_form(std::map<std::string, money>{{"a", money{1}}}, R"({"a":"1 ct"})");
    expect_form(tagged<int>{}, R"({"tagged":0})");
    const person rich = decoded<person>(R"({"wealth":"5 ct","history":{"tagged":["1 ct"]},"nick":"x"})");
    EXPECT_EQ(rich.history.value.at(0), money{1});
    EXPECT_EQ(encoded(rich), R"({"wealth":"5 ct","history":{"tagged":["1 ct"]},"nick":"x"})");
}

TEST(codec, of_a_user_has_its_errors_put_in_place) {
    EXPECT_EQ(decode_error<person>(R"({"wealth":"5 ct","history":{"tagged":["1 ct","2"]},"nick":"x"})"),
              "history.tagged[1]: expected money as \"100 ct\", found \"2\"");
    EXPECT_EQ(decode_error<tagged<int>>(R"({"other":1})"), "expected only \"tagged\"");
    EXPECT_EQ(encode_error(std::vector<money>{money{1}, money{-1}}), "[1]: money is never negative");
}

TEST(codec, of_a_user_may_let_its_type_be_absent) {
    EXPECT_EQ(decoded<person>(R"({"wealth":"5 ct","history":{}})").nick.text, "absent");
}

TEST(encode, leaves_the_buffer_as_it_was_when_it_fails) {
    farcall::detail::text_buffer out;
    farcall::codec_error error;
    ASSERT_TRUE(farcall::encode(out, 1, error));
    ASSERT_FALSE(farcall::encode(out, std::vector<double>{1, 1 / 0.0}, error));
    EXPECT_EQ(out.view(), "1");
    EXPECT_EQ(error.path, "[1]");
}

TEST(decode, wants_the_whole_text) {
    EXPECT_EQ(decoded<int>(" 1 "), 1);
    EXPECT_EQ(decode_error<int>("1 2"), "malformed: expected the end of the text, found '2'");
    EXPECT_EQ(decode_error<std::vector<int>>("[1]]"), "malformed: expected the end of the text, found ']'");
    EXPECT_EQ(decode_error<int>(std::string_view{"1\0", 2}),
              "malformed: expected the end of the text, found byte 0x00");
}

TEST(decode, takes_the_depth_limit_of_its_caller) {
    std::vector<std::vector<int>> value;
    farcall::codec_error error;
    EXPECT_TRUE(farcall::decode("[[1]]", value, error, 2));
    EXPECT_FALSE(farcall::decode("[[1]]", value, error, 1));
    EXPECT_TRUE(error.malformed);
    EXPECT_EQ(error.text(), "[0]: nested deeper than 1");
}
