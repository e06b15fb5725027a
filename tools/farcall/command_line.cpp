#include "command_line.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include <CLI/CLI.hpp>

#include <farcall/codec/codec_error.hpp>
#include <farcall/detail/nearest_names.hpp>

namespace tool {

namespace {

constexpr std::string_view see_help = "farcall --help shows what there is";

/// What a command takes behind its name.
struct form {
    std::string_view name;
    tool::action action;
    std::string_view usage;
    std::vector<std::string_view> needed;
    std::size_t most;
};

constexpr std::size_t any_number = static_cast<std::size_t>(-1);

const form forms[] = {
    {"list", action::list, "farcall list URL", {"URL"}, 1},
    {"describe", action::describe, "farcall describe URL [METHOD]", {"URL"}, 2},
    {"call", action::call, "farcall call URL METHOD [ARG]...", {"URL", "METHOD"}, any_number},
    {"top", action::top, "farcall top URL", {"URL"}, 1},
    {"completion", action::completion, "farcall completion bash|zsh|fish", {"the shell"}, 1},
    {"help", action::help, "farcall help", {}, any_number},
};

/// " did you mean X?", or another hint where nothing is near.
std::string did_you_mean(std::string_view typed, const std::vector<std::string_view>& names, std::string_view otherwise) {
    farcall::detail::nearest_names near{typed};
    for (const std::string_view name : names) near.look_at(name);
    const auto found = near.found();
    if (found.empty()) return std::string{otherwise};
    return "did you mean " + std::string{found.front()} + "?";
}

/// What the options said, and the words that are none.
struct split_words {
    std::vector<std::string> words;
    std::vector<std::string> headers;
    std::optional<std::string> timeout;
    std::optional<std::string> interval;
    bool json = false;
    bool once = false;
    bool help = false;
    bool version = false;
};

/// An option that there is not; numbers are no options.
bool looks_like_option(std::string_view word) {
    return word.size() > 1 && word[0] == '-' && !(word[1] >= '0' && word[1] <= '9');
}

std::variant<split_words, mistake> take_options(const std::vector<std::string>& words) {
    split_words said;
    // Commands and their arguments are left to us: what CLI11 takes as a value it also takes apart, such as [1,2].
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    app.add_option("--timeout", said.timeout);
    app.add_option("-H,--header", said.headers)->allow_extra_args(false);
    app.add_option("--interval", said.interval);
    app.add_flag("--json", said.json);
    app.add_flag("--once", said.once);
    app.add_flag("-h,--help", said.help);
    app.add_flag("--version", said.version);
    try {
        app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::ParseError& why) {
        return mistake{why.what(), std::string{see_help}};
    }
    bool options_end = false;
    for (const std::string& word : app.remaining()) {
        if (!options_end && word == "--") {
            options_end = true;
        } else if (!options_end && looks_like_option(word)) {
            return mistake{"there is no option " + farcall::detail::excerpt(word, 80),
                           did_you_mean(word, option_names(), see_help) +
                               " (behind -- everything is an argument)"};
        } else {
            said.words.push_back(word);
        }
    }
    return said;
}

std::optional<mistake> read_header(std::string_view text, farcall::metadata& headers) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos)
        return mistake{"the header " + farcall::detail::excerpt(text, 80) + " has no colon", "write --header 'tenant: a7'"};
    std::string_view value = text.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
    try {
        headers.set(text.substr(0, colon), value);
    } catch (const std::logic_error& why) {
        return mistake{"the header " + farcall::detail::excerpt(text, 80) + " cannot travel: " + why.what(),
                       "write --header 'tenant: a7'"};
    }
    return std::nullopt;
}

