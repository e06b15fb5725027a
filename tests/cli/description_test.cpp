#include <set>
#include <string>

#include <gtest/gtest.h>

#include <description.hpp>
#include <output.hpp>
#include <schema_text.hpp>

namespace {

using farcall::json;

// As our server writes it; see server/openrpc.hpp for the extensions.
constexpr const char* bank = R"({
  "openrpc": "1.3.2",
  "info": {"title": "Bank", "version": "1.2"},
  "methods": [
    {"name": "Bank.transfer", "description": "Moves money.", "params": [
        {"name": "from", "required": true, "schema": {"$ref": "#/components/schemas/account"}},
        {"name": "amount", "required": true, "schema": {"type": "integer", "minimum": 0, "maximum": 255}},
        {"name": "note", "schema": {"oneOf": [{"type": "string"}, {"type": "null"}]}}],
      "paramStructure": "either",
      "result": {"name": "result", "schema": {"$ref": "#/components/schemas/receipt"}},
      "errors": [{"code": -32000, "message": "no money"}],
      "x-errors": [{"type": "no_money", "value": {"$ref": "#/components/schemas/colour"}}, {"type": "plain"}],
      "x-semantics": "exactly_once", "x-timeout-ms": 250, "x-aliases": ["Bank.move", "move"]},
    {"name": "Bank.log", "params": [], "paramStructure": "by-position", "deprecated": true, "x-deprecated": "use Bank.read",
      "x-semantics": "idempotent", "x-readonly": true, "x-any-arguments": true}],
  "components": {"schemas": {
    "account": {"title": "account", "type": "object", "properties": {"iban": {"type": "string"},
        "owners": {"type": "array", "items": {"$ref": "#/components/schemas/account"}}}, "required": ["iban"]},
    "receipt": {"type": "object", "properties": {}},
    "colour": {"enum": ["red", "green"]},
    "unused": {"type": "string"}}}})";

tool::description read(std::string_view text) {
    auto made = tool::read_description(json::parse(text).value());
    if (auto* wrong = std::get_if<tool::mistake>(&made)) {
        ADD_FAILURE() << wrong->message;
        return {};
    }
    return std::get<tool::description>(made);
}

std::string type(std::string_view schema) { return tool::type_text(json::parse(schema).value()); }
std::string full(std::string_view schema) { return tool::type_text_in_full(json::parse(schema).value()); }

TEST(description, reads_what_our_server_says) {
    const tool::description server = read(bank);
    EXPECT_EQ(server.title, "Bank");
    ASSERT_EQ(server.methods.size(), 2u);
    EXPECT_EQ(server.methods[0].name, "Bank.log");
    const tool::described_method& transfer = server.methods[1];
    EXPECT_EQ(transfer.parameters.size(), 3u);
    EXPECT_TRUE(transfer.parameters[1].required);
    EXPECT_FALSE(transfer.parameters[2].required);
    EXPECT_EQ(transfer.semantics, "exactly_once");
    EXPECT_EQ(transfer.timeout, "250");
    EXPECT_EQ(server.find("move"), &transfer);
    EXPECT_EQ(server.find("Bank"), nullptr);
}

TEST(description, selects_a_method_a_service_or_all) {
    const tool::description server = read(bank);
    EXPECT_EQ(select(server, "Bank.log").size(), 1u);
    EXPECT_EQ(select(server, "move").size(), 1u);
    EXPECT_EQ(select(server, "Bank").size(), 2u);
    EXPECT_EQ(select(server, "").size(), 2u);
    EXPECT_TRUE(select(server, "Ban").empty());
}

TEST(description, takes_what_foreign_servers_leave_out) {
    EXPECT_TRUE(read(R"({"methods":[]})").methods.empty());
    const tool::description server = read(R"({"info":null,"methods":[{"name":"b"},{"name":"a","params":7,"result":{"name":"r"}},
        {"params":[]},5,{"name":"c","params":[{"$ref":"#/components/contentDescriptors/id"},{"$ref":"#/nowhere"}]}],
        "components":{"contentDescriptors":{"id":{"name":"id","required":true,"schema":{"type":"string"}}}}})");
    ASSERT_EQ(server.methods.size(), 3u);
    EXPECT_EQ(tool::signature_text(server.methods[0]), "a() -> any");
    EXPECT_EQ(tool::signature_text(server.methods[1]), "b()");
    EXPECT_EQ(tool::signature_text(server.methods[2]), "c(id: string, ?: any)");
}

