#include "patient_server.hpp"

#include <gtest/gtest.h>

/// Requests that are not JSON-RPC 2.0, on native frames; other framings carry the same messages.
namespace {

using namespace sim_test;
using namespace std::chrono_literals;

std::string enveloped(std::string_view id, std::string_view method, std::string_view params,
                      std::string_view service = "Patient") {
    return R"({"request_id":)" + std::string{id} + R"(,"method":")" + std::string{method} + R"(","params":)" +
           std::string{params} + R"(,"timestamp":1.5,"service":")" + std::string{service} + "\"}";
}

/// The time of the answer cut off: it is the clock's.
std::string without_time(std::string text) {
    const std::size_t at = text.find(",\"timestamp\":");
    EXPECT_NE(at, std::string::npos) << text;
    EXPECT_EQ(text.find_first_not_of("0123456789.}", at + 13), std::string::npos) << text;
    return text.substr(0, at);
}

TEST(envelope_dialect, answers_with_its_four_members) {
    patient_world sim;
    sim.send(enveloped(R"("r-1")", "wait", "[20]"));
    EXPECT_EQ(sim.received(100ms),
              R"({"request_id":"r-1","result":20,"error":null,"timestamp":1893456000.020000})");
    sim.send(enveloped("17", "wait", R"({"ms":1})"));
    EXPECT_EQ(without_time(sim.received(100ms)), R"({"request_id":17,"result":1,"error":null)");
}

TEST(envelope_dialect, says_an_error_as_a_text) {
    patient_world sim;
    sim.send(enveloped("1", "wiat", "[20]"));
    EXPECT_EQ(without_time(sim.received()),
              R"({"request_id":1,"result":null,"error":"no method Patient.wiat; did you mean Patient.wait?")");
    sim.send(enveloped("2", "wait", R"(["soon"])"));
    EXPECT_NE(sim.received().find("expected integer"), std::string::npos);
    sim.send(R"({"request_id":3,"params":[]})");
    EXPECT_NE(sim.received().find(R"("error":"\"method\" is missing)"), std::string::npos);
}

TEST(envelope_dialect, finds_a_method_with_or_without_its_service) {
    patient_world sim;
    sim.send(enveloped("1", "Patient.wait", "[1]"));
    EXPECT_EQ(without_time(sim.received()), R"({"request_id":1,"result":1,"error":null)");
    sim.send(R"({"request_id":2,"method":"wait","params":[2]})");
    EXPECT_EQ(without_time(sim.received()), R"({"request_id":2,"result":2,"error":null)");
}

TEST(envelope_dialect, gives_the_first_answer_again_to_the_same_request_id) {
    patient_world sim;
    sim.send(enveloped(R"("a")", "now", "[]"));
    EXPECT_EQ(without_time(sim.received()), R"({"request_id":"a","result":1,"error":null)");
    sim.send(enveloped(R"("a")", "now", "[]"));
    EXPECT_EQ(without_time(sim.received()), R"({"request_id":"a","result":1,"error":null)");
    auto other = raw_stream::connect(sim);
    std::swap(sim.peer, other);
    sim.send(enveloped(R"("a")", "now", "[]"));
    EXPECT_EQ(without_time(sim.received()), R"({"request_id":"a","result":1,"error":null)");
    sim.send(enveloped(R"("b")", "now", "[]"));
    EXPECT_EQ(without_time(sim.received()), R"({"request_id":"b","result":2,"error":null)");
}

TEST(envelope_dialect, runs_once_while_the_first_still_runs) {
    patient_world sim;
    sim.send(enveloped(R"("a")", "wait", "[50]"));
    sim.run_for(10ms);
    sim.send(enveloped(R"("a")", "wait", "[50]"));
    const std::string both = sim.received(100ms);
    EXPECT_EQ(sim.handler.begun, 1);
    EXPECT_EQ(std::count(both.begin(), both.end(), '\n'), 1) << both;
}

TEST(envelope_dialect, serves_clients_that_count_alike) {
    patient_world sim;
    sim.send(enveloped("1", "wait", "[1]"));
    sim.received();
    sim.send(enveloped("1", "wait", "[2]"));
    EXPECT_EQ(without_time(sim.received()), R"({"request_id":1,"result":2,"error":null)");
    EXPECT_EQ(sim.handler.begun, 2);
}

TEST(envelope_dialect, refuses_a_request_id_of_another_call_that_runs_exactly_once) {
    patient_world sim;
    sim.send(enveloped(R"("a")", "pay", "[1]"));
    sim.received();
    sim.send(enveloped(R"("a")", "pay", "[2]"));
    EXPECT_NE(sim.received().find("this request_id belongs to another call"), std::string::npos);
    EXPECT_EQ(sim.handler.begun, 1);
}

