#pragma once

#include <optional>
#include <string_view>

#include <termios.h>

#include "top_screen.hpp"

namespace tool {

/// What standard output can show: its size if it is a terminal, else that of COLUMNS, and 80 columns without.
top_style output_style(bool terminal);

/// The whole terminal for a while: a screen of its own, keys without echo. What was there comes back at the end.
class terminal_screen {
public:
    /// @param keys  the terminal as it is read; below zero: no keys
    explicit terminal_screen(int keys);
    terminal_screen(const terminal_screen&) = delete;
    terminal_screen& operator=(const terminal_screen&) = delete;
    ~terminal_screen() { leave(); }

    /// @{ Gives the terminal back, as for a stop by Ctrl-Z, and takes it again.
    void leave();
    void enter();
    /// @}

    /// Replaces what is shown.
    void show(const std::vector<std::string>& lines) const;

private:
    int keys_;
    std::optional<termios> before_;
    bool entered_ = false;
};

}  // namespace tool
