#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <ratio>
#include <regex>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include "support.hpp"

namespace schema_test {

/// The schema of a type, and of the types that it refers to if there are any.
template <class T>
std::string schema() {
    farcall::detail::text_buffer text;
    farcall::json_writer out{text};
    farcall::schema_components components;
    farcall::schema_writer writer{out, components};
    farcall::write_schema<T>(writer);
    std::string all{text.view()};
    if (!components.empty()) {
        farcall::detail::text_buffer more;
        farcall::json_writer definitions{more};
        components.write(definitions);
        EXPECT_TRUE(definitions.ok());
        all += " where " + std::string{more.view()};
    }
    EXPECT_TRUE(out.ok());
    return all;
}

constexpr std::string_view int8 = R"({"type":"integer","minimum":-128,"maximum":127})";
constexpr std::string_view text = R"({"type":"string"})";

struct point {
    int x;
    std::optional<std::string> label;
};

struct tree {
    std::int8_t value;
    std::vector<tree> children;
};

namespace other {
struct point {
    bool on;
};
namespace {
struct point {
    std::monostate nothing;
};
}  // namespace
}  // namespace other

struct three_points {
    point first;
    other::point second;
    const point third;
    std::shared_ptr<point> fourth;
};

struct empty {};

template <class T>
struct page {
    std::vector<T> items;
};

class account {
public:
    explicit account(std::string owner) : owner_(std::move(owner)) {}

private:
    std::string owner_;
    std::unique_ptr<account> parent_;
    BOOST_DESCRIBE_CLASS(account, (), (), (), (owner_, parent_))
};

BOOST_DEFINE_ENUM_CLASS(colour, red, green)
enum class level : std::uint8_t { low, high };

struct currency {};
struct version {};
struct silent {};

}  // namespace schema_test

namespace farcall {
template <>
struct codec<schema_test::currency> {
    static void schema(schema_writer& out) { out.raw(R"({"type":"string","pattern":"^[A-Z]{3}$"})"); }
};
template <>
struct codec<schema_test::version> {
    static constexpr json_kinds kinds = json_kind::string | json_kind::number;
};
template <>
struct codec<schema_test::silent> {};
}  // namespace farcall

namespace schema_test {

TEST(schema, bounds_integers_by_their_type) {
    EXPECT_EQ(schema<std::int8_t>(), int8);
    EXPECT_EQ(schema<std::uint16_t>(), R"({"type":"integer","minimum":0,"maximum":65535})");
    EXPECT_EQ(schema<int>(), R"({"type":"integer","minimum":-2147483648,"maximum":2147483647})");
    EXPECT_EQ(schema<std::int64_t>(),
              R"({"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807})");
    EXPECT_EQ(schema<std::uint64_t>(), R"({"type":"integer","minimum":0,"maximum":18446744073709551615})");
}

TEST(schema, of_other_simple_types_is_their_json_kind) {
    EXPECT_EQ(schema<bool>(), R"({"type":"boolean"})");
    EXPECT_EQ(schema<double>(), R"({"type":"number"})");
    EXPECT_EQ(schema<std::string>(), text);
    EXPECT_EQ(schema<std::string_view>(), text);
    EXPECT_EQ(schema<std::filesystem::path>(), text);
    EXPECT_EQ(schema<std::monostate>(), R"({"type":"null"})");
    EXPECT_EQ(schema<std::nullptr_t>(), R"({"type":"null"})");
    EXPECT_EQ(schema<farcall::json>(), "{}");
    EXPECT_EQ(schema<const bool>(), R"({"type":"boolean"})");
}

// The largest float as the shortest text is a little above it when it is read as a double.
TEST(schema, lets_the_largest_float_pass) {
    EXPECT_EQ(schema<float>(), R"({"type":"number","minimum":-3.4028235e+38,"maximum":3.4028235e+38})");
}

TEST(schema, of_text_with_a_form_is_a_pattern) {
    EXPECT_EQ(schema<char>(), R"({"type":"string","pattern":"^[\\u0000-\\u007F]$"})");
    EXPECT_EQ(schema<std::vector<std::byte>>(), farcall::detail::base64_schema);
    EXPECT_EQ(schema<std::chrono::system_clock::time_point>(), farcall::detail::date_time_schema);
    for (const std::string_view raw : {farcall::detail::base64_schema, farcall::detail::date_time_schema})
        EXPECT_TRUE(farcall::json::parse(raw).has_value()) << raw;
}

/// The pattern of a schema, as a regular expression.
std::regex pattern_of(const std::string& schema) {
    const auto parsed = farcall::json::parse(schema);
    EXPECT_TRUE(parsed.has_value()) << schema;
    return std::regex{parsed.value()["pattern"].as<std::string>()};
}

