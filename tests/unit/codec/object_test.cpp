#include <farcall/codec/object.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "support.hpp"

using codec_test::decode_error;
using codec_test::decoded;
using codec_test::encode_error;
using codec_test::encoded;
using codec_test::expect_form;

namespace object_test {

struct point {
    int x;
    int y;
    bool operator==(const point&) const = default;
};

struct line {
    std::string item;
    double price;
    std::optional<int> count;
    bool operator==(const line&) const = default;
};

struct order {
    int id;
    std::vector<line> lines;
    std::unique_ptr<point> where;
    std::shared_ptr<std::string> note;
};

struct empty {
    bool operator==(const empty&) const = default;
};

struct holder {
    empty nothing;
    bool operator==(const holder&) const = default;
};

struct tree {
    int value = 0;
    std::vector<tree> children;
    bool operator==(const tree&) const = default;
};

struct chain {
    std::unique_ptr<chain> next;
};

struct base {
    int inherited = 1;
    BOOST_DESCRIBE_CLASS(base, (), (inherited), (), ())
};
class derived : public base {
public:
    derived() = default;
    explicit derived(int secret) : secret_(secret) {}
    bool operator==(const derived& other) const { return secret_ == other.secret_ && inherited == other.inherited; }

private:
    int secret_ = 0;
    BOOST_DESCRIBE_CLASS(derived, (base), (), (), (secret_))
};

struct with_default {
    int a = 7;
    std::optional<int> b = 8;
};

struct umlaut {
    int größe = 1;
};

}  // namespace object_test

using namespace object_test;

TEST(object, has_its_members_by_name_in_order) {
    expect_form(point{1, -2}, R"({"x":1,"y":-2})");
    expect_form(line{"pen", 1.5, 3}, R"({"item":"pen","price":1.5,"count":3})");
    expect_form(line{"pen", 1.5, {}}, R"({"item":"pen","price":1.5,"count":null})");
    expect_form(empty{}, "{}");
    expect_form(holder{}, R"({"nothing":{}})");
}

TEST(object, owns_what_pointers_own) {
    order value{1, {{"pen", 2, {}}}, std::make_unique<point>(point{3, 4}), std::make_shared<std::string>("hi")};
    const std::string text =
        R"({"id":1,"lines":[{"item":"pen","price":2,"count":null}],"where":{"x":3,"y":4},"note":"hi"})";
    EXPECT_EQ(encoded(value), text);
    const order back = decoded<order>(text);
    EXPECT_EQ(*back.where, (point{3, 4}));
    EXPECT_EQ(*back.note, "hi");
    EXPECT_EQ(encoded(order{}), R"({"id":0,"lines":[],"where":null,"note":null})");
}

TEST(object, takes_its_members_in_any_order) {
    std::vector<std::string> members{R"("item":"a")", R"("price":2)", R"("count":3)", R"("unknown":[{}])"};
    std::sort(members.begin(), members.end());
    do {
        std::string text = "{";
        for (const std::string& member : members) text += member + ",";
        text.back() = '}';
        EXPECT_EQ(decoded<line>(text), (line{"a", 2, 3})) << text;
    } while (std::next_permutation(members.begin(), members.end()));
}

TEST(object, takes_white_space_between_all_tokens) {
    EXPECT_EQ(decoded<point>(" { \"x\" : 1 , \"y\" : 2 } "), (point{1, 2}));
    EXPECT_EQ(decoded<point>("\n{\t\"y\"\r:\n1,\"x\":2\n}"), (point{2, 1}));
    EXPECT_EQ(decoded<point>("{\"x\":1, \"y\":2}"), (point{1, 2}));
}

TEST(object, takes_names_that_are_written_with_escapes) {
    EXPECT_EQ(decoded<point>(R"({"\u0078":1,"\u0079":2})"), (point{1, 2}));
    EXPECT_EQ(decode_error<point>(R"({"x":1,"\u0078":2,"y":3})"), "x: repeated member");
}

