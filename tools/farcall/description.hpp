#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <farcall/codec/json.hpp>

#include "command_line.hpp"

namespace tool {

/// A parameter or a result, as OpenRPC describes it.
struct described_value {
    std::string name{};
    std::string text{};  ///< what it is for
    farcall::json schema{};
    bool required = false;
};

/// One method, as OpenRPC and the extensions of our server describe it.
struct described_method {
    std::string name{};
    std::string text{};  ///< what it does
    std::vector<described_value> parameters{};
    std::optional<described_value> result{};  ///< empty: nothing is said of it
    std::vector<std::string> aliases{};
    std::vector<std::pair<std::int64_t, std::string>> errors{};  ///< code and message
    std::vector<described_value> thrown{};  ///< exceptions with the schema of their value
    std::string instead{};    ///< of a deprecated one: what to use
    std::string semantics{};  ///< "at_most_once", "idempotent" or "exactly_once"; empty: not said
    std::string timeout{};    ///< milliseconds; empty: none
    bool deprecated = false;
    bool readonly = false;
    bool any_arguments = false;
    bool any_name = true;     ///< arguments may come by name
    farcall::json document{};  ///< its part of the document
};

/// What a server says of itself: `rpc.discover`, an OpenRPC document.
/// @see OpenRPC 1.3.2, spec.open-rpc.org
struct description {
    std::string title{};
    std::string version{};
    std::string text{};
    std::vector<described_method> methods{};
    std::vector<std::pair<std::string, farcall::json>> types{};  ///< `components.schemas`
    farcall::json document{};

    /// The method of that name or alias; null: there is none.
    const described_method* find(std::string_view name) const;
    /// The schema of a type; null: it is not described.
    const farcall::json* type(std::string_view name) const;
};

/// Takes a document apart. What a foreign server leaves out is left empty; only what is no OpenRPC at all is refused.
std::variant<description, mistake> read_description(const farcall::json& document);

/// The methods that `name` means: one, or all of a service, or all for an empty name. None: there is no such method.
std::vector<const described_method*> select(const description& server, std::string_view name);

}  // namespace tool