TEST(schema, has_a_pattern_of_base64_that_agrees_with_the_decoder) {
    const std::regex pattern = pattern_of(std::string{farcall::detail::base64_schema});
    const std::vector<std::string> texts{"",     "QQ==", "QR==", "QUI=", "QUJ=", "QUJD", "QUJDRA==", "QUJDREU=", "QQ",
                                         "QQ=",  "====", "=",    "Q===", "QU=D", "QQ==QQ==", "QU D", "QUJ-",     "QUJ_",
                                         "AA==", "Aw==", "/w==", "//8=", "///w", "+/+/", "QUJD\n"};
    for (const std::string& sample : texts) {
        std::vector<std::byte> value;
        farcall::codec_error ignored;
        const std::string json{farcall::json{sample}.text()};
        EXPECT_EQ(std::regex_match(sample, pattern), farcall::decode(json, value, ignored)) << sample;
    }
}

TEST(schema, has_a_pattern_of_points_in_time_that_agrees_with_the_decoder) {
    const std::regex pattern = pattern_of(std::string{farcall::detail::date_time_schema});
    const std::vector<std::string> texts{
        "2024-02-29T12:30:00Z",      "2024-02-29t12:30:00z",  "2024-02-29T12:30:00.123456789012Z",
        "2024-02-29T12:30:00+23:59", "2024-02-29T12:30:00.Z", "2024-02-29T12:30:00",
        "2024-13-29T12:30:00Z",      "2024-00-29T12:30:00Z",  "2024-01-32T12:30:00Z",
        "2024-01-00T12:30:00Z",      "2024-01-31T24:00:00Z",  "2024-01-31T23:60:00Z",
        "2024-01-31T23:59:60Z",      "2024-01-31 23:59:59Z",  "24-01-31T23:59:59Z",
        "2024-01-31T23:59:59+24:00", "2024-01-31T23:59:59-0100", ""};
    for (const std::string& sample : texts) {
        std::chrono::sys_time<std::chrono::milliseconds> value;
        farcall::codec_error ignored;
        const std::string json{farcall::json{sample}.text()};
        EXPECT_EQ(std::regex_match(sample, pattern), farcall::decode(json, value, ignored)) << sample;
    }
}

TEST(schema, of_a_duration_says_its_unit) {
    EXPECT_EQ(schema<std::chrono::milliseconds>(),
              R"({"description":"milliseconds","type":"integer","minimum":-9223372036854775808,)"
              R"("maximum":9223372036854775807})");
    using namespace std::chrono;
    EXPECT_EQ((schema<duration<double>>()), R"({"description":"seconds","type":"number"})");
    EXPECT_EQ((schema<duration<float, std::ratio<86400>>>()).substr(0, 22), R"({"description":"days",)");
    EXPECT_EQ((schema<duration<double, std::ratio<1, 30>>>()),
              R"({"description":"multiples of 1/30 seconds","type":"number"})");
    EXPECT_EQ((schema<duration<double, std::ratio<1000>>>()),
              R"({"description":"multiples of 1000 seconds","type":"number"})");
}

TEST(schema, of_a_container_has_that_of_its_elements) {
    const std::string list = R"({"type":"array","items":)" + std::string{int8} + "}";
    EXPECT_EQ(schema<std::vector<std::int8_t>>(), list);
    EXPECT_EQ(schema<std::deque<std::int8_t>>(), list);
    EXPECT_EQ(schema<std::list<std::int8_t>>(), list);
    EXPECT_EQ(schema<std::vector<bool>>(), R"({"type":"array","items":{"type":"boolean"}})");
    const std::string set = R"({"type":"array","items":{"type":"string"},"uniqueItems":true})";
    EXPECT_EQ(schema<std::set<std::string>>(), set);
    EXPECT_EQ(schema<std::unordered_set<std::string>>(), set);
    EXPECT_EQ((schema<std::array<bool, 3>>()),
              R"({"type":"array","items":{"type":"boolean"},"minItems":3,"maxItems":3})");
    EXPECT_EQ((schema<std::array<bool, 0>>()),
              R"({"type":"array","items":{"type":"boolean"},"minItems":0,"maxItems":0})");
}

TEST(schema, of_a_tuple_has_one_for_each_place) {
    EXPECT_EQ((schema<std::tuple<bool, std::string>>()),
              R"({"type":"array","items":[{"type":"boolean"},{"type":"string"}],"minItems":2,"maxItems":2})");
    EXPECT_EQ((schema<std::pair<const bool, double>>()),
              R"({"type":"array","items":[{"type":"boolean"},{"type":"number"}],"minItems":2,"maxItems":2})");
    EXPECT_EQ(schema<std::tuple<>>(), R"({"type":"array","minItems":0,"maxItems":0})");
}