TEST(envelope_dialect, calls_nothing_of_a_service_that_is_not_there) {
    patient_world sim;
    sim.send(enveloped("1", "now", "[]", "Bank"));
    EXPECT_NE(sim.received().find("no method Bank.now"), std::string::npos);
    EXPECT_EQ(sim.handler.ended, 0);
}

TEST(envelope_dialect, forgets_an_answer_after_a_while) {
    patient_world sim;
    sim.send(enveloped(R"("a")", "now", "[]"));
    sim.received();
    sim.run_for(4min);  // a connection without a message ends after five
    sim.send(enveloped(R"("a")", "now", "[]"));
    EXPECT_EQ(without_time(sim.received()), R"({"request_id":"a","result":1,"error":null)");
    sim.run_for(4min);
    sim.send(enveloped(R"("b")", "now", "[]"));
    sim.run_for(4min);
    sim.received();
    sim.send(enveloped(R"("a")", "now", "[]"));
    EXPECT_EQ(without_time(sim.received()), R"({"request_id":"a","result":3,"error":null)");
}

TEST(envelope_dialect, may_call_what_runs_exactly_once) {
    patient_world sim;
    sim.send(enveloped(R"("p")", "pay", "[5]"));
    sim.send(enveloped(R"("p")", "pay", "[5]"));
    sim.received();
    EXPECT_EQ(sim.handler.begun, 1);
}

TEST(keyword_dialect, has_a_result_or_an_error_and_nothing_else) {
    patient_world sim;
    sim.send(R"({"method":"wait","params":[20],"kwargs":{}})");
    EXPECT_EQ(sim.received(100ms), R"({"result":20})");
    sim.send(R"({"method":"wait","params":[],"kwargs":{"ms":3}})");
    EXPECT_EQ(sim.received(100ms), R"({"result":3})");
    sim.send(R"({"method":"Patient.wiat","kwargs":{}})");
    EXPECT_EQ(sim.received(), R"({"error":"no method Patient.wiat; did you mean Patient.wait?"})");
    sim.send(R"({"method":"wait","params":[1],"kwargs":{"ms":3}})");
    EXPECT_NE(sim.received().find(R"({"error":)"), std::string::npos);
    sim.send(R"({"method":"wait","kwargs":7})");
    EXPECT_EQ(sim.received(), R"({"error":"\"kwargs\" must be an object, found number"})");
    EXPECT_EQ(sim.handler.begun, 2);
}

TEST(json_rpc_1, answers_have_both_members) {
    patient_world sim;
    sim.send(R"({"method":"Patient.wait","params":[20],"id":7})");
    EXPECT_EQ(sim.received(100ms), R"({"result":20,"error":null,"id":7})");
    sim.send(R"({"method":"Patient.none","params":[],"id":"x"})");
    const std::string told = sim.received();
    EXPECT_TRUE(told.starts_with(R"({"result":null,"error":{"code":-32601,)")) << told;
    EXPECT_TRUE(told.ends_with(R"(,"id":"x"})")) << told;
}

TEST(json_rpc_1, is_not_answered_without_an_id) {
    patient_world sim;
    sim.send(R"({"method":"Patient.now","params":[],"id":null})");
    EXPECT_EQ(sim.received(), "");
    EXPECT_EQ(sim.handler.ended, 1);
}

TEST(dialects, go_with_other_messages_on_one_connection) {
    patient_world sim;
    sim.send(enveloped("1", "wait", "[20]"));
    sim.call(2, "wait", "[10]");
    sim.send(R"({"method":"wait","params":[30],"kwargs":{}})");
    EXPECT_EQ(sim.received(100ms), R"({"jsonrpc":"2.0","id":2,"result":10})"
                                   "\n"
                                   R"({"request_id":1,"result":20,"error":null,"timestamp":1893456000.020000})"
                                   "\n"
                                   R"({"result":30})");
}

TEST(dialects, are_no_elements_of_a_batch) {
    patient_world sim;
    sim.send(R"([{"method":"now","kwargs":{}}])");
    EXPECT_NE(sim.received().find(R"([{"jsonrpc":"2.0","id":null,"error":{"code":-32600)"), std::string::npos);
    EXPECT_EQ(sim.handler.ended, 0);
}

TEST(dialects, are_not_told_that_the_server_stops_but_refused) {
    patient_world sim;
    sim.send(R"({"method":"wait","params":[50],"kwargs":{}})");
    sim.run_for(1ms);
    sim.server->stop(10s);
    sim.send(R"({"method":"wait","params":[1],"kwargs":{}})");
    const std::string told = sim.received(100ms);
    EXPECT_EQ(told.find("goaway"), std::string::npos) << told;
    EXPECT_NE(told.find("takes no more calls"), std::string::npos) << told;
    EXPECT_NE(told.find(R"({"result":50})"), std::string::npos) << told;
}

}  // namespace
