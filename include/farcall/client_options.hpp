#pragma once

#include <chrono>
#include <memory>

#include <farcall/limits.hpp>

namespace farcall {

class random_source;
class time_source;
class transport;

/// What a client can be told when it is made. The defaults suit a service on the same network.
struct client_options {
    /// Deadline of a call whose declaration and options name none. Zero: none.
    std::chrono::milliseconds timeout{10'000};
    /// Time to look up the name and to connect. Zero: none but that of the calls that wait.
    std::chrono::milliseconds connect_timeout{10'000};
    /// What is accepted from the server: `frame` and `depth` of it count, and so do `write_buffer_hard`,
    /// `longest_deadline` and `attempts` for what is sent.
    farcall::limits limits{};
    /// Moves the bytes. Null: the URL's scheme says.
    std::shared_ptr<farcall::transport> transport{};
    /// The clock. Null: the system's.
    std::shared_ptr<time_source> time{};
    /// Jitter of retry policies. Null: seeded by the system.
    std::shared_ptr<random_source> random{};
};

}  // namespace farcall
