#include <farcall/protocol/response.hpp>

#include <farcall/codec/scan.hpp>
#include <farcall/protocol/message_writer.hpp>

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "conformance/case_file.hpp"
#include "unit/protocol/exact_text.hpp"

namespace {

using namespace farcall::detail;
using farcall::limits;
using farcall::testing::exact_text;
using farcall::testing::mutated;
using outcome = response_view::outcome;

/// What a reader said, copied, so that two readings can be compared.
struct reading {
    reply_kind kind{};
    outcome says{};
    bool numbered = false;
    std::uint64_t number = 0;
    std::string id, result, message, data, method, params, problem;
    std::int64_t code = 0;
    std::vector<reading> elements;

    friend bool operator==(const reading&, const reading&) = default;
};

void PrintTo(const reading& r, std::ostream* out) {
    *out << "kind " << int(r.kind) << " says " << int(r.says) << " id " << r.id << " result " << r.result << " problem "
         << r.problem;
}

reading current(const response_reader& reader) {
    reading now;
    now.kind = reader.kind();
    if (now.kind == reply_kind::response) {
        const response_view& view = reader.response();
        now.says = view.says;
        now.numbered = view.numbered;
        now.number = view.numbered ? view.number : 0;
        now.id = view.id;
        now.result = view.result;
        now.code = view.error.code;
        now.message = view.error.message;
        now.data = view.error.data;
    } else if (now.kind == reply_kind::call) {
        now.id = reader.call().id;
        now.method = reader.call().method;
        now.params = reader.call().params;
    }
    if (now.kind == reply_kind::malformed || (now.kind == reply_kind::response && now.says == outcome::malformed))
        now.problem = reader.problem();
    return now;
}

reading with_elements(response_reader& reader) {
    reading now = current(reader);
    if (now.kind == reply_kind::batch)
        while (reader.next()) now.elements.push_back(current(reader));
    return now;
}

/// As the client does it: a result that is not known to be good is looked at, and if it is not, so is all.
reading read(std::string_view text, const limits& bounds = {}) {
    const exact_text received{text};
    response_reader reader{bounds};
    if (reader.read(received) == reply_kind::response && !reader.response().result_checked &&
        !scan(exact_text{reader.response().result}, bounds.depth - 1))
        reader.read_checked(received);
    return with_elements(reader);
}

reading read_checked(std::string_view text, const limits& bounds = {}) {
    const exact_text received{text};
    response_reader reader{bounds};
    reader.read_checked(received);
    return with_elements(reader);
}

TEST(response_reader, recognises_what_our_server_writes_in_place) {
    for (const char* text : {R"({"jsonrpc":"2.0","id":7,"result":8})", R"({"jsonrpc":"2.0","id":0,"result":null})",
                             R"({"jsonrpc":"2.0","id":9999999999999999999,"result":{"a":[1]}})"}) {
        response_reader reader;
        ASSERT_EQ(reader.read(exact_text{text}), reply_kind::response) << text;
        EXPECT_FALSE(reader.response().result_checked) << text;
        EXPECT_EQ(read(text), read_checked(text)) << text;
    }
}

TEST(response_reader, reads_what_the_writer_writes) {
    text_buffer out;
    append_result(out, "7", "{\"a\":\"}\"}");
    reading now = read(out.view());
    EXPECT_EQ(now.says, outcome::result);
    EXPECT_EQ(now.number, 7u);
    EXPECT_EQ(now.result, "{\"a\":\"}\"}");
    out.clear();
    append_error(out, "8", -32601, "no \"such\" method");
    now = read(out.view());
    EXPECT_EQ(now.says, outcome::error);
    EXPECT_EQ(now.number, 8u);
    EXPECT_EQ(now.code, -32601);
    EXPECT_EQ(now.message, "\"no \\\"such\\\" method\"");
}

TEST(response_reader, takes_only_plain_numbers_for_ids_of_calls) {
    const auto numbered = [](const char* id) {
        return read("{\"jsonrpc\":\"2.0\",\"id\":" + std::string{id} + ",\"result\":8}").numbered;
    };
    EXPECT_TRUE(numbered("1"));
    EXPECT_TRUE(numbered("18446744073709551615"));
    for (const char* id : {"\"1\"", "1.0", "1e0", "-1", "18446744073709551616", "null", "\"\""})
        EXPECT_FALSE(numbered(id)) << id;
}

TEST(response_reader, gives_to_the_connection_what_names_no_call) {
    for (const char* text :
         {R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}})", R"({"jsonrpc":"2.0","result":1})"}) {
        const exact_text received{text};
        response_reader reader;
        ASSERT_EQ(reader.read(received), reply_kind::response);
        EXPECT_TRUE(reader.response().for_connection());
        EXPECT_FALSE(reader.response().numbered);
    }
    response_reader reader;
    ASSERT_EQ(reader.read(R"({"jsonrpc":"2.0","id":"1","result":1})"), reply_kind::response);
    EXPECT_FALSE(reader.response().for_connection());
}

