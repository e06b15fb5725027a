#include "patient_server.hpp"

/// What a server does about the deadlines that its callers state: raw bytes, without a client.
namespace sim_test {

/// The answer to a call that was too late to be begun.
std::string late(int id) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
           R"(,"error":{"code":-32004,"message":"the deadline passed before the call was started","data":{"executed":"no"}}})";
}

TEST(server_deadline, cancels_a_coroutine_when_it_passes) {
    patient_world sim;
    sim.peer->write(sim.timed(1, "watch", "[60000]", 300));
    EXPECT_EQ(sim.received(299ms), "");
    EXPECT_EQ(sim.handler.cancelled, 0);
    EXPECT_EQ(
        sim.received(2ms),
        R"({"jsonrpc":"2.0","id":1,"error":{"code":-32004,"message":"the deadline passed while the handler ran","data":{"executed":"yes"}}})");
    EXPECT_EQ(sim.handler.cancelled, 1);
    EXPECT_EQ(sim.handler.ended, 0);
}

TEST(server_deadline, of_many_calls_are_kept_in_their_order) {
    patient_world sim;
    for (const int ms : {500, 100, 900, 300, 700}) sim.peer->write(sim.timed(ms, "wait", "[60000]", ms));
    sim.peer->write(sim.timed(200, "wait", "[200]", 60'000));
    for (int ms = 100; ms <= 900; ms += 100) {
        sim.run_for(50ms);
        const std::string told = sim.received(50ms + 1us);
        if (ms == 200)
            EXPECT_EQ(told, R"({"jsonrpc":"2.0","id":200,"result":200})");
        else if (ms % 200 == 0)
            EXPECT_EQ(told, "") << ms;
        else
            EXPECT_NE(told.find("\"id\":" + std::to_string(ms) + ",\"error\":{\"code\":-32004"), std::string::npos)
                << ms << ": " << told;
    }
}

TEST(server_deadline, that_passed_behind_a_slow_handler_keeps_the_rest_of_the_read_from_starting) {
    patient_world sim;
    sim.peer->write(sim.timed(1, "busy", "[50]", 20) + sim.timed(2, "busy", "[1]", 50) + sim.timed(3, "wait", "[1]", 50) +
                    sim.timed(4, "work", "[1]", 50) + sim.timed(5, "now", "[]", 51));
    EXPECT_EQ(sim.received(1s), R"({"jsonrpc":"2.0","id":1,"result":50})"
                              "\n" +
                                  late(2) + "\n" + late(3) + "\n" + late(4) + "\n" +
                                  R"({"jsonrpc":"2.0","id":5,"result":1})");
    EXPECT_EQ(sim.handler.begun, 1);
}

TEST(server_deadline, keeps_elements_of_a_batch_and_notifications_from_starting) {
    patient_world sim;
    const auto element = [](std::string_view id, std::string_view method, int param) {
        return R"({"jsonrpc":"2.0",)" + std::string{id} + R"("method":"Patient.)" + std::string{method} +
               R"(","meta":{"timeout_ms":20},"params":[)" + std::to_string(param) + "]}";
    };
    sim.send("[" + element(R"("id":1,)", "busy", 30) + "," + element(R"("id":2,)", "busy", 30) + "," +
             element("", "busy", 30) + "]");
    EXPECT_EQ(sim.received(1s), R"([{"jsonrpc":"2.0","id":1,"result":30},)" + late(2) + "]");
    EXPECT_EQ(sim.handler.begun, 1);
}

TEST(server_deadline, that_passed_in_the_queue_of_the_workers_keeps_a_call_from_starting) {
    patient_world sim;
    sim.peer->write(sim.timed(1, "work", "[50]", 100) + sim.timed(2, "work", "[50]", 40) +
                    sim.timed(3, "work", "[50]", 60));
    EXPECT_EQ(sim.received(1s), R"({"jsonrpc":"2.0","id":1,"result":50})"
                                "\n" +
                                    late(2) + "\n" + R"({"jsonrpc":"2.0","id":3,"result":50})");
    EXPECT_EQ(sim.handler.begun, 2);
}

TEST(server_deadline, of_nothing_left_is_too_late_at_once) {
    patient_world sim;
    sim.peer->write(sim.timed(1, "now", "[]", 0));
    EXPECT_EQ(sim.received(), late(1));
    EXPECT_EQ(sim.handler.ended, 0);
}

TEST(server_deadline, counts_from_the_arrival_of_what_waited_behind_unsent_answers) {
    patient_world sim{{.write_buffer_soft = 100}};
    std::string calls;
    for (int id = 1; id <= 8; ++id) calls += sim.timed(id, "now", "[]", 1000);
    sim.network().defaults().largest_piece = 4000;
    sim.peer->write(calls + sim.timed(9, "now", "[]", 100));
    // From now on the answers go out only as the peer reads them; the last call has arrived with the others.
    sim.network().defaults().capacity = 64;
    sim.run_for(200ms);
    const std::string told = sim.received(1s);
    EXPECT_NE(told.find(R"("id":8,"result":8)"), std::string::npos) << told;
    EXPECT_NE(told.find(late(9)), std::string::npos) << told;
}

}  // namespace sim_test