std::optional<mistake> read_options(const split_words& said, request& made) {
    made.json = said.json;
    if (said.timeout) {
        made.timeout = read_time(*said.timeout);
        if (!made.timeout)
            return mistake{"the time " + farcall::detail::excerpt(*said.timeout, 80) + " cannot be read",
                           "write --timeout 2s, 500ms, 1m or none"};
    }
    if (made.action != action::top && (said.once || said.interval))
        return mistake{std::string{said.once ? "--once" : "--interval"} + " is an option of top only", std::string{see_help}};
    made.once = said.once;
    if (said.interval) {
        constexpr std::chrono::milliseconds shortest{100};
        made.interval = read_time(*said.interval);
        if (!made.interval || *made.interval < shortest)
            return mistake{"the interval " + farcall::detail::excerpt(*said.interval, 80) + " cannot be used",
                           "write --interval 1s; 100ms is the shortest"};
    }
    for (const std::string& header : said.headers)
        if (auto wrong = read_header(header, made.headers)) return wrong;
    return std::nullopt;
}

}  // namespace

const std::vector<std::string_view>& command_names() {
    static const std::vector<std::string_view> names{"call", "completion", "describe", "help", "list", "top"};
    return names;
}

const std::vector<std::string_view>& option_names() {
    static const std::vector<std::string_view> names{"--header", "--help",    "--interval", "--json",
                                                     "--once",   "--timeout", "--version"};
    return names;
}

std::optional<std::chrono::milliseconds> read_time(std::string_view text) {
    if (text == "none") return std::chrono::milliseconds{0};
    double count = 0;
    const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), count, std::chars_format::fixed);
    if (failure != std::errc{}) return std::nullopt;
    const std::string_view unit{stop, static_cast<std::size_t>(text.data() + text.size() - stop)};
    if (unit == "m")
        count *= 60'000;
    else if (unit == "s" || unit.empty())
        count *= 1'000;
    else if (unit != "ms")
        return std::nullopt;
    constexpr double longest = 1e12;  // thirty years
    if (!(count > 0) || count > longest) return std::nullopt;
    return std::chrono::milliseconds{static_cast<std::int64_t>(std::ceil(count))};
}

std::variant<request, mistake> read_command_line(const std::vector<std::string>& words) {
    if (!words.empty() && words.front() == "__complete")  // what is typed half is no command line yet
        return request{.action = action::complete, .arguments = {words.begin() + 1, words.end()}};
    auto taken = take_options(words);
    if (auto* wrong = std::get_if<mistake>(&taken)) return std::move(*wrong);
    split_words& said = std::get<split_words>(taken);
    request made;
    if (said.help) return made;
    if (said.version) return request{.action = action::version};
    if (said.words.empty()) return mistake{"no command is given", std::string{see_help}};

    const std::string& name = said.words.front();
    const auto* const found =
        std::find_if(std::begin(forms), std::end(forms), [&](const form& each) { return each.name == name; });
    if (found == std::end(forms)) {
        // The commonest slip: the command is left out, and the URL comes first.
        const std::string_view otherwise =
            name.find(':') != std::string::npos ? "the command comes first: farcall list URL" : see_help;
        return mistake{"there is no command " + farcall::detail::excerpt(name, 80),
                       did_you_mean(name, command_names(), otherwise)};
    }
    made.action = found->action;
    const std::vector<std::string> given(said.words.begin() + 1, said.words.end());
    if (given.size() < found->needed.size())
        return mistake{std::string{found->needed[given.size()]} + " is missing behind " + name,
                       "usage: " + std::string{found->usage}};
    if (given.size() > found->most)
        return mistake{farcall::detail::excerpt(given[found->most], 80) + " is too much",
                       "usage: " + std::string{found->usage}};
    if (made.action == action::completion) {
        made.arguments = given;
    } else if (made.action != action::help) {
        made.url = given[0];
        if (given.size() > 1) made.method = given[1];
        if (given.size() > 2) made.arguments.assign(given.begin() + 2, given.end());
    }
    if (auto wrong = read_options(said, made)) return std::move(*wrong);
    return made;
}

}  // namespace tool
