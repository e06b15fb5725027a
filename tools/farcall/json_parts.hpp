#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <farcall/codec/codecs.hpp>
#include <farcall/codec/json.hpp>

namespace tool {

/// A string's text; empty for anything else.
inline std::string text_of(const farcall::json& value) {
    return value.kind() == farcall::json_kind::string ? value.as<std::string>() : std::string{};
}

/// The elements of an array; none of anything else.
inline std::vector<farcall::json> elements(const farcall::json& value) {
    return value.kind() == farcall::json_kind::array ? value.as<std::vector<farcall::json>>()
                                                     : std::vector<farcall::json>{};
}

/// The members of an object, in their order; none of anything else.
inline std::vector<std::pair<std::string, farcall::json>> members(const farcall::json& value) {
    std::vector<std::pair<std::string, farcall::json>> all;
    farcall::json_reader in{value.text(), static_cast<std::size_t>(-1)};
    if (value.kind() != farcall::json_kind::object || !in.begin_object()) return all;
    for (std::string_view name; in.next_member(name);) {
        std::string owned{name};  // the view ends with the next read
        std::string_view text;
        if (!in.skip_value(text)) break;
        all.emplace_back(std::move(owned), farcall::json::trusted(text));
    }
    return all;
}

}  // namespace tool
