#include "schema_text.hpp"

#include <algorithm>
#include <vector>

#include "json_parts.hpp"

namespace tool {

namespace {

using farcall::json;
using farcall::json_kind;

constexpr std::string_view reference_prefix = "#/components/schemas/";
constexpr int most_levels = 8;  ///< a line is no place for more

/// Joined with `between`; each text once.
std::string join(const std::vector<std::string>& texts, std::string_view between) {
    std::string all;
    std::set<std::string_view> seen;
    for (const std::string& each : texts) {
        if (!seen.insert(each).second) continue;
        if (!all.empty()) all += between;
        all += each;
    }
    return all;
}

std::string short_text(const json& schema, int levels);

std::string object_text(const json& schema, int levels) {
    const auto properties = members(schema["properties"]);
    if (properties.empty()) {
        const auto others = schema.find("additionalProperties");
        return others && others->kind() == json_kind::object ? "{text: " + short_text(*others, levels) + '}' : "object";
    }
    std::vector<std::string> required;
    for (const json& name : elements(schema["required"])) required.push_back(text_of(name));
    std::string all;
    for (const auto& [name, type] : properties) {
        const bool needed = std::find(required.begin(), required.end(), name) != required.end();
        all += (all.empty() ? "" : ", ") + name + (needed ? ": " : "?: ") + short_text(type, levels);
    }
    return '{' + all + '}';
}

std::string array_text(const json& schema, int levels) {
    // A tuple: `items` until draft 7, `prefixItems` since 2020-12.
    const json items = schema["items"].kind() == json_kind::array ? schema["items"] : schema["prefixItems"];
    if (items.kind() == json_kind::array) {
        std::string all;
        for (const json& each : elements(items)) all += (all.empty() ? "" : ", ") + short_text(each, levels);
        return '[' + all + ']';
    }
    std::string of = short_text(schema["items"], levels);
    if (of.find(' ') != std::string::npos && of.front() != '{' && of.front() != '[') of = '(' + of + ')';
    return of + "[]";
}

std::string short_text(const json& schema, int levels) {
    if (schema.kind() != json_kind::object || levels == 0) return "any";
    --levels;
    if (const std::string target = text_of(schema["$ref"]); !target.empty())
        return target.substr(target.starts_with(reference_prefix) ? reference_prefix.size() : 0);
    if (const auto one = schema.find("const")) return std::string{one->text()};
    std::vector<std::string> texts;
    for (const json& each : elements(schema["enum"])) texts.emplace_back(each.text());
    for (const std::string_view name : {"oneOf", "anyOf"})
        if (texts.empty())
            for (const json& each : elements(schema[name])) texts.push_back(short_text(each, levels));
    if (texts.empty())
        for (const json& each : elements(schema["type"])) texts.push_back(text_of(each));
    if (!texts.empty()) return join(texts, " | ");
    const std::string type = text_of(schema["type"]);
    if (type == "object" || (type.empty() && schema.find("properties"))) return object_text(schema, levels);
    if (type == "array" || (type.empty() && schema.find("items"))) return array_text(schema, levels);
    return type.empty() ? "any" : type;
}

void add_types(const json& schema, const description& server, std::set<std::string>& names, int levels) {
    if (levels == 0) return;
    for (const json& each : elements(schema)) add_types(each, server, names, levels - 1);
    for (const auto& [name, value] : members(schema)) {
        if (name != "$ref") {
            add_types(value, server, names, levels - 1);
            continue;
        }
        const std::string target = text_of(value);
        if (!target.starts_with(reference_prefix)) continue;
        const std::string type = target.substr(reference_prefix.size());
        const json* const known = server.type(type);
        if (known != nullptr && names.insert(type).second) add_types(*known, server, names, levels - 1);
    }
}

}  // namespace

std::string type_text(const json& schema) { return short_text(schema, most_levels); }

std::string type_text_in_full(const json& schema) {
    std::string all = type_text(schema);
    const auto least = schema.find("minimum");
    const auto most = schema.find("maximum");
    if (least && most)
        all += ", " + std::string{least->text()} + " to " + std::string{most->text()};
    else if (least)
        all += ", at least " + std::string{least->text()};
    else if (most)
        all += ", at most " + std::string{most->text()};
    for (const std::string_view word : {"format", "contentEncoding", "description"})
        if (const std::string text = text_of(schema[word]); !text.empty()) all += ", " + text;
    return all;
}

std::string signature_text(const described_method& method) {
    std::string all = method.name + '(';
    bool first = true;
    for (const described_value& each : method.parameters) {
        all += (first ? "" : ", ") + each.name + (each.required ? ": " : "?: ") + type_text(each.schema);
        first = false;
    }
    if (method.any_arguments) all += "...";
    all += ')';
    if (method.result) all += " -> " + type_text(method.result->schema);
    return all;
}

void add_types_of(const json& schema, const description& server, std::set<std::string>& names) {
    add_types(schema, server, names, 32);
}

}  // namespace tool