TEST(response_reader, lets_a_bad_answer_fail_its_call_alone) {
    const std::map<std::string, std::string> all = {
        {R"({"result":1,"id":1})", "\"jsonrpc\" is not \"2.0\""},
        {R"({"jsonrpc":"2.0","id":1})", "neither \"result\" nor \"error\""},
        {R"({"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":"m"}})", "both \"result\" and \"error\""},
        {R"({"jsonrpc":"2.0","id":1,"result":1,"result":2})", "a member of the response is there twice"},
        {R"({"jsonrpc":"2.0","id":1,"error":"bad"})", "\"error\" is not an object"},
        {R"({"jsonrpc":"2.0","id":1,"error":{"message":"m"}})", "\"error\" has no code"},
        {R"({"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"m"}})", "the code of \"error\" is not an integer"},
        {R"({"jsonrpc":"2.0","id":1,"error":{"code":"1","message":"m"}})", "the code of \"error\" is not an integer"},
        {R"({"jsonrpc":"2.0","id":1,"error":{"code":99999999999999999999,"message":"m"}})",
         "the code of \"error\" is not an integer"},
        {R"({"jsonrpc":"2.0","id":1,"error":{"code":1}})", "\"error\" has no message"},
        {R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":null}})", "the message of \"error\" is not a string"},
        {R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"code":2,"message":"m"}})",
         "a member of \"error\" is there twice"},
    };
    for (const auto& [text, problem] : all) {
        const reading now = read(text);
        EXPECT_EQ(now.kind, reply_kind::response) << text;
        EXPECT_EQ(now.says, outcome::malformed) << text;
        EXPECT_EQ(now.number, 1u) << text;
        EXPECT_EQ(now.problem, problem) << text;
    }
}

TEST(response_reader, distrusts_a_connection_that_sends_no_responses) {
    for (const char* text : {"", "{", "7", "[]", "null", R"({"jsonrpc":"2.0","id":1,"id":2,"result":1})",
                             R"({"jsonrpc":"2.0","id":[],"result":1})"}) {
        EXPECT_EQ(read(text).kind, reply_kind::malformed) << text;
        EXPECT_FALSE(read(text).problem.empty()) << text;
    }
}

TEST(response_reader, tells_calls_of_the_server_from_responses) {
    const reading now = read(R"({"jsonrpc":"2.0","method":"rpc.goaway","params":{"last_id":7}})");
    EXPECT_EQ(now.kind, reply_kind::call);
    EXPECT_EQ(now.method, "rpc.goaway");
    EXPECT_EQ(now.params, "{\"last_id\":7}");
    EXPECT_EQ(now.id, "");
    EXPECT_EQ(read(R"({"method":"rpc.goaway"})").kind, reply_kind::malformed);
    EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":1,"method":"m","result":5})").says, outcome::result);
}

TEST(response_reader, goes_through_the_elements_of_a_batch) {
    const reading now = read(
        R"([{"jsonrpc":"2.0","result":2,"id":2},{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"m","data":[1]}},5])");
    ASSERT_EQ(now.kind, reply_kind::batch);
    ASSERT_EQ(now.elements.size(), 3u);
    EXPECT_EQ(now.elements[0].result, "2");
    EXPECT_EQ(now.elements[1].code, 3);
    EXPECT_EQ(now.elements[1].data, "[1]");
    EXPECT_EQ(now.elements[2].kind, reply_kind::malformed);
    limits bounds;
    bounds.batch = 2;
    EXPECT_EQ(read("[1,2,3]", bounds).kind, reply_kind::malformed);
}

