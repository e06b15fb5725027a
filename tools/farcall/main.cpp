// farcall, the command-line client: see help.hpp.
#include <iostream>
#include <string>
#include <vector>

#include <unistd.h>

#include "command_line.hpp"
#include "commands.hpp"
#include "output.hpp"

int main(int argc, char** argv) {
    const auto read = tool::read_command_line(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
    if (const auto* wrong = std::get_if<tool::mistake>(&read)) {
        std::cerr << tool::mistake_text(*wrong);
        return static_cast<int>(tool::exit_status::usage);
    }
    const tool::streams io{std::cin, std::cout, std::cerr, isatty(STDOUT_FILENO) == 1};
    return static_cast<int>(tool::run(std::get<tool::request>(read), io));
}
