#pragma once

#include <farcall/codec/json.hpp>

namespace farcall {

namespace detail {

FARCALL_DECL void compact_json(std::string_view text, std::string& out) {
    out.clear();
    out.reserve(text.size());
    bool quoted = false;
    for (std::size_t i = 0; i != text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '\\') {
            out += c;
            out += text[++i];
            continue;
        }
        if (c == '"') quoted = !quoted;
        if (quoted || (c != ' ' && c != '\n' && c != '\r' && c != '\t')) out += c;
    }
}

}  // namespace detail

FARCALL_DECL bool codec<json>::decode(json_reader& in, json& value) {
    std::string_view raw;
    if (!in.skip_value(raw)) return false;
    value = json::trusted(raw);
    return true;
}

FARCALL_DECL std::optional<json> json::parse(std::string_view text, codec_error& problem, std::size_t max_depth) {
    json_reader reader{text, max_depth};
    std::string_view raw;
    if (reader.skip_value(raw) && reader.finish()) return trusted(raw);
    problem = reader.error();
    return std::nullopt;
}

FARCALL_DECL std::optional<json> json::parse(std::string_view text) {
    codec_error ignored;
    return parse(text, ignored);
}

FARCALL_DECL json json::trusted(std::string_view text) {
    json value;
    detail::compact_json(text, value.text_);
    return value;
}

FARCALL_DECL std::size_t json::size() const {
    json_reader reader{text(), unlimited_depth};
    std::size_t count = 0;
    if (kind() == json_kind::array && reader.begin_array()) {
        while (reader.next_element() && reader.skip_value()) ++count;
    } else if (kind() == json_kind::object && reader.begin_object()) {
        for (std::string_view name; reader.next_member(name) && reader.skip_value();) ++count;
    }
    return count;
}

FARCALL_DECL std::optional<json> json::find(std::string_view name) const {
    json_reader reader{text(), unlimited_depth};
    if (kind() != json_kind::object || !reader.begin_object()) return std::nullopt;
    for (std::string_view found; reader.next_member(found);) {
        const bool wanted = found == name;
        std::string_view raw;
        if (!reader.skip_value(raw)) break;
        if (wanted) return trusted(raw);
    }
    return std::nullopt;
}

FARCALL_DECL std::optional<json> json::find(std::size_t index) const {
    json_reader reader{text(), unlimited_depth};
    if (kind() != json_kind::array || !reader.begin_array()) return std::nullopt;
    for (std::size_t i = 0; reader.next_element(); ++i) {
        std::string_view raw;
        if (!reader.skip_value(raw)) break;
        if (i == index) return trusted(raw);
    }
    return std::nullopt;
}

}  // namespace farcall