TEST(response_reader, holds_a_result_to_the_same_depth) {
    limits bounds;
    bounds.depth = 3;
    EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":1,"result":[[]]})", bounds).kind, reply_kind::response);
    EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":1,"result":[[[]]]})", bounds).kind, reply_kind::malformed);
}

TEST(response_reader, does_not_take_what_follows_a_result_for_the_result) {
    EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":"m"}})").says, outcome::malformed);
    EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":1,"result":1,"x":2})").result, "1");
    EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":1,"result":1,"id":2})").kind, reply_kind::malformed);
}

TEST(response_reader, ends_every_conformance_case_as_it_says) {
    for (const conformance::client_case& one : conformance::cases().client_cases()) {
        // What the client does with it: the first response to a pending call ends it, what cannot be trusted ends all.
        std::map<std::uint64_t, std::string> ended;
        const auto take = [&](const reading& now) {
            const auto waits = [&](std::uint64_t id) { return one.outcome.contains(id) && !ended.contains(id); };
            if (now.kind == reply_kind::malformed) {
                for (const std::uint64_t id : one.pending)
                    if (waits(id)) ended[id] = "malformed";
            } else if (now.kind == reply_kind::response && now.numbered && waits(now.number)) {
                const conformance::client_outcome& wanted = one.outcome.at(now.number);
                std::string& end = ended[now.number];
                if (now.says == outcome::malformed) {
                    end = "malformed";
                } else if (now.says == outcome::error) {
                    end = "error";
                    EXPECT_EQ(now.code, wanted.code) << one.name;
                    EXPECT_EQ(now.message, "\"" + wanted.message + "\"") << one.name;
                    if (wanted.data != nullptr) {
                        EXPECT_TRUE(conformance::same_json(*wanted.data, now.data)) << one.name;
                    }
                } else {
                    end = wanted.kind == "bad_result" ? "bad_result" : "result";
                    if (wanted.result != nullptr) {
                        EXPECT_TRUE(conformance::same_json(*wanted.result, now.result)) << one.name;
                    }
                }
            }
        };
        for (const std::string& message : one.receive) {
            const reading now = read(message);
            EXPECT_EQ(now, read_checked(message)) << one.name;
            if (now.kind == reply_kind::batch) {
                for (const reading& element : now.elements) take(element);
            } else {
                take(now);
            }
        }
        for (const auto& [id, wanted] : one.outcome) {
            const std::string end = ended.contains(id) ? ended[id] : "pending";
            const bool either = wanted.kind.ends_with("_or_pending") && (end == "pending" || end == "malformed");
            EXPECT_TRUE(either || end == wanted.kind) << one.name << ": " << end << " instead of " << wanted.kind;
        }
    }
}

TEST(response_reader, reads_mutated_messages_alike_in_place_and_in_full) {
    const std::string seeds[] = {
        R"({"jsonrpc":"2.0","id":7,"result":8})", R"({"jsonrpc":"2.0","id":71,"result":{"a":[1,"x\n"]}})",
        R"({"jsonrpc":"2.0","id":7,"error":{"code":-32000,"message":"m","data":{"type":"t"}}})",
        R"([{"jsonrpc":"2.0","result":2,"id":2},{"jsonrpc":"2.0","result":1,"id":1}])",
        R"({"jsonrpc":"2.0","method":"rpc.goaway","params":{"last_id":7}})"};
    std::mt19937 random{815};
    std::size_t results = 0;
    for (int round = 0; round < 60'000; ++round) {
        const std::string text = mutated(seeds[random() % std::size(seeds)], random);
        const reading now = read(text);
        ASSERT_EQ(now, read_checked(text)) << text;
        results += now.kind == reply_kind::response && now.says == outcome::result;
    }
    EXPECT_GT(results, 500u);
}

}  // namespace
