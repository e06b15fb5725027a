#include <farcall/protocol/request.hpp>

#include <farcall/codec/scan.hpp>
#include <farcall/protocol/message_writer.hpp>

#include <gtest/gtest.h>

#include <chrono>
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

/// What a reader said, copied, so that two readings can be compared.
struct reading {
    message_kind kind{};
    std::string id, method, params, meta;
    std::int64_t code = 0;
    std::string message;
    std::vector<reading> elements;

    friend bool operator==(const reading&, const reading&) = default;
};

void PrintTo(const reading& r, std::ostream* out) {
    *out << "kind " << int(r.kind) << " id " << r.id << " method " << r.method << " params " << r.params << " meta "
         << r.meta << " code " << r.code << " message " << r.message << " elements " << r.elements.size();
}

reading current(const request_reader& reader) {
    reading now;
    now.kind = reader.kind();
    if (now.kind == message_kind::request) {
        now.id = reader.request().id;
        now.method = reader.request().method;
        now.params = reader.request().params;
        now.meta = reader.request().meta;
    } else if (now.kind == message_kind::refused) {
        now.id = reader.refused().id;
        now.code = reader.refused().code;
        now.message = reader.refused().message;
    }
    return now;
}

reading with_elements(request_reader& reader) {
    reading now = current(reader);
    if (now.kind == message_kind::batch)
        while (reader.next()) now.elements.push_back(current(reader));
    return now;
}

/// As the dispatcher does it: params that are not known to be good are looked at, and if they are not, so is all.
reading read(std::string_view text, const limits& bounds = {}) {
    const exact_text received{text};
    request_reader reader{bounds};
    if (reader.read(received) == message_kind::request && !reader.request().params_checked &&
        !scan(exact_text{reader.request().params}, bounds.depth - 1))
        reader.read_checked(received);
    return with_elements(reader);
}

reading read_checked(std::string_view text, const limits& bounds = {}) {
    const exact_text received{text};
    request_reader reader{bounds};
    reader.read_checked(received);
    EXPECT_TRUE(reader.kind() != message_kind::request || reader.request().params_checked);
    return with_elements(reader);
}

bool recognised_in_place(std::string_view text) {
    request_reader reader;
    return reader.read(exact_text{text}) == message_kind::request && !reader.request().params_checked;
}

TEST(request_reader, recognises_what_our_clients_write_in_place) {
    for (const char* text : {R"({"jsonrpc":"2.0","id":7,"method":"Calculator.add","params":[5,3]})",
                             R"({"jsonrpc":"2.0","method":"Calculator.add","params":{"a":5}})",
                             R"({"jsonrpc":"2.0","id":0,"method":"m","meta":{"timeout_ms":500},"params":[]})",
                             R"({"jsonrpc":"2.0","id":1,"method":"m","meta":{"headers":{"a":"}\""}},"params":[]})"}) {
        EXPECT_TRUE(recognised_in_place(text)) << text;
        EXPECT_EQ(read(text), read_checked(text)) << text;
    }
}

TEST(request_reader, gives_every_part_as_it_stands_in_the_text) {
    const exact_text text{R"({"jsonrpc":"2.0","id":12,"method":"m","meta":{"timeout_ms":5},"params":[1, 2]})"};
    request_reader reader;
    ASSERT_EQ(reader.read(text), message_kind::request);
    EXPECT_EQ(reader.request().id, "12");
    EXPECT_EQ(reader.request().method, "m");
    EXPECT_EQ(reader.request().meta, "{\"timeout_ms\":5}");
    EXPECT_EQ(reader.request().params, "[1, 2]");
    EXPECT_FALSE(reader.request().notification());
    EXPECT_GE(reader.request().params.data(), text.view().data());
}