TEST(object, ignores_unknown_members_but_checks_them) {
    EXPECT_EQ(decoded<point>(R"({"z":[1,{"x":9}],"x":1,"w":"\u00e4","y":2,"v":1e999})"), (point{1, 2}));
    EXPECT_EQ(decode_error<point>(R"({"x":1,"z":[1,],"y":2})"), "malformed: expected a value, found ']'");
    EXPECT_EQ(decode_error<point>("{\"x\":1,\"z\":\"\xff\",\"y\":2}"), "malformed: invalid UTF-8");
    EXPECT_EQ(decode_error<point>("{\"x\":1,\"y\":2,\"\xff\":3}"), "malformed: invalid UTF-8");
    EXPECT_EQ(decode_error<point>(R"({"x":1,"y":2,"z":"\udc00"})"), "malformed: lone surrogate \\udc00");
    EXPECT_EQ(decode_error<point>(R"({"x":1,"y":2,"z":01})"), "malformed: expected digit, found '1'");
    EXPECT_EQ(decode_error<point>("{\"z\":" + std::string(64, '[') + std::string(64, ']') + ",\"x\":1,\"y\":2}"),
              "malformed: nested deeper than 64");
    EXPECT_EQ(decoded<point>("{\"z\":" + std::string(63, '[') + std::string(63, ']') + ",\"x\":1,\"y\":2}"),
              (point{1, 2}));
}

TEST(object, refuses_a_missing_member_by_name) {
    EXPECT_EQ(decode_error<point>("{}"), "x: missing member");
    EXPECT_EQ(decode_error<point>(R"({"x":1})"), "y: missing member");
    EXPECT_EQ(decode_error<point>(R"({"y":1})"), "x: missing member");
    EXPECT_EQ(decode_error<order>(R"({"id":1,"lines":[{"item":"a"}]})"), "lines[0].price: missing member");
}

TEST(object, takes_optionals_and_pointers_for_empty_when_they_are_missing_or_null) {
    EXPECT_EQ(decoded<line>(R"({"item":"a","price":1})").count, std::nullopt);
    EXPECT_EQ(decoded<line>(R"({"item":"a","price":1,"count":null})").count, std::nullopt);
    EXPECT_EQ(decoded<line>(R"({"item":"a","price":1,"count":0})").count, 0);
    const order value = decoded<order>(R"({"id":1,"lines":[]})");
    EXPECT_EQ(value.where, nullptr);
    EXPECT_EQ(value.note, nullptr);
    EXPECT_EQ(decoded<with_default>(R"({"a":1})").b, std::nullopt);
}

TEST(object, overwrites_what_the_value_held) {
    order value{1, {{"pen", 2, 3}}, std::make_unique<point>(), std::make_shared<std::string>("old")};
    farcall::codec_error error;
    ASSERT_TRUE(farcall::decode(R"({"id":2,"lines":[]})", value, error));
    EXPECT_EQ(value.id, 2);
    EXPECT_TRUE(value.lines.empty());
    EXPECT_EQ(value.where, nullptr);
    EXPECT_EQ(value.note, nullptr);
}

TEST(object, a_default_does_not_make_a_member_optional) {
    EXPECT_EQ(decode_error<with_default>(R"({"b":1})"), "a: missing member");
}

TEST(object, refuses_a_repeated_member_wherever_it_stands) {
    EXPECT_EQ(decode_error<point>(R"({"x":1,"x":1,"y":2})"), "x: repeated member");
    EXPECT_EQ(decode_error<point>(R"({"x":1,"y":2,"x":1})"), "x: repeated member");
    EXPECT_EQ(decode_error<point>(R"({"x":1,"y":2,"y":1})"), "y: repeated member");
    EXPECT_EQ(decode_error<line>(R"({"item":"a","price":1,"count":null,"count":null})"), "count: repeated member");
}

