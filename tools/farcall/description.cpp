#include "description.hpp"

#include <algorithm>
#include <cstdint>

#include "json_parts.hpp"

namespace tool {

namespace {

using farcall::json;
using farcall::json_kind;

bool truth_of(const json& value) { return value.text() == "true"; }

/// The first of two texts that says something.
std::string either(const json& value, std::string_view first, std::string_view second) {
    std::string text = text_of(value[first]);
    return text.empty() ? text_of(value[second]) : text;
}

/// What `value` stands for: itself, or what its `$ref` points to, such as "#/components/contentDescriptors/id".
json resolve(const json& document, json value) {
    for (int steps = 0; steps != 8; ++steps) {  // references may go in circles
        const std::string target = text_of(value["$ref"]);
        if (!target.starts_with("#/")) return value;
        json found = document;
        for (std::size_t at = 2; at <= target.size();) {
            const std::size_t end = std::min(target.find('/', at), target.size());
            found = found[std::string_view{target}.substr(at, end - at)];
            at = end + 1;
        }
        value = std::move(found);
    }
    return value;
}

described_value read_value_description(const json& document, const json& part) {
    const json value = resolve(document, part);
    return {.name = text_of(value["name"]),
            .text = either(value, "description", "summary"),
            .schema = value["schema"],
            .required = truth_of(value["required"])};
}

described_method read_method(const json& document, const json& part) {
    const json value = resolve(document, part);
    described_method made;
    made.name = text_of(value["name"]);
    made.text = either(value, "description", "summary");
    for (const json& each : elements(value["params"])) made.parameters.push_back(read_value_description(document, each));
    if (const auto result = value.find("result")) made.result = read_value_description(document, *result);
    for (const json& each : elements(value["x-aliases"])) made.aliases.push_back(text_of(each));
    for (const json& each : elements(value["errors"])) {
        const json error = resolve(document, each);
        std::int64_t code = 0;
        farcall::codec_error ignored;
        if (error["code"].to(code, ignored)) made.errors.emplace_back(code, text_of(error["message"]));
    }
    for (const json& each : elements(value["x-errors"]))
        made.thrown.push_back({.name = text_of(each["type"]), .schema = each["value"]});
    made.instead = text_of(value["x-deprecated"]);
    made.semantics = text_of(value["x-semantics"]);
    if (const json timeout = value["x-timeout-ms"]; timeout.kind() == json_kind::number) made.timeout = timeout.text();
    made.deprecated = truth_of(value["deprecated"]);
    made.readonly = truth_of(value["x-readonly"]);
    made.any_arguments = truth_of(value["x-any-arguments"]);
    made.any_name = text_of(value["paramStructure"]) != "by-position";
    made.document = value;
    return made;
}

}  // namespace

const described_method* description::find(std::string_view name) const {
    for (const described_method& each : methods)
        if (each.name == name || std::find(each.aliases.begin(), each.aliases.end(), name) != each.aliases.end())
            return &each;
    return nullptr;
}

const json* description::type(std::string_view name) const {
    for (const auto& [each, schema] : types)
        if (each == name) return &schema;
    return nullptr;
}

std::variant<description, mistake> read_description(const json& document) {
    if (document["methods"].kind() != json_kind::array)
        return mistake{"what the server says of itself (rpc.discover) is no OpenRPC document: it has no array \"methods\"",
                       "calls do not need it: farcall call URL METHOD [ARG]..."};
    description made;
    made.title = text_of(document["info"]["title"]);
    made.version = text_of(document["info"]["version"]);
    made.text = either(document["info"], "description", "summary");
    for (const json& each : elements(document["methods"])) {
        described_method method = read_method(document, each);
        if (!method.name.empty()) made.methods.push_back(std::move(method));
    }
    std::sort(made.methods.begin(), made.methods.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    made.types = members(document["components"]["schemas"]);
    made.document = document;
    return made;
}

std::vector<const described_method*> select(const description& server, std::string_view name) {
    std::vector<const described_method*> chosen;
    if (const described_method* const one = server.find(name)) return {one};
    for (const described_method& each : server.methods)
        if (name.empty() || (each.name.starts_with(name) && each.name.substr(name.size()).starts_with('.')))
            chosen.push_back(&each);
    return chosen;
}

}  // namespace tool