TEST(request_reader, tells_the_timeout_that_our_clients_write) {
    const auto timeout = [](std::string_view meta) {
        request_reader reader;
        const std::string text = R"({"jsonrpc":"2.0","id":1,"method":"m",)" + std::string{meta} + R"("params":[]})";
        EXPECT_EQ(reader.read(exact_text{text}), message_kind::request) << text;
        return reader.request().timeout_ms;
    };
    EXPECT_EQ(timeout(R"("meta":{"timeout_ms":0},)"), 0);
    EXPECT_EQ(timeout(R"("meta":{"timeout_ms":9999},)"), 9999);
    EXPECT_EQ(timeout(R"("meta":{"timeout_ms":999999999999999999},)"), 999'999'999'999'999'999);
    for (const char* other : {"", R"("meta":{},)", R"("meta":{"timeout_ms":1000000000000000000},)",
                              R"("meta":{"timeout_ms":99999999999999999999},)", R"("meta":{"attempt":2},)",
                              R"("meta":{"timeout_ms":5,"attempt":2},)", R"("meta": {"timeout_ms":5},)"})
        EXPECT_EQ(timeout(other), -1) << other;

    // A reader that is used again says nothing of the message before.
    request_reader reader;
    const exact_text with{R"({"jsonrpc":"2.0","id":1,"method":"m","meta":{"timeout_ms":5},"params":[]})"};
    for (const char* without : {R"({"jsonrpc":"2.0","id":1,"method":"m","params":[]})", R"({"jsonrpc":"2.0","method":"m","id":1})"}) {
        ASSERT_EQ(reader.read(with), message_kind::request);
        ASSERT_EQ(reader.request().timeout_ms, 5);
        ASSERT_EQ(reader.read(exact_text{without}), message_kind::request);
        EXPECT_EQ(reader.request().timeout_ms, -1) << without;
    }
}

TEST(request_reader, does_not_take_a_method_for_the_one_before) {
    request_reader reader;
    for (const char* name : {"Calculator.add", "Calculator.add", "Calculator.ad", "Calculator.add", "Calculator.adds", "a", "b", "",
                             "a", "Calculator.sub", "Calculator.add"}) {
        const std::string text = R"({"jsonrpc":"2.0","id":1,"method":")" + std::string{name} + R"(","params":[]})";
        const exact_text whole{text};
        ASSERT_EQ(reader.read(whole), message_kind::request) << name;
        EXPECT_EQ(reader.request().method, name);
        EXPECT_FALSE(reader.request().params_checked) << name;
        // The same name again, and the message ends within it or behind it.
        for (std::size_t size = 0; size != text.size(); ++size)
            EXPECT_NE(reader.read(exact_text{text.substr(0, size)}), message_kind::request) << size;
        ASSERT_EQ(reader.read(whole), message_kind::request) << name;
        EXPECT_EQ(reader.request().method, name);
    }
}

TEST(request_reader, reads_what_the_writer_writes) {
    call_meta meta;
    meta.timeout = std::chrono::milliseconds{250};
    meta.headers.set("tenant", "a7");
    for (const call_meta* said : {static_cast<const call_meta*>(nullptr), static_cast<const call_meta*>(&meta)})
        for (const char* method : {"Service.method", "", "quo\"te", "caf\xC3\xA9", "tab\t"})
            for (const char* params : {"", "[]", "{}", "[[1],{\"a\":\"]}\"}]"}) {
                text_buffer out;
                append_request(out, 18446744073709551615u, method, params, said);
                const reading now = read(out.view());
                EXPECT_EQ(now.kind, message_kind::request) << out.view();
                EXPECT_EQ(now.id, "18446744073709551615");
                EXPECT_EQ(now.method, method);
                EXPECT_EQ(now.params, params);
                EXPECT_EQ(now.meta.empty(), said == nullptr);
                EXPECT_EQ(now, read_checked(out.view()));

                out.clear();
                append_notification(out, method, params, said);
                EXPECT_EQ(read(out.view()).id, "");
                EXPECT_EQ(read(out.view()), read_checked(out.view()));
            }
}

TEST(request_reader, echoes_an_id_by_its_own_text) {
    for (const char* id : {"7", "-12", "0", "1.5", "1e2", "123456789012345678901234567890", "\"req\\u002d7\"", "\"\"",
                           "null", "1E400"}) {
        const reading now = read("{\"jsonrpc\":\"2.0\",\"id\":" + std::string{id} + ",\"method\":\"m\"}");
        EXPECT_EQ(now.kind, message_kind::request) << id;
        EXPECT_EQ(now.id, id);
    }
}

struct refused_case {
    const char* text;
    const char* id;
    const char* message;
};

TEST(request_reader, says_what_is_wrong_with_a_request_and_answers_its_id) {
    const refused_case all[] = {
        {R"({"id":1,"method":"m"})", "1", "\"jsonrpc\" is missing: each request says \"jsonrpc\":\"2.0\""},
        {R"({"jsonrpc":"1.0","id":1,"method":"m"})", "1", "\"jsonrpc\" must be the string \"2.0\""},
        {R"({"jsonrpc":2.0,"id":1,"method":"m"})", "1", "\"jsonrpc\" must be the string \"2.0\""},
        {R"({"jsonrpc":"2.0","id":1})", "1", "\"method\" is missing: name it, as in \"method\":\"Service.method\""},
        {R"({"jsonrpc":"2.0","id":"a","method":5})", "\"a\"", "\"method\" must be a string, found number"},
        {R"({"jsonrpc":"2.0","method":5})", "null", "\"method\" must be a string, found number"},
        {R"({"jsonrpc":"2.0","id":1,"method":"m","params":null})", "1",
         "\"params\" must be an array or an object, found null: leave it out if there are none"},
        {R"({"jsonrpc":"2.0","id":1,"method":"m","meta":[]})", "1", "\"meta\" must be an object, found array"},
        {R"({"jsonrpc":"2.0","id":true,"method":"m"})", "null",
         "\"id\" must be a string, a number or null, found boolean"},
        {R"({"jsonrpc":"2.0","id":1,"id":2,"method":"m"})", "null", "\"id\" is there twice: send it once"},
        {R"({"jsonrpc":"2.0","id":1,"\u0069d":2,"method":"m"})", "null", "\"id\" is there twice: send it once"},
        {R"({"jsonrpc":"2.0","id":1,"method":"m","method":"n"})", "1", "\"method\" is there twice: send it once"},
        {R"({"jsonrpc":"2.0","id":1,"method":"m","params":[],"params":[]})", "1",
         "\"params\" is there twice: send it once"},
        {R"({"jsonrpc":"2.0","id":1,"result":3})", "1",
         "this is a response, and no call of this side waits for one: send requests"},
        {R"([])", "null", "an empty batch: an array holds at least one request object"},
        {R"("ping")", "null", "a message is a request object or an array of them, found string"},
    };
    for (const refused_case& one : all) {
        const reading now = read(one.text);
        EXPECT_EQ(now.kind, message_kind::refused) << one.text;
        EXPECT_EQ(now.code, -32600) << one.text;
        EXPECT_EQ(now.id, one.id) << one.text;
        EXPECT_EQ(now.message, one.message) << one.text;
    }
}

TEST(request_reader, says_where_a_message_is_no_json) {
    EXPECT_EQ(read("").message, "the message is empty: send one JSON-RPC 2.0 request");
    EXPECT_EQ(read("{\"jsonrpc\":}").message, "not JSON at offset 11: expected a value");
    EXPECT_EQ(read("{\"jsonrpc\":}").code, -32700);
    EXPECT_EQ(read("{\"jsonrpc\":}").id, "null");
}

TEST(request_reader, holds_params_in_place_to_the_same_depth) {
    limits bounds;
    bounds.depth = 3;
    const std::string front = R"({"jsonrpc":"2.0","id":1,"method":"m","params":)";
    EXPECT_EQ(read(front + "[[]]}", bounds).kind, message_kind::request);
    const reading deep = read(front + "[[[]]]}", bounds);
    EXPECT_EQ(deep.kind, message_kind::refused);
    EXPECT_EQ(deep.code, -32700);
    EXPECT_NE(deep.message.find("at most 3"), std::string::npos);
    EXPECT_NE(deep.message.find("limits.depth"), std::string::npos);
    EXPECT_EQ(deep, read_checked(front + "[[[]]]}", bounds));
    const std::string with_meta = R"({"jsonrpc":"2.0","id":1,"method":"m","meta":{"x":[)";
    EXPECT_EQ(read(with_meta + "]},\"params\":[]}", bounds).kind, message_kind::request);
    EXPECT_EQ(read(with_meta + "[]]},\"params\":[]}", bounds).code, -32700);
}

TEST(request_reader, does_not_take_what_follows_params_for_params) {
    const reading late_id = read(R"({"jsonrpc":"2.0","id":1,"method":"m","params":[1],"x":[2]})");
    EXPECT_EQ(late_id.kind, message_kind::request);
    EXPECT_EQ(late_id.params, "[1]");
    EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":1,"method":"m","params":[1],"id":2,"y":[]})").message,
              "\"id\" is there twice: send it once");
    EXPECT_EQ(read(R"({"jsonrpc":"2.0","method":"m","params":[1],"id":[]})").code, -32600);
}

