#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <farcall/error.hpp>
#include <farcall/server/dispatcher.hpp>

namespace {

using farcall::method_info;
using farcall::status;
using farcall::detail::dispatcher;
using farcall::detail::method_entry;

/// A table of methods without code, and the names that it refers to.
class named_methods {
public:
    const method_info& add(const std::string& name, std::vector<std::string> aliases = {}) {
        names_.push_back(name);
        const std::string_view kept = names_.back();
        std::vector<std::string_view>& views = views_.emplace_back();
        for (std::string& alias : aliases) {
            names_.push_back(std::move(alias));
            views.push_back(names_.back());
        }
        infos_.push_back({.wire_name = kept, .aliases = views});
        table.add({method_entry{.info = &infos_.back(), .handler = {}, .invoke = nullptr, .info_owner = {}}});
        return infos_.back();
    }

    dispatcher table;

private:
    std::deque<std::string> names_;
    std::deque<std::vector<std::string_view>> views_;
    std::deque<method_info> infos_;
};

TEST(dispatcher, finds_nothing_when_it_is_empty) {
    dispatcher table;
    EXPECT_EQ(table.find(""), nullptr);
    EXPECT_EQ(table.find("add"), nullptr);
    EXPECT_TRUE(table.nearest("add").empty());
    EXPECT_EQ(table.size(), 0u);
}

TEST(dispatcher, finds_every_name_and_no_other) {
    named_methods methods;
    for (int i = 0; i < 5000; ++i) methods.add("Service.method" + std::to_string(i));
    for (int i = 0; i < 5000; ++i) {
        const std::string name = "Service.method" + std::to_string(i);
        const method_entry* const found = methods.table.find(name);
        ASSERT_NE(found, nullptr) << name;
        EXPECT_EQ(found->info->wire_name, name);
        EXPECT_EQ(methods.table.find(name + ' '), nullptr);
    }
    EXPECT_EQ(methods.table.find("Service.method5000"), nullptr);
    EXPECT_EQ(methods.table.find("Service.method"), nullptr);
    EXPECT_EQ(methods.table.find(std::string_view{"Service.method1\0", 16}), nullptr);
    EXPECT_EQ(methods.table.size(), 5000u);
}

TEST(dispatcher, finds_the_same_with_a_memo_as_without) {
    named_methods methods;
    methods.add("Service.add", {"sum"});
    methods.add("Service.ad");
    methods.add("Service.bdd");
    methods.add("a");
    dispatcher::memo last;
    for (const char* name : {"Service.add", "Service.add", "sum", "sum", "Service.ad", "nothing", "Service.ad", "", "a",
                             "Service.bdd", "Service.add", "Service.adds", "a", "b"})
        EXPECT_EQ(methods.table.find(name, last), methods.table.find(name)) << name;
}

TEST(dispatcher, tells_names_apart_that_differ_in_one_byte) {
    named_methods methods;
    std::string name(40, 'a');
    for (std::size_t at = 0; at < name.size(); ++at) {
        std::string other = name;
        other[at] = 'b';
        methods.add(other);
    }
    EXPECT_EQ(methods.table.find(name), nullptr);
    EXPECT_EQ(methods.table.size(), 40u);
}

TEST(dispatcher, finds_aliases) {
    named_methods methods;
    const method_info& info = methods.add("Calculator.add", {"plus", "sum"});
    EXPECT_EQ(methods.table.find("plus")->info, &info);
    EXPECT_EQ(methods.table.find("sum")->info, &info);
    EXPECT_EQ(methods.table.sorted().size(), 1u) << "aliases are left out";
}

template <class Function>
status refusal(Function function) {
    try {
        function();
    } catch (const farcall::error& why) {
        return why.status();
    }
    return status::ok;
}

TEST(dispatcher, refuses_names_that_are_taken_or_reserved) {
    named_methods methods;
    methods.add("one", {"uno"});
    EXPECT_EQ(refusal([&] { methods.add("one"); }), status::already_exists);
    EXPECT_EQ(refusal([&] { methods.add("uno"); }), status::already_exists);
    EXPECT_EQ(refusal([&] { methods.add("two", {"one"}); }), status::already_exists);
    EXPECT_EQ(refusal([&] { methods.add("rpc.discover"); }), status::invalid_argument);
    EXPECT_EQ(refusal([&] { methods.add("three", {"rpc.x"}); }), status::invalid_argument);
    EXPECT_EQ(methods.table.find("two"), nullptr) << "nothing is left of what was refused";
    EXPECT_EQ(methods.table.find("three"), nullptr);
    EXPECT_EQ(methods.table.size(), 1u);
    methods.add("rpcx");
}

TEST(dispatcher, lists_in_the_order_of_names) {
    named_methods methods;
    for (const char* name : {"b", "B.x", "a", "B.a"}) methods.add(name);
    std::vector<std::string_view> names;
    for (const method_entry* entry : methods.table.sorted()) names.push_back(entry->info->wire_name);
    EXPECT_EQ(names, (std::vector<std::string_view>{"B.a", "B.x", "a", "b"}));
}

TEST(dispatcher, names_the_nearest) {
    named_methods methods;
    for (const char* name : {"Calculator.add", "Calculator.subtract", "Calculator.divide", "Users.add", "echo"}) methods.add(name);
    using names = std::vector<std::string_view>;
    EXPECT_EQ(methods.table.nearest("Calculator.ad"), names{"Calculator.add"});
    EXPECT_EQ(methods.table.nearest("calculator.add"), names{"Calculator.add"});
    EXPECT_EQ(methods.table.nearest("subtract"), names{"Calculator.subtract"});
    EXPECT_EQ(methods.table.nearest("ecoh"), names{"echo"});
    EXPECT_EQ(methods.table.nearest("add"), (names{"Calculator.add", "Users.add"}));
    EXPECT_TRUE(methods.table.nearest("entirely.different").empty());
    EXPECT_TRUE(methods.table.nearest("").empty());
    EXPECT_TRUE(methods.table.nearest("x").empty());
    EXPECT_TRUE(methods.table.nearest(std::string(100'000, 'a')).empty());
}

}  // namespace
