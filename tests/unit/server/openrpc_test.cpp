#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <farcall/codec/json.hpp>
#include <farcall/server/dispatcher.hpp>
#include <farcall/server/openrpc.hpp>
#include <farcall/server/run_time_method.hpp>
#include <farcall/service.hpp>
#include <farcall/service/method_schema.hpp>

namespace openrpc_test {

using farcall::json;
using farcall::detail::dispatcher;
using farcall::detail::method_entry;

struct account {
    std::string owner;
};
struct no_funds {
    int missing;
};
struct closed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

RPC_SERVICE(Bank,
    (transfer, void(account from, account to, unsigned char amount), farcall::exactly_once, farcall::timeout_ms<1500>,
               farcall::throws<no_funds, closed>, farcall::doc<"Moves \"money\".\nAtomically.">),
    (balance,  double(const account& of), farcall::readonly, farcall::throws<no_funds>,
               farcall::alias<"Bank.worth">, farcall::alias<"worth">),
    (close,    void(std::string_view owner), farcall::idempotent, farcall::deprecated<"use archive">),
    (search,   std::vector<account>(std::optional<int> from, bool all, std::optional<int> limit)),
    (nameless, bool(bool, bool arg0)))

RPC_SERVICE(Clock, (now, long long(), farcall::readonly, farcall::cacheable_ms<250>))

template <farcall::service S>
void add(dispatcher& methods) {
    std::vector<method_entry> entries;
    farcall::for_each_method<S>([&]<class Method>() {
        method_entry entry;
        entry.info = &Method::info;
        entry.schema = &farcall::method_schema_of<Method>;
        entries.push_back(std::move(entry));
    });
    methods.add(std::move(entries));
}

template <class Callable>
void add(dispatcher& methods, std::string_view name, Callable callable) {
    std::vector<method_entry> entries;
    entries.push_back(farcall::detail::make_run_time_entry(name, callable));
    methods.add(std::move(entries));
}

json document_of(const dispatcher& methods, std::string_view title = {}, std::string_view version = "1") {
    const std::string text = farcall::detail::openrpc_document(methods, title, version);
    auto document = json::parse(text);
    EXPECT_TRUE(document.has_value()) << text;
    return document.value_or(json{});
}

json bank() {
    dispatcher methods;
    add<Bank>(methods);
    return document_of(methods);
}

TEST(openrpc_document, of_no_methods_is_a_document) {
    EXPECT_EQ(farcall::detail::openrpc_document({}, {}, "1"),
              R"({"openrpc":"1.3.2","info":{"title":"farcall","version":"1"},"methods":[]})");
}

TEST(openrpc_document, is_the_whole_declaration) {
    dispatcher methods;
    add<Clock>(methods);
    EXPECT_EQ(farcall::detail::openrpc_document(methods, "Time", "2.1"),
              R"({"openrpc":"1.3.2","info":{"title":"Time","version":"2.1"},"methods":[{"name":"Clock.now",)"
              R"("tags":[{"name":"Clock"}],"params":[],"paramStructure":"either","result":{"name":"result","schema":)"
              R"({"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807}},)"
              R"_("x-signature":"long long()","x-semantics":"idempotent","x-readonly":true,"x-cacheable-ms":250}]})_");
}

TEST(openrpc_document, sorts_the_methods_of_all_services_by_name) {
    dispatcher methods;
    add<Clock>(methods);
    add<Bank>(methods);
    add(methods, "echo", [](bool same) { return same; });
    const json document = document_of(methods);
    std::string names;
    for (std::size_t i = 0; i != document["methods"].size(); ++i)
        names += document["methods"][i]["name"].as<std::string>() + ' ';
    EXPECT_EQ(names, "Bank.balance Bank.close Bank.nameless Bank.search Bank.transfer Clock.now echo ");
    EXPECT_EQ(document["info"]["title"].as<std::string>(), "Bank, Clock");
}

TEST(openrpc_document, says_what_is_declared_of_a_method) {
    const json method = bank()["methods"][4];
    EXPECT_EQ(method["name"].as<std::string>(), "Bank.transfer");
    EXPECT_EQ(method["description"].as<std::string>(), "Moves \"money\".\nAtomically.");
    EXPECT_EQ(method["x-signature"].as<std::string>(), "void(account from, account to, unsigned char amount)");
    EXPECT_EQ(method["x-semantics"].as<std::string>(), "exactly_once");
    EXPECT_EQ(method["x-timeout-ms"].as<int>(), 1500);
    EXPECT_EQ(method["params"].text(),
              R"([{"name":"from","required":true,"schema":{"$ref":"#/components/schemas/account"}},)"
              R"({"name":"to","required":true,"schema":{"$ref":"#/components/schemas/account"}},)"
              R"({"name":"amount","required":true,"schema":{"type":"integer","minimum":0,"maximum":255}}])");
    EXPECT_EQ(method["result"].text(), R"({"name":"result","schema":{"type":"null"}})");
    EXPECT_FALSE(method.find("x-readonly").has_value());
    EXPECT_FALSE(method.find("deprecated").has_value());
}

