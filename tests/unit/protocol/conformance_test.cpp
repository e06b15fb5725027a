#include <farcall/codec/arithmetic.hpp>
#include <farcall/codec/scan.hpp>
#include <farcall/codec/string.hpp>
#include <farcall/codec/vector.hpp>
#include <farcall/detail/error_code.hpp>
#include <farcall/protocol/message_writer.hpp>
#include <farcall/protocol/request.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "conformance/case_file.hpp"
#include "unit/protocol/exact_text.hpp"

namespace {

using namespace farcall::detail;
using farcall::codec_error;
using farcall::decode;
using farcall::error;
using farcall::executed;
using farcall::limits;
using farcall::status;
using farcall::testing::exact_text;

struct parameter_texts final : scan_visitor {
    std::vector<std::pair<std::string, std::string_view>> named;
    std::vector<std::string_view> positional;

    void member(std::string_view name, const scan_value& value) override { named.emplace_back(name, value.text); }
    void element(const scan_value& value) override { positional.push_back(value.text); }
};

/// The least that is a server over `request_reader` and the writers: the methods that the cases want.
class reference_server {
public:
    /// @param in_full  reads every message in full, so that the fast path has no part in it
    explicit reference_server(bool in_full) : in_full_(in_full) {}

    std::optional<std::string> answer(std::string_view message) {
        const message_kind kind = in_full_ ? reader_.read_checked(message) : reader_.read(message);
        text_buffer out;
        if (kind != message_kind::batch) {
            answer_current(message, out);
        } else {
            while (reader_.next()) {
                const std::size_t before = out.size();
                out.push_back(before == 0 ? '[' : ',');
                const std::size_t begun = out.size();
                answer_current(message, out);
                if (out.size() == begun) out.truncate(before);
            }
            if (!out.empty()) out.push_back(']');
        }
        if (out.empty()) return std::nullopt;
        return std::string{out.view()};
    }

    const std::vector<std::string>& notes() const { return notes_; }

private:
    void answer_current(std::string_view message, text_buffer& out) {
        if (reader_.kind() == message_kind::request && !reader_.request().params_checked &&
            !scan(reader_.request().params, limits{}.depth - 1))
            reader_.read_checked(message);
        if (reader_.kind() == message_kind::refused) {
            append_error(out, reader_.refused().id, reader_.refused().code, reader_.refused().message);
            return;
        }
        const request_view request = reader_.request();
        const std::size_t before = out.size();
        begin_result(out, request.id);
        std::optional<error> failure;
        try {
            if (!call(request, out))
                failure = error{status::invalid_argument, "the arguments do not fit"}.with_executed(executed::no);
        } catch (const error& thrown) {
            failure = thrown;
        } catch (const std::exception&) {
            failure = error{status::internal, "an unexpected exception"};
        }
        end_result(out);
        if (failure || request.notification()) out.truncate(before);
        if (failure && !request.notification()) append_error(out, request.id, *failure);
    }

    /// Binds params to values: by position, the last ones may be missing if they are optional, or by name.
    template <class... Values>
    static bool bind(std::string_view params, std::initializer_list<std::string_view> names,
                     std::tuple<Values...>& values) {
        parameter_texts texts;
        if (!params.empty() && !scan(params, 64, &texts)) return false;
        std::vector<std::optional<std::string_view>> slots(names.size());
        if (texts.positional.size() > slots.size()) return false;
        std::copy(texts.positional.begin(), texts.positional.end(), slots.begin());
        for (const auto& [name, text] : texts.named) {
            const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
            if (at == slots.size() || slots[at]) return false;
            slots[at] = text;
        }
        std::size_t at = 0;
        return std::apply([&](auto&... value) { return (take(slots[at++], value) && ...); }, values);
    }

    template <class Value>
    static bool take(const std::optional<std::string_view>& text, Value& value) {
        codec_error why;
        return text && decode(*text, value, why);
    }
    template <class Value>
    static bool take(const std::optional<std::string_view>& text, std::optional<Value>& value) {
        return !text || take(text, value.emplace());
    }
    static bool take(const std::optional<std::string_view>& text, std::string_view& raw) {
        raw = text.value_or("");
        return text.has_value();
    }