TEST(description, follows_no_circle) {
    const tool::description server =
        read(R"({"methods":[{"$ref":"#/methods/0"},{"name":"a","params":[{"$ref":"#/x"}]}],"x":{"$ref":"#/x"}})");
    EXPECT_EQ(server.methods.size(), 1u);
}

TEST(description, refuses_what_is_no_openrpc) {
    for (const char* text : {"{}", "[]", "7", "null", R"({"methods":{}})", R"("methods")"}) {
        const auto made = tool::read_description(json::parse(text).value());
        ASSERT_TRUE(std::holds_alternative<tool::mistake>(made)) << text;
        EXPECT_NE(std::get<tool::mistake>(made).message.find("no OpenRPC document"), std::string::npos);
    }
}

TEST(type_text, has_words_for_schemas) {
    EXPECT_EQ(type(R"({"type":"integer","minimum":0})"), "integer");
    EXPECT_EQ(type(R"({})"), "any");
    EXPECT_EQ(type(R"(true)"), "any");
    EXPECT_EQ(type(R"({"type":["string","null"]})"), "string | null");
    EXPECT_EQ(type(R"({"oneOf":[{"type":"integer"},{"type":"null"},{"type":"integer"}]})"), "integer | null");
    EXPECT_EQ(type(R"({"anyOf":[{"type":"integer"},{"$ref":"#/components/schemas/a"}]})"), "integer | a");
    EXPECT_EQ(type(R"({"enum":["red",1,null]})"), "\"red\" | 1 | null");
    EXPECT_EQ(type(R"({"const":"circle"})"), "\"circle\"");
    EXPECT_EQ(type(R"({"type":"array"})"), "any[]");
    EXPECT_EQ(type(R"({"type":"array","items":{"type":"array","items":{"type":"number"}}})"), "number[][]");
    EXPECT_EQ(type(R"({"type":"array","items":{"type":["string","null"]}})"), "(string | null)[]");
    EXPECT_EQ(type(R"({"type":"array","items":[{"type":"string"},{"type":"number"}]})"), "[string, number]");
    EXPECT_EQ(type(R"({"type":"array","prefixItems":[{"type":"string"}]})"), "[string]");
    EXPECT_EQ(type(R"({"type":"object"})"), "object");
    EXPECT_EQ(type(R"({"type":"object","additionalProperties":{"type":"integer"}})"), "{text: integer}");
    EXPECT_EQ(type(R"({"properties":{"a":{"type":"string"},"b":{}},"required":["a"]})"), "{a: string, b?: any}");
    EXPECT_EQ(type(R"({"$ref":"https://example.org/x.json"})"), "https://example.org/x.json");
}

TEST(type_text, ends_however_deep_a_schema_nests) {
    std::string deep = "{}";
    for (int i = 0; i != 20; ++i) deep = "{\"type\":\"array\",\"items\":" + deep + '}';
    EXPECT_EQ(type(deep), "any[][][][][][][][]");
}

TEST(type_text, tells_bounds_in_full) {
    EXPECT_EQ(full(R"({"type":"integer","minimum":-128,"maximum":127})"), "integer, -128 to 127");
    EXPECT_EQ(full(R"({"type":"number","minimum":0})"), "number, at least 0");
    EXPECT_EQ(full(R"({"type":"number","maximum":1.5})"), "number, at most 1.5");
    EXPECT_EQ(full(R"({"type":"string","format":"date-time"})"), "string, date-time");
    EXPECT_EQ(full(R"({"type":"string","contentEncoding":"base64","description":"a key"})"), "string, base64, a key");
}

TEST(list_text, has_a_line_a_method) {
    EXPECT_EQ(tool::list_text(read(bank)),
              "Bank.log(...)  deprecated\n"
              "Bank.transfer(from: account, amount: integer, note?: string | null) -> receipt  Moves money.\n");
    EXPECT_EQ(tool::list_json(read(bank)), "[\"Bank.log\",\"Bank.transfer\"]\n");
    EXPECT_EQ(tool::list_json(read(R"({"methods":[]})")), "[]\n");
    EXPECT_EQ(tool::list_text(read(R"({"methods":[{"name":"a\u001b[0m"}]})")), "a\\u001b[0m()\n");
}

TEST(describe_text, tells_all_of_a_method_and_its_types) {
    const tool::description server = read(bank);
    EXPECT_EQ(tool::describe_text(server, select(server, "Bank.transfer")),
              "Bank.transfer(from: account, amount: integer, note?: string | null) -> receipt\n"
              "  Moves money.\n"
              "  runs exactly once, deadline 250 ms\n"
              "  also called Bank.move, move\n"
              "  from             account\n"
              "  amount           integer, 0 to 255\n"
              "  note             optional; string | null\n"
              "  result           receipt\n"
              "  error -32000     no money\n"
              "  throws no_money  colour\n"
              "  throws plain\n"
              "\n"
              "types\n"
              "  account  {iban: string, owners?: account[]}\n"
              "  colour   \"red\" | \"green\"\n"
              "  receipt  object\n");
}

TEST(describe_text, tells_what_a_deprecated_method_is_replaced_by) {
    const tool::description server = read(bank);
    EXPECT_EQ(tool::describe_text(server, select(server, "Bank.log")),
              "Bank.log(...)\n"
              "  deprecated: use Bank.read\n"
              "  readonly, arguments by position only\n");
}

TEST(describe_text, begins_with_the_server) {
    const tool::description server = read(bank);
    EXPECT_EQ(tool::describe_text(server, select(server, "")).find("Bank 1.2\n\nBank.log(...)\n"), 0u);
}

}  // namespace
