#include "top_keys.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <farcall/detail/utf8.hpp>

namespace tool {

namespace {

using kind = key::kind;

constexpr std::chrono::milliseconds shortest_interval{100}, longest_interval{60'000};

struct sequence {
    std::string_view bytes;
    kind what;
};

constexpr std::array<sequence, 14> sequences{{
    {"\x1b[A", kind::up},      {"\x1bOA", kind::up},      {"\x1b[B", kind::down}, {"\x1bOB", kind::down},
    {"\x1b[5~", kind::page_up}, {"\x1b[6~", kind::page_down}, {"\x1b[H", kind::home}, {"\x1bOH", kind::home},
    {"\x1b[1~", kind::home},   {"\x1b[7~", kind::home},   {"\x1b[F", kind::end},  {"\x1bOF", kind::end},
    {"\x1b[4~", kind::end},    {"\x1b[8~", kind::end},
}};

/// Bytes of a sequence that is none of ours: up to its last byte; 0: it goes on.
std::size_t unknown_sequence(std::string_view bytes) {
    if (bytes.size() < 3) return 0;
    if (bytes[1] == 'O') return 3;
    for (std::size_t i = 2; i != bytes.size(); ++i)
        if (bytes[i] >= 0x40 && bytes[i] <= 0x7E) return i + 1;
    return bytes.size() > 32 ? bytes.size() : 0;
}

/// The first key and its size; nothing if more has to come.
std::optional<std::pair<std::optional<key>, std::size_t>> first_key(std::string_view bytes, bool more) {
    const auto made = [](kind what, std::size_t size) { return std::pair{std::optional{key{what, {}}}, size}; };
    const char c = bytes[0];
    if (c == '\x1b') {
        for (const sequence& each : sequences)
            if (bytes.starts_with(each.bytes)) return made(each.what, each.bytes.size());
        const bool introduces = bytes.size() > 1 && (bytes[1] == '[' || bytes[1] == 'O');
        if (introduces) {
            if (const std::size_t size = unknown_sequence(bytes)) return std::pair{std::optional<key>{}, size};
            if (more) return std::nullopt;
        } else if (bytes.size() == 1 && more) {
            return std::nullopt;
        }
        return made(kind::escape, 1);
    }
    if (c == '\r' || c == '\n') return made(kind::enter, 1);
    if (c == 0x7F || c == '\b') return made(kind::backspace, 1);
    std::size_t size = 1;
    while (size < bytes.size() && (static_cast<unsigned char>(bytes[size]) & 0xC0u) == 0x80u) ++size;
    const std::string_view text = bytes.substr(0, size);
    if (farcall::detail::utf8_prefix(text) != size) {
        if (more && farcall::detail::utf8_cut_sequence(text)) return std::nullopt;
        return std::pair{std::optional<key>{}, size};
    }
    if (static_cast<unsigned char>(c) < 0x20 && c != '\x03' && c != '\x15') return std::pair{std::optional<key>{}, size};
    return std::pair{std::optional{key{kind::character, std::string{text}}}, size};
}

void type(const key& pressed, top_view& view) {
    std::string& filter = view.order.filter;
    view.first = 0;
    switch (pressed.what) {
        case kind::enter: view.typing = false; break;
        case kind::escape:
            view.typing = false;
            filter.clear();
            break;
        case kind::backspace:
            while (!filter.empty() && (static_cast<unsigned char>(filter.back()) & 0xC0u) == 0x80u) filter.pop_back();
            if (!filter.empty()) filter.pop_back();
            break;
        case kind::character:
            if (pressed.text == "\x15")  // Ctrl-U
                filter.clear();
            else if (filter.size() < 256)
                filter += pressed.text;
            break;
        default: break;
    }
}

key_effect press_character(char c, top_view& view) {
    const auto turn = [&](int by) {
        const int column = static_cast<int>(view.order.column) + by + top_columns;
        view.order.column = static_cast<top_column>(column % top_columns);
        view.order.reversed = false;
        view.first = 0;
        return key_effect::redraw;
    };
    switch (c) {
        case 'q':
        case '\x03': return key_effect::quit;
        case 's': return turn(1);
        case 'S': return turn(-1);
        case 'r': view.order.reversed = !view.order.reversed; return key_effect::redraw;
        case '/': view.typing = true; return key_effect::redraw;
        case 'l': view.order.recent = !view.order.recent; return key_effect::redraw;
        case 'b':
            view.chart = static_cast<top_chart>((static_cast<int>(view.chart) + 1) % top_charts);
            return key_effect::redraw;
        case '?':
        case 'h': view.help = !view.help; return key_effect::redraw;
        case ' ':
            view.paused = !view.paused;
            return view.paused ? key_effect::redraw : key_effect::refresh;
        case '+': view.interval = std::min(view.interval * 2, longest_interval); return key_effect::redraw;
        case '-': view.interval = std::max(view.interval / 2, shortest_interval); return key_effect::refresh;
        default: return key_effect::none;
    }
}

}  // namespace

std::vector<key> read_keys(std::string& bytes, bool more) {
    std::vector<key> keys;
    while (!bytes.empty()) {
        auto found = first_key(bytes, more);
        if (!found) break;
        bytes.erase(0, found->second);
        if (found->first) keys.push_back(std::move(*found->first));
    }
    return keys;
}

key_effect press(const key& pressed, top_view& view, std::size_t rows, std::size_t page) {
    if (view.typing && pressed.text != "\x03") {
        type(pressed, view);
        return key_effect::redraw;
    }
    const std::size_t last = rows > page ? rows - page : 0;
    view.first = std::min(view.first, last);
    switch (pressed.what) {
        case kind::character: return press_character(pressed.text.size() == 1 ? pressed.text[0] : '\0', view);
        case kind::up: view.first -= view.first != 0; break;
        case kind::down: view.first = std::min(view.first + 1, last); break;
        case kind::page_up: view.first -= std::min(view.first, page); break;
        case kind::page_down: view.first = std::min(view.first + page, last); break;
        case kind::home: view.first = 0; break;
        case kind::end: view.first = last; break;
        case kind::escape:
            if (view.help)
                view.help = false;
            else
                view.order.filter.clear();
            break;
        default: return key_effect::none;
    }
    return key_effect::redraw;
}

}  // namespace tool