TEST(schema, of_a_map_bounds_the_names) {
    EXPECT_EQ((schema<std::map<std::string, bool>>()),
              R"({"type":"object","additionalProperties":{"type":"boolean"}})");
    EXPECT_EQ((schema<std::unordered_map<char, bool>>()),
              R"({"type":"object","propertyNames":{"type":"string","pattern":"^[\\u0000-\\u007F]$"},)"
              R"("additionalProperties":{"type":"boolean"}})");
    EXPECT_EQ((schema<std::map<colour, bool>>()),
              R"({"type":"object","propertyNames":{"$ref":"#/components/schemas/colour"},)"
              R"("additionalProperties":{"type":"boolean"}})"
              R"( where {"colour":{"title":"colour","type":"string","enum":["red","green"]}})");
    EXPECT_EQ((schema<std::map<std::uint8_t, bool>>()), (schema<std::map<level, bool>>()));
}

/// Whether a name is one for the schema and for the codec.
template <class Key>
void expect_agreement(const std::regex& pattern, const std::string& name) {
    std::map<Key, int> value;
    farcall::codec_error ignored;
    EXPECT_EQ(std::regex_match(name, pattern), farcall::decode("{\"" + name + "\":1}", value, ignored)) << name;
}

template <class Key>
std::regex names_of_map() {
    const auto whole = farcall::json::parse(schema<std::map<Key, int>>());
    return pattern_of(std::string{whole.value()["propertyNames"].text()});
}

TEST(schema, has_a_pattern_of_small_integers_that_agrees_with_the_codec_everywhere) {
    const std::regex small = names_of_map<std::int8_t>();
    const std::regex unsigned_small = names_of_map<std::uint8_t>();
    for (int i = -1200; i <= 1200; ++i) {
        expect_agreement<std::int8_t>(small, std::to_string(i));
        expect_agreement<std::uint8_t>(unsigned_small, std::to_string(i));
    }
    for (const std::string name : {"", "-", "-0", "00", "07", "-07", "+7", " 7", "7 ", "7.0", "1e1", "x"}) {
        expect_agreement<std::int8_t>(small, name);
        expect_agreement<std::uint8_t>(unsigned_small, name);
    }
}

TEST(schema, has_a_pattern_of_large_integers_that_agrees_with_the_codec_at_the_bounds) {
    const std::regex wide = names_of_map<std::int64_t>();
    const std::regex natural = names_of_map<std::uint64_t>();
    for (const std::string name :
         {"9223372036854775806", "9223372036854775807", "9223372036854775808", "9223372036854775817", "10000000000000000000",
          "-9223372036854775807", "-9223372036854775808", "-9223372036854775809", "-9223372036854775818",
          "18446744073709551614", "18446744073709551615", "18446744073709551616", "18446744073709551620",
          "18446744073709552000", "20000000000000000000", "99999999999999999999", "100000000000000000000", "0", "1", "-1"}) {
        expect_agreement<std::int64_t>(wide, name);
        expect_agreement<std::uint64_t>(natural, name);
    }
}

TEST(schema, of_what_may_be_null_says_so) {
    EXPECT_EQ(schema<std::optional<bool>>(), R"({"anyOf":[{"type":"boolean"},{"type":"null"}]})");
    EXPECT_EQ(schema<std::unique_ptr<const bool>>(), R"({"anyOf":[{"type":"boolean"},{"type":"null"}]})");
}

TEST(schema, of_a_variant_is_one_of_its_alternatives) {
    EXPECT_EQ((schema<std::variant<std::monostate, bool, std::string>>()),
              R"({"oneOf":[{"type":"null"},{"type":"boolean"},{"type":"string"}]})");
}

TEST(schema, of_a_variant_with_tags_has_the_tags) {
    EXPECT_EQ((schema<std::variant<std::int8_t, double>>()),
              R"({"oneOf":[{"type":"object","properties":{"type":{"const":"int8"},"value":)" + std::string{int8} +
                  R"(},"required":["type","value"]},{"type":"object","properties":{"type":{"const":"double"},)"
                  R"("value":{"type":"number"}},"required":["type","value"]}]})");
}