TEST(object, says_where_and_what) {
    EXPECT_EQ(decode_error<order>(R"({"id":1,"lines":[{"item":"a","price":1},{"item":"a","price":"1"}]})"),
              "lines[1].price: expected number, found string");
    EXPECT_EQ(decode_error<order>(R"({"id":1,"lines":{}})"), "lines: expected array, found object");
    EXPECT_EQ(decode_error<order>(R"({"id":1,"lines":[[]]})"), "lines[0]: expected object, found array");
    EXPECT_EQ(decode_error<order>(R"({"id":1,"lines":[],"where":{"x":1,"y":null}})"),
              "where.y: expected integer, found null");
    EXPECT_EQ(decode_error<order>("[]"), "expected object, found array");
    EXPECT_EQ(decode_error<order>("7"), "expected object, found number");
    EXPECT_EQ(decode_error<order>("null"), "expected object, found null");
    EXPECT_EQ(decode_error<order>(R"({"id":1,"lines":[{"item":"\q"}]})"),
              "malformed: lines[0].item: unknown escape in a string");
}

TEST(object, says_where_a_value_has_no_json_form) {
    EXPECT_EQ(encode_error(order{1, {{"a", 1, {}}, {"\xff", 2, {}}}, {}, {}}),
              "lines[1].item: text is not valid UTF-8 at byte 0; send bytes as std::vector<std::byte>");
    EXPECT_EQ(encode_error(order{1, {{"a", 1 / 0.0, {}}}, {}, {}}),
              "lines[0].price: infinity has no JSON form; use std::optional for a number that may be missing");
}

TEST(object, recursion_ends_at_the_depth_limit) {
    tree deep;
    tree* at = &deep;
    // Each level is an object with an array in it.
    for (int i = 1; i != 32; ++i) at = &at->children.emplace_back();
    EXPECT_EQ(decoded<tree>(encoded(deep)), deep);
    at->children.emplace_back();
    std::string path;
    for (int i = 1; i != 32; ++i) path += "children[0].";
    EXPECT_EQ(encode_error(deep), path + "children[0]: nested deeper than 64");

    std::string text;
    for (int i = 0; i != 64; ++i) text += R"({"next":)";
    const std::string closing(64, '}');
    EXPECT_TRUE(decoded<chain>(text + "null" + closing).next != nullptr);
    EXPECT_TRUE(decode_error<chain>(R"({"next":)" + text + "null" + closing + "}").ends_with("nested deeper than 64"));
}

TEST(object, a_long_list_of_pointers_does_not_overflow_the_stack_when_it_is_written) {
    // Freed by hand, level by level, because the destructors would recurse, too.
    auto head = std::make_unique<chain>();
    for (int i = 0; i != 100'000; ++i) {
        auto longer = std::make_unique<chain>();
        longer->next = std::move(head);
        head = std::move(longer);
    }
    EXPECT_TRUE(encode_error(*head).ends_with("nested deeper than 64"));
    while (head) head = std::move(head->next);
}

TEST(object, a_cycle_of_shared_pointers_ends_at_the_depth_limit) {
    struct ring {
        std::shared_ptr<ring> next;
    };
    ring value;
    value.next = std::make_shared<ring>();
    value.next->next = value.next;
    EXPECT_TRUE(encode_error(value).ends_with("nested deeper than 64"));
    value.next->next = nullptr;
}

TEST(object, a_described_class_brings_bases_and_private_members) {
    expect_form(derived{5}, R"({"inherited":1,"secret_":5})");
    EXPECT_EQ(decoded<derived>(R"({"secret_":6,"inherited":1})"), derived{6});
    EXPECT_EQ(decode_error<derived>(R"({"secret_":6})"), "inherited: missing member");
}

TEST(object, a_local_struct_works_like_any_other) {
    struct local {
        int a;
        std::vector<int> b;
    };
    expect_form(local{1, {2}}, R"({"a":1,"b":[2]})");
}

TEST(object, names_may_be_written_in_any_script) {
    EXPECT_EQ(encoded(umlaut{3}),
              "{\"gr\xc3\xb6\xc3\x9f"
              "e\":3}");
    EXPECT_EQ(decoded<umlaut>("{\"gr\\u00f6\\u00dfe\":4}").größe, 4);
}

TEST(object, many_unknown_members_take_linear_time) {
    std::string text = R"({"x":1)";
    for (int i = 0; i != 100'000; ++i) text += ",\"unknown_" + std::to_string(i) + "\":0";
    EXPECT_EQ(decoded<point>(text + ",\"y\":2}"), (point{1, 2}));
}
