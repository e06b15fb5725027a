#include "arguments.hpp"

#include <algorithm>

#include <farcall/codec/codec_error.hpp>
#include <farcall/codec/json_kind.hpp>
#include <farcall/detail/utf8.hpp>

namespace tool {

namespace {

using farcall::json;
using farcall::json_kind;
using farcall::detail::excerpt;

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool digit(char c) { return c >= '0' && c <= '9'; }

/// Bytes of the name in `name=value`; 0: it is no such argument.
std::size_t name_size(std::string_view typed) {
    const auto part_of_name = [](char c) { return letter(c) || digit(c); };
    const std::size_t size = static_cast<std::size_t>(std::find_if_not(typed.begin(), typed.end(), part_of_name) - typed.begin());
    return size != 0 && letter(typed[0]) && size < typed.size() && typed[size] == '=' ? size : 0;
}

bool aggregate(const json& value) { return value.kind() == json_kind::array || value.kind() == json_kind::object; }

mistake no_json(std::string_view text, const farcall::codec_error& why) {
    return {excerpt(text, 80) + " is no JSON: " + why.text() + " (at byte " + std::to_string(why.offset) + ")",
            "a text that begins like JSON needs quotes of its own: '\"[draft]\"'"};
}

}  // namespace

std::variant<json, mistake> read_value(std::string_view typed) {
    farcall::codec_error why;
    if (auto value = json::parse(typed, why)) return std::move(*value);
    if (!typed.empty() && (typed[0] == '{' || typed[0] == '[' || typed[0] == '"')) return no_json(typed, why);
    if (farcall::detail::utf8_prefix(typed) != typed.size())
        return mistake{excerpt(typed, 80) + " is not UTF-8", "send bytes as the method wants them, such as base64"};
    return json{typed};
}

std::variant<json, mistake> read_arguments(const std::vector<std::string>& typed) {
    std::string values;
    std::vector<std::string_view> names;
    for (const std::string& argument : typed) {
        const std::size_t size = name_size(argument);
        const std::string_view name{argument.data(), size};
        const bool mixed = &argument != &typed.front() && (size == 0) != names.empty();
        if (mixed)
            return mistake{"arguments come by position or by name, not both: " + excerpt(typed.front(), 40) + " and " +
                               excerpt(argument, 40),
                           "a text that looks like name=value needs quotes of its own: '\"x=y\"'"};
        if (std::find(names.begin(), names.end(), name) != names.end())
            return mistake{"the argument " + std::string{name} + " is there twice", {}};
        auto read = read_value(std::string_view{argument}.substr(size == 0 ? 0 : size + 1));
        if (auto* wrong = std::get_if<mistake>(&read)) return std::move(*wrong);
        json& value = std::get<json>(read);
        if (typed.size() == 1 && size == 0 && aggregate(value)) return std::move(value);
        if (!values.empty()) values += ',';
        if (size != 0) {
            names.push_back(name);
            values.append(1, '"').append(name).append("\":");
        }
        values += value.text();
    }
    return json::trusted(names.empty() ? '[' + values + ']' : '{' + values + '}');
}

std::variant<json, mistake> read_arguments_text(std::string_view text) {
    farcall::codec_error why;
    auto value = json::parse(text, why);
    if (!value)
        return mistake{"standard input is no JSON: " + why.text() + " (at byte " + std::to_string(why.offset) + ")",
                       "it holds all arguments: [5,3] or {\"a\":5,\"b\":3}"};
    if (!aggregate(*value))
        return mistake{"standard input holds neither an array nor an object",
                       "it holds all arguments: [5,3] or {\"a\":5,\"b\":3}"};
    return std::move(*value);
}

bool from_standard_input(const std::vector<std::string>& typed) { return typed.size() == 1 && typed.front() == "-"; }

}  // namespace tool
