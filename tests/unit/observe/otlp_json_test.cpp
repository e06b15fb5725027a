#include <farcall/observe/otlp_json.hpp>

#include <string>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using farcall::call_side;
using farcall::otlp_traces;
using farcall::span;
using farcall::status;

span one_call() {
    span one;
    one.context = {.trace_high = 0x0af7651916cd43dd, .trace_low = 0x8448eb211c80319c, .span = 0xb7ad6b7169203331, .sampled = true};
    one.side = call_side::client;
    one.name = "Calculator.add";
    one.begin += 1'893'456'000s;
    one.time = 1'500ns;
    return one;
}

TEST(otlp_json, writes_every_field_as_the_collector_reads_it) {
    span root = one_call();
    root.attributes = {{"rpc.system.name", "jsonrpc"}, {"server.port", std::int64_t{5000}}, {"farcall.stale", true}};
    span child = one_call();
    child.parent = root.context.span;
    child.remote_parent = true;
    child.context.span = 1;
    child.side = call_side::server;
    child.tracestate = "rojo=1";
    child.status = status::internal;
    child.message = "\"no\"\n";
    EXPECT_EQ(otlp_traces({{"service.name", "shop"}}, std::vector{root, child}),
              R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},)"
              R"("scopeSpans":[{"scope":{"name":"farcall"},"spans":[)"
              R"({"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","flags":257,)"
              R"("name":"Calculator.add","kind":3,"startTimeUnixNano":"1893456000000000000",)"
              R"("endTimeUnixNano":"1893456000000001500","attributes":[)"
              R"({"key":"rpc.system.name","value":{"stringValue":"jsonrpc"}},)"
              R"({"key":"server.port","value":{"intValue":"5000"}},{"key":"farcall.stale","value":{"boolValue":true}}],)"
              R"("status":{}},)"
              R"({"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"0000000000000001","traceState":"rojo=1",)"
              R"("parentSpanId":"b7ad6b7169203331","flags":769,"name":"Calculator.add","kind":2,)"
              R"("startTimeUnixNano":"1893456000000000000","endTimeUnixNano":"1893456000000001500","attributes":[],)"
              R"("status":{"code":2,"message":"\"no\"\n"}}]}]}]})");
}

TEST(otlp_json, mends_texts_of_peers) {
    span one = one_call();
    one.name = "a\xFF\x01";
    EXPECT_NE(otlp_traces({}, std::vector{one}).find("\"name\":\"a\xEF\xBF\xBD\\u0001\""), std::string::npos);
}

}  // namespace