TEST(request_reader, goes_through_the_elements_of_a_batch) {
    const reading now = read(
        R"([{"jsonrpc":"2.0","method":"a","id":1} , {"jsonrpc":"2.0","method":"b\n","params":[1]},[],7,{"foo":"bar"}])");
    ASSERT_EQ(now.kind, message_kind::batch);
    ASSERT_EQ(now.elements.size(), 5u);
    EXPECT_EQ(now.elements[0].method, "a");
    EXPECT_EQ(now.elements[0].id, "1");
    EXPECT_EQ(now.elements[1].method, "b\n");
    EXPECT_EQ(now.elements[1].id, "");
    EXPECT_EQ(now.elements[2].message, "a batch inside a batch: its elements are request objects");
    EXPECT_EQ(now.elements[3].message, "an element of a batch is a request object, found number");
    EXPECT_EQ(now.elements[4].code, -32600);
    for (std::size_t i = 2; i < 5; ++i) EXPECT_EQ(now.elements[i].id, "null");
}

TEST(request_reader, bounds_the_elements_of_a_batch) {
    limits bounds;
    bounds.batch = 3;
    EXPECT_EQ(read("[1,2,3]", bounds).elements.size(), 3u);
    const reading over = read("[1,2,3,4]", bounds);
    EXPECT_EQ(over.kind, message_kind::refused);
    EXPECT_EQ(over.code, -32600);
    EXPECT_EQ(over.message, "a batch of 4 is longer than the 3 allowed (limits.batch): send it in parts");
    EXPECT_EQ(read("[1,2,3,4", bounds).code, -32700);
}