TEST(schema, describes_a_struct_once_under_its_name) {
    EXPECT_EQ(schema<std::vector<point>>(),
              R"({"type":"array","items":{"$ref":"#/components/schemas/point"}} where )"
              R"({"point":{"title":"point","type":"object","properties":{)"
              R"("x":{"type":"integer","minimum":-2147483648,"maximum":2147483647},)"
              R"("label":{"anyOf":[{"type":"string"},{"type":"null"}]}},"required":["x"]}})");
    EXPECT_EQ(schema<empty>(),
              R"({"$ref":"#/components/schemas/empty"} where {"empty":{"title":"empty","type":"object","properties":{}}})");
}

TEST(schema, lets_a_type_contain_itself) {
    EXPECT_EQ(schema<tree>(), R"({"$ref":"#/components/schemas/tree"} where {"tree":{"title":"tree","type":"object",)"
                              R"("properties":{"value":{"type":"integer","minimum":-128,"maximum":127},)"
                              R"("children":{"type":"array","items":{"$ref":"#/components/schemas/tree"}}},)"
                              R"("required":["value","children"]}})");
}

TEST(schema, shows_described_private_members) {
    EXPECT_EQ(schema<account>(), R"({"$ref":"#/components/schemas/account"} where {"account":{"title":"account",)"
                                 R"("type":"object","properties":{"owner_":{"type":"string"},)"
                                 R"("parent_":{"anyOf":[{"$ref":"#/components/schemas/account"},{"type":"null"}]}},)"
                                 R"("required":["owner_"]}})");
}

TEST(schema, tells_types_of_one_name_apart) {
    const std::string all = schema<three_points>();
    EXPECT_NE(all.find(R"("first":{"$ref":"#/components/schemas/point"})"), std::string::npos) << all;
    EXPECT_NE(all.find(R"("second":{"$ref":"#/components/schemas/schema_test.other.point"})"), std::string::npos) << all;
    EXPECT_NE(all.find(R"("third":{"$ref":"#/components/schemas/point"})"), std::string::npos) << all;
    EXPECT_NE(all.find(R"("fourth":{"anyOf":[{"$ref":"#/components/schemas/point"},{"type":"null"}]})"),
              std::string::npos)
        << all;
    farcall::schema_components names;
    const auto define = [](farcall::schema_writer& out) { out.any(); };
    const auto define_other = [](farcall::schema_writer& out) { out.null(); };
    const auto define_third = [](farcall::schema_writer& out) { out.boolean(); };
    EXPECT_EQ(names.name_of("a::b", define), "b");
    EXPECT_EQ(names.name_of("b", define_other), "b_2");
    EXPECT_EQ(names.name_of("a::b", define_third), "a.b");
    EXPECT_EQ(names.name_of("a::b", define), "b");
}

TEST(schema, names_templates_by_plain_characters) {
    EXPECT_NE(schema<page<point>>().find("#/components/schemas/page_point\""), std::string::npos);
    const auto name_of = [](std::string_view type) {
        farcall::schema_components names;
        return std::string{names.name_of(type, nullptr)};
    };
    EXPECT_EQ(name_of("page<bank::account>"), "page_account");
    EXPECT_EQ(name_of("shop::page<bank::account, 3>"), "page_account_3");
    EXPECT_EQ(name_of("pair<std::pair<int, int> >"), "pair_pair_int_int");
    EXPECT_EQ(name_of("f()::local"), "f_local");
    EXPECT_EQ(name_of("{anonymous}::hidden"), "anonymous_hidden");
    EXPECT_EQ(name_of("::"), "type");
    farcall::schema_components names;
    EXPECT_EQ(names.name_of("page<account>", nullptr), "page_account");
    EXPECT_EQ(names.name_of("shop::page<bank::account>", [](farcall::schema_writer& out) { out.any(); }),
              "shop.page_bank.account");
}

TEST(schema, of_enums_is_their_names_or_numbers) {
    EXPECT_EQ(schema<colour>(),
              R"({"$ref":"#/components/schemas/colour"} where {"colour":{"title":"colour","type":"string",)"
              R"("enum":["red","green"]}})");
    EXPECT_EQ(schema<level>(), R"({"$ref":"#/components/schemas/level"} where {"level":{"title":"level","type":"integer",)"
                               R"("minimum":0,"maximum":255}})");
}

TEST(schema, may_be_given_by_a_codec_of_the_users_own) {
    EXPECT_EQ(schema<currency>(), R"({"type":"string","pattern":"^[A-Z]{3}$"})");
    EXPECT_EQ(schema<std::vector<currency>>(), R"({"type":"array","items":{"type":"string","pattern":"^[A-Z]{3}$"}})");
}

TEST(schema, is_made_of_the_kinds_where_a_codec_has_none) {
    EXPECT_EQ(schema<version>(), R"({"type":["number","string"]})");
    EXPECT_EQ(schema<silent>(), "{}");
}

TEST(schema, forgets_a_description_that_has_no_place) {
    farcall::detail::text_buffer buffer;
    farcall::json_writer out{buffer};
    farcall::schema_components components;
    farcall::schema_writer writer{out, components};
    out.begin_array();
    writer.described("lost").raw("{}");
    writer.boolean();
    writer.described("lost").component("t", [](farcall::schema_writer& to) { to.any(); });
    writer.boolean();
    out.end_array();
    EXPECT_EQ(buffer.view(), R"([{},{"type":"boolean"},{"$ref":"#/components/schemas/t"},{"type":"boolean"}])");
}

}  // namespace schema_test
