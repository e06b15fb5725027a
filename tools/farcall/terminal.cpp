#include "terminal.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <farcall/detail/ascii.hpp>

namespace tool {

namespace {

bool utf8_locale() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* const value = std::getenv(name);
        if (value == nullptr || *value == '\0') continue;
        const std::string lower = farcall::detail::lower_case(value);
        return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
    }
    return false;
}

/// All of it, whatever the terminal takes at a time.
void write_all(std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(STDOUT_FILENO, text.data(), text.size());
        if (count > 0) {
            text.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno == EAGAIN) {
            pollfd writable{STDOUT_FILENO, POLLOUT, 0};
            ::poll(&writable, 1, -1);
        } else if (errno != EINTR) {
            return;
        }
    }
}

}  // namespace

top_style output_style(bool terminal) {
    top_style style;
    style.utf8 = utf8_locale();
    const char* const no_color = std::getenv("NO_COLOR");  // as many programs have it
    style.colours = no_color == nullptr || *no_color == '\0';
    winsize size{};
    if (terminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0) {
        style.width = size.ws_col;
        style.height = size.ws_row;
    } else if (const char* const said = std::getenv("COLUMNS")) {
        if (const int width = std::atoi(said); width > 0) style.width = static_cast<std::size_t>(width);
    }
    return style;
}

terminal_screen::terminal_screen(int keys) : keys_(keys) { enter(); }

void terminal_screen::enter() {
    if (entered_) return;
    entered_ = true;
    termios now{};
    if (keys_ >= 0 && ::tcgetattr(keys_, &now) == 0) {
        before_ = now;
        now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
        now.c_cc[VMIN] = 1;
        now.c_cc[VTIME] = 0;
        ::tcsetattr(keys_, TCSANOW, &now);
    }
    write_all("\x1b[?1049h\x1b[?25l\x1b[?7l");  // a screen of its own, no cursor, no wrapping
}

void terminal_screen::leave() {
    if (!entered_) return;
    entered_ = false;
    write_all("\x1b[?7h\x1b[?25h\x1b[?1049l");
    if (before_) ::tcsetattr(keys_, TCSANOW, &*before_);
}

void terminal_screen::show(const std::vector<std::string>& lines) const {
    std::string out = "\x1b[H";
    for (const std::string& each : lines) {
        if (&each != &lines.front()) out += "\r\n";
        out += "\x1b[2K" + each;  // behind a line that is as wide as the terminal, its last column would be erased
    }
    write_all(out + "\x1b[J");
}

}  // namespace tool
