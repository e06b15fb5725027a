#include <farcall/protocol/line_framing.hpp>

#include "fuzz/framed_input.hpp"
#include "fuzz/targets.hpp"

void fuzz::line(std::string_view input) {
    const auto without_blanks = [](std::string_view text) {
        std::string made;
        for (const char c : text)
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n') made += c;
        return made;
    };
    for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{17}, input.size() + 1}) {
        const framed_input found{farcall::detail::make_line_framing({.frame = 512}), input, piece};
        if (found.closed) continue;
        std::string all;
        for (const std::string& message : found.messages) {
            check(message.size() <= 512, "no message is longer than the limit");
            check(message.find('\n') == message.npos, "no message holds a line feed");
            all += message;
        }
        check(without_blanks(all + found.rest) == without_blanks(input), "every byte but blanks is part of a message");
    }
}
