#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <farcall/observe/observer.hpp>

namespace sim_test {

/// Notes every event that it is told, in a line each.
struct witness {
    std::vector<std::string> seen;
    /// Is told of the ends of calls, where one asks.
    std::function<void(const farcall::call_event&)> on_call;

    static std::string name(const farcall::connection_tag& tag) {
        std::string text{tag.side == farcall::call_side::client ? "client" : "server"};
        text += ' ' + std::to_string(tag.id);
        if (!tag.protocol.empty()) text += ' ' + std::string{tag.protocol};
        return text;
    }

    void connection_up(const farcall::connection_event& event) { seen.push_back("up " + name(event.connection)); }
    void connection_down(const farcall::connection_event& event) {
        seen.push_back("down " + name(event.connection));
        if (!event.reason.empty()) seen.back() += ": " + std::string{event.reason};
    }
    void connect_failed(const farcall::connect_failure_event& event) {
        seen.push_back("connect failed " + std::string{event.server} + ", pause " + std::to_string(event.pause.count()));
    }
    void lifecycle(const farcall::lifecycle_event& event) {
        seen.emplace_back(event.phase);
        if (!event.where.empty()) seen.back() += ' ' + std::string{event.where};
    }
    void call_ended(const farcall::call_event& event) {
        if (on_call) on_call(event);
    }
    void retry(const farcall::retry_event& event) {
        seen.push_back("retry of " + std::string{event.method} + " after attempt " + std::to_string(event.attempt) + " (" +
                       std::string{to_string(event.failure->status())} + "), pause " + std::to_string(event.pause.count()));
    }
    void hedge(const farcall::hedge_event& event) {
        seen.push_back("hedge of " + std::string{event.method} + ", attempt " + std::to_string(event.attempt));
    }
    void goaway(const farcall::goaway_event& event) { seen.push_back("goaway " + name(event.connection)); }
    void drop(const farcall::drop_event& event) {
        seen.push_back("drop " + name(event.connection) + ": " + std::string{event.what} + " " + std::string{event.which});
    }
    void limit_hit(const farcall::limit_event& event) {
        seen.push_back("limit " + name(event.connection) + ": " + std::string{event.limit});
    }

    /// Whether there is an event with this text in it.
    bool saw(std::string_view text) const {
        for (const std::string& each : seen)
            if (each.find(text) != std::string::npos) return true;
        return false;
    }
};

/// An observer that notes, and the notes.
inline std::shared_ptr<witness> add_witness(std::vector<farcall::observer>& to) {
    auto made = std::make_shared<witness>();
    to.emplace_back(made);
    return made;
}

}  // namespace sim_test
