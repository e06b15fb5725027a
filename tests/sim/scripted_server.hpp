#pragma once

#include "support.hpp"

#include <functional>

#include <farcall/protocol/frame.hpp>
#include <farcall/protocol/request.hpp>

namespace sim_test {

/// A server that says what the test tells it: for what a client must stand or obey.
class scripted_server {
public:
    /// One connection, and what came on it.
    struct link {
        std::unique_ptr<farcall::byte_stream> stream;
        std::string unread;
        std::vector<std::string> messages;
        std::string room = std::string(64u << 10, '\0');
        bool ended = false;

        void say(std::string_view json) { write(frame(json)); }
        void answer(std::uint64_t id, std::string_view value) {
            say(R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":)" + std::string{value} + "}");
        }
        void tell(std::string_view name, std::string_view params) {
            say(R"({"jsonrpc":"2.0","method":")" + std::string{name} + R"(","params":)" + std::string{params} + "}");
        }
        void write(std::string_view bytes) {
            boost::system::error_code failure;
            EXPECT_EQ(stream->try_write(bytes.data(), bytes.size(), failure), bytes.size());
        }
        /// How many of the messages are calls or notifications of this method.
        std::size_t count(std::string_view method) const {
            std::size_t found = 0;
            for (const std::string& each : messages)
                if (each.find("\"method\":\"" + std::string{method} + '"') != std::string::npos) ++found;
            return found;
        }
    };

    explicit scripted_server(simulation& sim, std::string_view url = "sim://server") : sim_(sim) {
        const auto where = farcall::parse_endpoint(url).value();
        listener_ = sim.network().host(where.host)->listen(where, sim.executor());
        accept();
    }

    /// Is told of each message, with the link on which it came.
    std::function<void(link&, const std::string&)> on_message;
    std::vector<std::shared_ptr<link>> links;

private:
    void accept() {
        listener_->async_accept(sim_.executor(), [this](boost::system::error_code failure, auto stream) {
            if (failure) return;
            links.push_back(std::make_shared<link>());
            links.back()->stream = std::move(stream);
            read(links.back());
            accept();
        });
    }

    struct reading {
        scripted_server* server;
        std::shared_ptr<link> from;
    };

    void read(const std::shared_ptr<link>& from) {
        auto state = std::make_shared<reading>(reading{this, from});
        auto* const raw = state.get();
        from->stream->async_read(from->room.data(), from->room.size(),
                                 {[](void* self, boost::system::error_code failure, std::size_t count) {
                                      auto& [server, link] = *static_cast<reading*>(self);
                                      server->got(link, failure, count);
                                  },
                                  raw, std::move(state)});
    }

    void got(const std::shared_ptr<link>& from, boost::system::error_code failure, std::size_t count) {
        if (failure) {
            from->ended = true;
            return;
        }
        from->unread.append(from->room, 0, count);
        for (;;) {
            const auto step = farcall::detail::frame_reader{}.next(from->unread);
            if (step.state != farcall::detail::frame_state::frame) break;
            from->messages.emplace_back(step.payload);
            from->unread.erase(0, step.consumed);
            if (on_message) on_message(*from, from->messages.back());
        }
        read(from);
    }

    simulation& sim_;
    std::unique_ptr<farcall::listener> listener_;
};

}  // namespace sim_test