TEST(request_reader, runs_nothing_of_a_batch_that_is_broken_at_its_end) {
    EXPECT_EQ(read(R"([{"jsonrpc":"2.0","method":"a","id":1},])").kind, message_kind::refused);
    EXPECT_EQ(read(R"([{"jsonrpc":"2.0","method":"a","id":1})").code, -32700);
}

TEST(request_reader, can_be_used_again_after_anything) {
    request_reader reader;
    EXPECT_EQ(reader.read("[1,2]"), message_kind::batch);
    EXPECT_EQ(reader.read("{"), message_kind::refused);
    EXPECT_FALSE(reader.next());
    EXPECT_EQ(reader.read(R"({"jsonrpc":"2.0","id":1,"method":"a\u0062","params":[]})"), message_kind::request);
    EXPECT_EQ(reader.request().method, "ab");
    EXPECT_EQ(reader.read(R"({"jsonrpc":"2.0","method":"b"})"), message_kind::request);
    EXPECT_TRUE(reader.request().notification());
    EXPECT_TRUE(reader.request().params.empty());
    EXPECT_TRUE(reader.request().meta.empty());
}

TEST(request_reader, reads_every_conformance_case_alike_in_place_and_in_full) {
    for (const conformance::server_case& one : conformance::cases().server_cases())
        EXPECT_EQ(read(one.request), read_checked(one.request)) << one.name;
}

TEST(request_reader, reads_mutated_messages_alike_in_place_and_in_full) {
    const std::string seeds[] = {
        R"({"jsonrpc":"2.0","id":7,"method":"Calculator.add","params":[5,3]})",
        R"({"jsonrpc":"2.0","id":71,"method":"Calculator.add","meta":{"timeout_ms":900},"params":[5,{"a":"b"}]})",
        R"({"jsonrpc":"2.0","method":"note","meta":{"attempt":2,"headers":{"t":"a}"}},"params":{"text":"n\u00e9"}})",
        R"({"jsonrpc":"2.0","id":7,"method":"ping"})",
        R"([{"jsonrpc":"2.0","id":7,"method":"ping","params":[]},{"jsonrpc":"2.0","method":"p"}])",
        R"({"id":9,"params":[1,2],"method":"sub","jsonrpc":"2.0"})"};
    std::mt19937 random{4711};
    std::size_t in_place = 0, requests = 0;
    for (int round = 0; round < 60'000; ++round) {
        const std::string text = mutated(seeds[random() % std::size(seeds)], random);
        const reading now = read(text);
        ASSERT_EQ(now, read_checked(text)) << text;
        requests += now.kind == message_kind::request;
        in_place += recognised_in_place(text);
    }
    EXPECT_GT(requests, 1000u);
    EXPECT_GT(in_place, 1000u);
}

TEST(request_reader, survives_random_bytes_and_every_cut) {
    std::mt19937 random{1};
    for (int round = 0; round < 5'000; ++round) {
        std::string text(random() % 64, '\0');
        for (char& c : text) c = static_cast<char>(static_cast<unsigned char>(random() % 256));
        EXPECT_EQ(read(text), read_checked(text));
    }
    const std::string whole =
        R"({"jsonrpc":"2.0","id":71,"method":"m\u0041","meta":{"timeout_ms":900},"params":[5,{"a":"b"}]})";
    for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_EQ(read(whole.substr(0, size)).code, -32700) << size;
}

}  // namespace
