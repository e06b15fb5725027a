#include "completion.hpp"

#include <algorithm>
#include <set>

namespace tool {

namespace {

bool takes_value(std::string_view option) { 
    return option == "--timeout" || option == "--interval" || option == "--header" || option == "-H";
}

std::vector<std::string> beginning_with(std::string_view start, const std::set<std::string>& all) {
    std::vector<std::string> chosen;
    for (const std::string& each : all)
        if (each.starts_with(start)) chosen.push_back(each);
    return chosen;
}

/// Whether a name that a server chose means itself in every shell, and no option, variable or command.
bool harmless(std::string_view name) {
    constexpr std::string_view good = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
    return !name.empty() && name.front() != '-' && name.find_first_not_of(good) == std::string_view::npos;
}

std::set<std::string> method_names(const description& server, bool services) {
    std::set<std::string> names;
    for (const described_method& each : server.methods) {
        if (!harmless(each.name)) continue;
        names.insert(each.name);
        const std::size_t dot = each.name.find('.');
        if (services && dot != 0 && dot != std::string::npos) names.insert(each.name.substr(0, dot));
    }
    return names;
}

/// `a=` for each argument that is not given yet.
std::set<std::string> argument_names(const described_method& method, const std::vector<std::string>& given) {
    std::set<std::string> names;
    if (!method.any_name) return names;
    for (const described_value& each : method.parameters) {
        if (!harmless(each.name)) continue;
        const std::string name = each.name + '=';
        const auto same = [&](const std::string& word) { return word.starts_with(name); };
        if (std::none_of(given.begin(), given.end(), same)) names.insert(name);
    }
    return names;
}

}  // namespace

std::vector<std::string> complete(const std::vector<std::string>& words, const describe_server& ask) {
    if (words.empty()) return {};
    const std::string& typed = words.back();
    std::vector<std::string> before;  // what stands before it and is no option
    bool options_end = false;
    bool value = false;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        const std::string& word = words[i];
        if (std::exchange(value, false)) continue;
        if (!options_end && word == "--")
            options_end = true;
        else if (!options_end && word.size() > 1 && word.front() == '-')
            value = takes_value(word);
        else
            before.push_back(word);
    }
    if (value) return {};
    if (!options_end && typed.starts_with('-'))
        return beginning_with(typed, {option_names().begin(), option_names().end()});
    if (before.empty()) return beginning_with(typed, {command_names().begin(), command_names().end()});
    const std::string& command = before[0];
    if (command == "completion" && before.size() == 1) return beginning_with(typed, {"bash", "fish", "zsh"});
    const bool calls = command == "call";
    if ((!calls && command != "describe") || before.size() < 2 || (!calls && before.size() > 2)) return {};
    const std::optional<description> server = ask(before[1]);
    if (!server) return {};
    if (before.size() == 2) return beginning_with(typed, method_names(*server, !calls));
    const described_method* const method = server->find(before[2]);
    if (method == nullptr) return {};
    return beginning_with(typed, argument_names(*method, {before.begin() + 3, before.end()}));
}

}  // namespace tool