    bool call(const request_view& request, text_buffer& out) {
        const auto is = [&](std::string_view name) { return request.method == name; };
        const auto number = [&](auto value) {
            codec_error why;
            return farcall::encode(out, value, why);
        };
        if (is("sub")) {
            std::tuple<std::int32_t, std::int32_t> v;
            return bind(request.params, {"a", "b"}, v) && number(std::get<0>(v) - std::get<1>(v));
        }
        if (is("sum")) {
            std::tuple<std::vector<std::int64_t>> v;
            if (!bind(request.params, {"v"}, v)) return false;
            std::int64_t sum = 0;
            for (const std::int64_t one : std::get<0>(v)) sum += one;
            return number(sum);
        }
        if (is("echo")) {
            std::tuple<std::string_view> v;
            if (!bind(request.params, {"value"}, v)) return false;
            out.append(std::get<0>(v));
            return true;
        }
        if (is("ping")) {
            std::tuple<> v;
            out.append("\"pong\"");
            return bind(request.params, {}, v);
        }
        if (is("note")) {
            std::tuple<std::string> v;
            if (!bind(request.params, {"text"}, v)) return false;
            notes_.push_back(std::get<0>(v));
            out.append("null");
            return true;
        }
        if (is("half")) {
            std::tuple<double> v;
            return bind(request.params, {"x"}, v) && number(std::get<0>(v) / 2);
        }
        if (is("flag")) {
            std::tuple<bool> v;
            if (!bind(request.params, {"on"}, v)) return false;
            out.append(std::get<0>(v) ? "false" : "true");
            return true;
        }
        if (is("opt")) {
            std::tuple<std::int32_t, std::optional<std::int32_t>> v;
            return bind(request.params, {"a", "b"}, v) && number(std::get<0>(v) + std::get<1>(v).value_or(10));
        }
        if (is("i64")) {
            std::tuple<std::int64_t> v;
            return bind(request.params, {"v"}, v) && number(std::get<0>(v));
        }
        if (is("u64")) {
            std::tuple<std::uint64_t> v;
            return bind(request.params, {"v"}, v) && number(std::get<0>(v));
        }
        if (is("fail")) {
            std::tuple<std::int32_t, std::string> v;
            if (!bind(request.params, {"code", "message"}, v)) return false;
            throw error::application(std::get<0>(v), std::get<1>(v), R"({"why":"asked"})");
        }
        if (is("boom")) throw std::runtime_error{"boom"};
        throw error{status::unimplemented, "no such method"}.with_executed(executed::no);
    }

