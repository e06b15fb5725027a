#include <memory>
#include <utility>

#include <boost/asio/steady_timer.hpp>

#include <farcall/testing/simulated_network.hpp>

#include "unit/transport/transport_suite.hpp"

namespace transport_testing {

/// A simulated network under the suite of all transports, whose loop knows no virtual clock: steps it from there.
class stepped_network final : public farcall::transport {
public:
    explicit stepped_network(farcall::testing::link_options options) : options_(options) {}
    ~stepped_network() override {
        if (!world_) return;
        world_->net->abandon();
        world_->clock->abandon();
    }

    std::function<void()> async_connect(const farcall::endpoint& to, boost::asio::any_io_executor executor,
                                        connect_handler done) override {
        return world(executor).net->host("client")->async_connect(to, executor, std::move(done));
    }
    std::unique_ptr<farcall::listener> listen(const farcall::endpoint& at,
                                              boost::asio::any_io_executor executor) override {
        return world(executor).net->host("server")->listen(at, executor);
    }

private:
    struct parts : std::enable_shared_from_this<parts> {
        explicit parts(boost::asio::any_io_executor executor)
            : net(std::make_shared<farcall::testing::simulated_network>(executor, clock,
                                                                        std::make_shared<farcall::seeded_random>(1))),
              wake(executor) {}

        void step() {
            wake.expires_after(clock->step() ? 0us : 100us);
            wake.async_wait([weak = weak_from_this()](error_code failure) {
                if (const auto self = weak.lock(); self && !failure) self->step();
            });
        }

        std::shared_ptr<farcall::testing::virtual_clock> clock = std::make_shared<farcall::testing::virtual_clock>();
        std::shared_ptr<farcall::testing::simulated_network> net;
        boost::asio::steady_timer wake;
    };

    parts& world(const boost::asio::any_io_executor& executor) {
        if (!world_) {
            world_ = std::make_shared<parts>(executor);
            world_->net->defaults() = options_;
            world_->step();
        }
        return *world_;
    }

    farcall::testing::link_options options_;
    std::shared_ptr<parts> world_;
};

struct simulated {
    static std::shared_ptr<farcall::transport> make() {
        return std::make_shared<stepped_network>(farcall::testing::link_options{});
    }
    static std::string url() { return "sim://server"; }
    static std::string nobody() { return "sim://nobody"; }
};

/// With all that a link may do without losing anything.
struct simulated_roughly : simulated {
    static std::shared_ptr<farcall::transport> make() {
        return std::make_shared<stepped_network>(farcall::testing::link_options{
            .delay = {0ms, 20ms}, .largest_piece = 200'000, .largest_read = 300'000, .capacity = 400'000});
    }
};

INSTANTIATE_TYPED_TEST_SUITE_P(simulated, transport_suite, simulated);
INSTANTIATE_TYPED_TEST_SUITE_P(simulated_roughly, transport_suite, simulated_roughly);

}  // namespace transport_testing
