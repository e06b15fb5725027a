#include "scripted_server.hpp"

#include <algorithm>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

namespace sim_test {

enum class event { answered, cancelled, expired, lost };

/// One call to which all four happen, each `apart` from the one before; what it ended with, in words.
inline std::string end_of_call(const std::vector<event>& order, std::chrono::milliseconds apart) {
    world sim;
    scripted_server server{sim};
    Ledger::proxy proxy{sim.connect()};
    boost::asio::cancellation_signal signal;
    int ends = 0;
    std::string told;
    const auto place = [&](event what) {
        return static_cast<int>(std::find(order.begin(), order.end(), what) - order.begin());
    };
    const auto deadline = 10ms + apart * place(event::expired);
    farcall::with(proxy, farcall::timeout{deadline})
        .post(1, boost::asio::bind_cancellation_slot(signal.slot(), [&](farcall::result<int> end) {
                  ++ends;
                  told = end ? "answer" : std::string{to_string(end.error().status())};
                  if (!end) {
                      EXPECT_EQ(end.error().executed(), executed::unknown) << text_of(end);
                  }
              }));
    sim.run_for(10ms - 1us);
    EXPECT_EQ(server.links.size(), 1u);
    EXPECT_EQ(ends, 0);
    const auto moment = sim.now() + 1us;
    for (const event what : order) {
        if (what != event::expired)
            sim.clock()->call_at(moment + apart * place(what), sim.executor(), [&, what] {
                if (what == event::answered) {
                    if (!server.links[0]->ended) server.links[0]->answer(1, "7");
                } else if (what == event::cancelled) {
                    signal.emit(boost::asio::cancellation_type::terminal);
                } else {
                    sim.network().disconnect("client");
                }
            });
    }
    sim.run_for(1s);
    EXPECT_EQ(ends, 1) << "by the first of them, and by none of the others";
    EXPECT_EQ(sim.network().open_connections(), 0u);
    return told;
}

TEST(orders, of_answer_cancellation_deadline_and_loss_end_a_call_once_as_the_first_says) {
    std::vector<event> order{event::answered, event::cancelled, event::expired, event::lost};
    do {
        const std::string told = end_of_call(order, 1ms);
        constexpr std::string_view expected[] = {"answer", "cancelled", "deadline_exceeded", "unavailable"};
        EXPECT_EQ(told, expected[static_cast<std::size_t>(order.front())]);
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(orders, of_what_happens_at_the_same_moment_end_a_call_once) {
    std::vector<event> order{event::answered, event::cancelled, event::expired, event::lost};
    do {
        EXPECT_NE(end_of_call(order, 0ms), "");
    } while (std::next_permutation(order.begin(), order.end()));
}

}  // namespace sim_test