TEST(openrpc_document, names_deprecation_and_aliases) {
    const json methods = bank()["methods"];
    EXPECT_EQ(methods[0]["x-aliases"].text(), R"(["Bank.worth","worth"])");
    EXPECT_EQ(methods[0]["x-readonly"].text(), "true");
    EXPECT_EQ(methods[1]["deprecated"].text(), "true");
    EXPECT_EQ(methods[1]["x-deprecated"].text(), R"("use archive")");
    EXPECT_EQ(methods[1]["params"].text(), R"([{"name":"owner","required":true,"schema":{"type":"string"}}])");
}

// OpenRPC, "errors": the numbers must differ. Ours tell exceptions apart by the name of their type.
TEST(openrpc_document, has_one_error_for_all_declared_exceptions_and_the_types_beside) {
    const json methods = bank()["methods"];
    EXPECT_EQ(methods[0]["errors"].text(),
              R"([{"code":-32000,"message":"No funds","data":{"type":"openrpc_test::no_funds"}}])");
    EXPECT_EQ(methods[0]["x-errors"].text(),
              R"([{"type":"openrpc_test::no_funds","value":{"$ref":"#/components/schemas/no_funds"}}])");
    EXPECT_EQ(methods[4]["errors"].text(), R"([{"code":-32000,"message":"No funds; Closed"}])");
    EXPECT_EQ(methods[4]["x-errors"].text(),
              R"([{"type":"openrpc_test::no_funds","value":{"$ref":"#/components/schemas/no_funds"}},)"
              R"({"type":"openrpc_test::closed"}])");
    EXPECT_FALSE(methods[1].find("errors").has_value());
}

// OpenRPC, "params": what is optional comes behind what is required.
TEST(openrpc_document, requires_what_stands_before_a_required_parameter) {
    const json params = bank()["methods"][3]["params"];
    EXPECT_EQ(params[0]["required"].text(), "true");
    EXPECT_EQ(params[1]["required"].text(), "true");
    EXPECT_FALSE(params[2].find("required").has_value());
    EXPECT_EQ(bank()["methods"][3]["result"].text(),
              R"({"name":"result","schema":{"type":"array","items":{"$ref":"#/components/schemas/account"}}})");
}

TEST(openrpc_document, makes_up_names_that_are_not_taken_and_wants_a_position_then) {
    const json method = bank()["methods"][2];
    EXPECT_EQ(method["paramStructure"].text(), R"("by-position")");
    EXPECT_EQ(method["params"][0]["name"].text(), R"("arg0_")");
    EXPECT_EQ(method["params"][1]["name"].text(), R"("arg0")");
}

TEST(openrpc_document, has_each_type_once) {
    EXPECT_EQ(bank()["components"]["schemas"].text(),
              R"({"account":{"title":"account","type":"object","properties":{"owner":{"type":"string"}},)"
              R"("required":["owner"]},"no_funds":{"title":"no_funds","type":"object","properties":{)"
              R"("missing":{"type":"integer","minimum":-2147483648,"maximum":2147483647}},"required":["missing"]}})");
}

TEST(openrpc_document, knows_the_types_of_methods_that_are_added_by_name) {
    dispatcher methods;
    add(methods, "Echo.twice", [](bool same) { return std::vector<bool>{same, same}; });
    add(methods, "any", [](const json& params) { return params; });
    const json document = document_of(methods);
    EXPECT_EQ(document["methods"][0].text(),
              R"({"name":"Echo.twice","tags":[{"name":"Echo"}],"params":[{"name":"arg0","required":true,)"
              R"("schema":{"type":"boolean"}}],"paramStructure":"by-position","result":{"name":"result","schema":)"
              R"_({"type":"array","items":{"type":"boolean"}}},"x-signature":"std::vector<bool>(bool)",)_"
              R"("x-semantics":"at_most_once"})");
    EXPECT_EQ(document["methods"][1].text(),
              R"({"name":"any","params":[],"paramStructure":"either","result":{"name":"result","schema":{}},)"
              R"_("x-signature":"json(json params)","x-semantics":"at_most_once","x-any-arguments":true})_");
    EXPECT_EQ(document["info"]["title"].text(), R"("Echo")");
    EXPECT_FALSE(document.find("components").has_value());
}

TEST(openrpc_document, survives_texts_that_are_no_utf_8) {
    const farcall::method_info info{.wire_name = "a\xff", .signature = "\xc3(", .doc = "\"\x80\""};
    method_entry entry;
    entry.info = &info;
    static constexpr farcall::method_schema no_types{};
    entry.schema = &no_types;
    dispatcher methods;
    methods.add({entry});
    EXPECT_EQ(document_of(methods, "\xf0")["methods"][0]["name"].as<std::string>(), "a\xEF\xBF\xBD");
}

TEST(kept_openrpc_document, is_made_once) {
    dispatcher methods;
    add<Clock>(methods);
    farcall::detail::kept_openrpc_document kept;
    farcall::server_options options;
    options.title = "Time";
    const std::string& first = kept.text(methods, options);
    EXPECT_EQ(first, farcall::detail::openrpc_document(methods, "Time", "1"));
    EXPECT_EQ(&first, &kept.text(methods, options));
}

}  // namespace openrpc_test
