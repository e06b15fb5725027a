#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bench {

/// What one run of a client does. Every client program, farcall's and its peers', takes the same options.
struct load {
    std::string subject;          ///< how the calls are made, such as farcall-callback
    std::string call = "add";     ///< what is called: add, record, text, doubles, ...
    std::uint16_t port = 0;       ///< of the server, on 127.0.0.1
    std::string frames;           ///< folder of what calls look like on the wire, for the floors
    std::size_t calls = 0;        ///< so many calls, if not zero; each connection or thread has its share
    double seconds = 0.25;        ///< otherwise for so long
    std::size_t connections = 1;
    std::size_t in_flight = 1;    ///< calls at a time on each connection
    std::size_t threads = 1;      ///< threads that call; with several, each makes one call at a time
    bool share = false;           ///< whether threads share one connection, or have one each
    bool hold = false;            ///< makes one call on each connection, then only keeps them until standard input ends

    /// What precedes the measurement.
    load warm_up() const {
        load less = *this;
        less.calls = calls == 0 ? 0 : calls / 10 + in_flight;
        less.seconds = seconds / 5;
        return less;
    }
    /// The part of one of `parts` equal workers.
    load share_of(std::size_t parts) const {
        load less = *this;
        less.calls = (calls + parts - 1) / parts;
        return less;
    }
    std::string url() const { return "tcp://127.0.0.1:" + std::to_string(port); }
};

inline constexpr std::string_view load_usage =
    "SUBJECT --port PORT [--call add|once|record|text|doubles|decimals|packed] [--frames FOLDER]\n"
    "    [--calls N | --seconds S] [--connections N] [--in-flight N] [--threads N] [--share] [--hold]\n";

/// @throws std::invalid_argument for options that are none
inline load parse_load(int count, char** arguments) {
    if (count < 2) throw std::invalid_argument{"which subject?"};
    load parsed;
    parsed.subject = arguments[1];
    for (int at = 2; at < count; ++at) {
        const std::string_view option = arguments[at];
        if (option == "--share" || option == "--hold") {
            (option == "--share" ? parsed.share : parsed.hold) = true;
            continue;
        }
        if (at + 1 == count) throw std::invalid_argument{"a value is missing after " + std::string{option}};
        const std::string value = arguments[++at];
        if (option == "--call")
            parsed.call = value;
        else if (option == "--port")
            parsed.port = static_cast<std::uint16_t>(std::stoul(value));
        else if (option == "--frames")
            parsed.frames = value;
        else if (option == "--calls")
            parsed.calls = std::stoul(value);
        else if (option == "--seconds")
            parsed.seconds = std::stod(value);
        else if (option == "--connections")
            parsed.connections = std::stoul(value);
        else if (option == "--in-flight")
            parsed.in_flight = std::stoul(value);
        else if (option == "--threads")
            parsed.threads = std::stoul(value);
        else
            throw std::invalid_argument{"unknown option " + std::string{option}};
    }
    if (parsed.port == 0) throw std::invalid_argument{"which port?"};
    return parsed;
}

}  // namespace bench