    bool in_full_;
    request_reader reader_{};
    std::vector<std::string> notes_{};
};

class conformance_of_messages : public ::testing::TestWithParam<bool> {};

TEST_P(conformance_of_messages, holds_for_every_server_case) {
    std::size_t count = 0;
    for (const conformance::server_case& one : conformance::cases().server_cases()) {
        if (!one.applies_to("framed")) continue;
        ++count;
        reference_server server{GetParam()};
        const exact_text request{one.request};
        const std::optional<std::string> reply = server.answer(request);
        std::string why;
        EXPECT_TRUE(conformance::matches(one.expect, reply, why)) << one.name << ": " << one.rule << "\n" << why;
        if (one.notes) {
            std::vector<std::string> wanted = *one.notes, found = server.notes();
            std::sort(wanted.begin(), wanted.end());
            std::sort(found.begin(), found.end());
            EXPECT_EQ(found, wanted) << one.name;
        }
    }
    EXPECT_EQ(count, 212u);
}

INSTANTIATE_TEST_SUITE_P(read, conformance_of_messages, ::testing::Values(false, true),
                         [](const auto& info) { return std::string{info.param ? "in_full" : "in_place_first"}; });

/// The matcher must be able to fail, or the cases above prove nothing.
TEST(conformance_matcher, refuses_what_differs) {
    const auto fits = [&](const char* expected, std::optional<std::string_view> reply) {
        const conformance::json_value wanted{expected};
        std::string why;
        const bool good = conformance::matches({&wanted}, reply, why);
        EXPECT_EQ(good, why.empty());
        return good;
    };
    const char* const one = R"({"one":{"id":1,"result":5}})";
    EXPECT_TRUE(fits(one, R"({"jsonrpc":"2.0","result":5.0,"id":1})"));
    EXPECT_FALSE(fits(one, R"({"jsonrpc":"2.0","result":6,"id":1})"));
    EXPECT_FALSE(fits(one, R"({"jsonrpc":"2.0","result":5,"id":"1"})"));
    EXPECT_FALSE(fits(one, R"({"jsonrpc":"2.0","result":5,"id":1,"more":1})"));
    EXPECT_FALSE(fits(one, R"({"result":5,"id":1})"));
    EXPECT_FALSE(fits(one, R"([{"jsonrpc":"2.0","result":5,"id":1}])"));
    EXPECT_FALSE(fits(one, "{"));
    EXPECT_FALSE(fits(one, std::nullopt));
    EXPECT_TRUE(fits(R"({"none":true})", std::nullopt));
    EXPECT_FALSE(fits(R"({"none":true})", "{}"));
    const char* const raw = R"({"one":{"id_raw":"7","result_raw":"1e2"}})";
    EXPECT_TRUE(fits(raw, R"({"jsonrpc":"2.0","result":1e2,"id":7})"));
    EXPECT_FALSE(fits(raw, R"({"jsonrpc":"2.0","result":100,"id":7})"));
    const char* const failed = R"({"one":{"id":1,"error":{"code":7,"message":"m","data":[1]}}})";
    EXPECT_TRUE(fits(failed, R"({"jsonrpc":"2.0","error":{"code":7,"message":"m","data":[1]},"id":1})"));
    EXPECT_FALSE(fits(failed, R"({"jsonrpc":"2.0","error":{"code":7,"message":"n","data":[1]},"id":1})"));
    EXPECT_FALSE(fits(failed, R"({"jsonrpc":"2.0","error":{"code":7,"message":"m"},"id":1})"));
    EXPECT_FALSE(fits(failed, R"({"jsonrpc":"2.0","error":{"code":8,"message":"m","data":[1]},"id":1})"));
    EXPECT_FALSE(fits(R"({"one":{"id":1,"error":{"code":7}}})", R"({"jsonrpc":"2.0","error":{"code":7},"id":1})"));
    const char* const batch =
        R"({"batch":[{"id":null,"error":{"code":-32600}},{"id":2,"result":1},{"id":2,"result":1}]})";
    const std::string two = R"({"jsonrpc":"2.0","id":2,"result":1})",
                      none = R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":""}})";
    EXPECT_TRUE(fits(batch, "[" + two + "," + none + "," + two + "]"));
    EXPECT_FALSE(fits(batch, "[" + two + "," + none + "," + none + "]"));
    EXPECT_FALSE(fits(batch, "[" + two + "," + none + "]"));
    const char* const any = R"({"any_of":[{"one":{"id":1,"result":5}},{"none":true}]})";
    EXPECT_TRUE(fits(any, R"({"jsonrpc":"2.0","id":1,"result":5})"));
    EXPECT_FALSE(fits(any, std::nullopt));
    std::string why;
    const conformance::json_value wanted{any};
    EXPECT_TRUE(conformance::matches({&wanted, false}, std::nullopt, why));
}

TEST(conformance_cases, are_all_there) {
    EXPECT_EQ(conformance::cases().server_cases().size(), 212u);
    EXPECT_EQ(conformance::cases().stream_cases().size(), 11u);
    EXPECT_EQ(conformance::cases().client_cases().size(), 24u);
}

TEST(conformance_matcher, reads_sequences_on_a_stream) {
    for (const conformance::stream_case& one : conformance::cases().stream_cases()) {
        std::string why;
        if (one.name == "stream_two_lines") {
            const std::string first = R"({"jsonrpc":"2.0","id":1,"result":"pong"})",
                              second = R"({"jsonrpc":"2.0","id":2,"result":"pong"})";
            EXPECT_TRUE(conformance::matches(one.expect, {first, second}, why)) << why;
            EXPECT_FALSE(conformance::matches(one.expect, {second, first}, why));
            EXPECT_FALSE(conformance::matches(one.expect, {first}, why));
            EXPECT_FALSE(conformance::matches(one.expect, {first, second, second}, why));
        }
        if (one.name == "stream_parse_error_then_valid") {
            const std::string refused = R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}})";
            const std::string answer = R"({"jsonrpc":"2.0","id":2,"result":"pong"})";
            EXPECT_TRUE(conformance::matches(one.expect, {refused}, why)) << why;
            EXPECT_FALSE(conformance::matches(one.expect, {refused, answer}, why));
            std::vector<conformance::expectation> any = one.expect;
            for (conformance::expectation& part : any) part.first_only = false;
            EXPECT_TRUE(conformance::matches(any, {refused, answer}, why)) << why;
        }
    }
}

}  // namespace
