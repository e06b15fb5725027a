#include "hint.hpp"

#include <set>

#include <farcall/codec/codec_error.hpp>
#include <farcall/detail/nearest_names.hpp>

#include "arguments.hpp"
#include "schema_text.hpp"

namespace tool {

namespace {

using farcall::status;

/// Whether the server's JSON-RPC says so, and not the HTTP around it.
bool from_peer(const farcall::error& failure, status what) {
    return failure.code() != 0 && failure.origin() == farcall::origin::peer && failure.status() == what;
}

/// "did you mean Calculator.add?", or the way to the list.
std::string near_method(const std::string& name, const std::string& url, const description* server,
                        const std::set<std::string_view>& services = {}) {
    farcall::detail::nearest_names near{name};
    if (server != nullptr)
        for (const described_method& each : server->methods) near.look_at(each.name);
    for (const std::string_view each : services) near.look_at(each);
    std::string text;
    for (const std::string_view each : near.found()) text += (text.empty() ? "did you mean " : " or ") + std::string{each};
    return text.empty() ? "farcall list " + url + " shows the methods" : text + '?';
}

/// Whether all arguments were typed as one value, and none of them can be meant to be one itself.
bool single_aggregate(const std::vector<std::string>& typed) {
    if (typed.size() != 1) return false;
    const std::string_view value = typed[0];
    return value.starts_with('{') || (value.starts_with('[') && !value.starts_with("[[") && !value.starts_with("[{"));
}

std::string hint_for_arguments(const farcall::error& failure, const request& asked, const description* server) {
    const auto says = [&](std::string_view part) { return failure.message().find(part) != std::string::npos; };
    const described_method* const method = server == nullptr ? nullptr : server->find(asked.method);
    std::string hint = method != nullptr ? "it is " + signature_text(*method)
                                         : "farcall describe " + asked.url + ' ' + asked.method + " shows what it takes";
    if (single_aggregate(asked.arguments))
        hint += "; a single array or object is all arguments, so one that is an argument goes into brackets: '[" +
                asked.arguments[0].substr(0, 1) + "...]'";
    else if (says("expected string, found"))
        hint += "; a text that looks like JSON needs quotes of its own: '\"5\"'";
    return hint;
}

}  // namespace

bool wants_description(const farcall::error& failure) {
    if (from_peer(failure, status::unimplemented)) return failure.message().find("did you mean") == std::string::npos;
    return from_peer(failure, status::invalid_argument);
}

std::string hint_for(const farcall::error& failure, const request& asked, const description* server) {
    if (from_peer(failure, status::unimplemented)) {
        if (failure.message().find("did you mean") != std::string::npos) return {};
        return near_method(asked.method, asked.url, server);
    }
    if (from_peer(failure, status::invalid_argument)) return hint_for_arguments(failure, asked, server);
    if (failure.status() == status::deadline_exceeded) return "--timeout 30s allows more time, --timeout none any";
    if (failure.origin() == farcall::origin::local && failure.status() == status::internal)
        return "does a JSON-RPC server listen there, and is the URL's scheme the one that it speaks?";
    return {};
}

mistake no_such_method(const std::string& name, const std::string& url, const description& server) {
    std::set<std::string_view> services;
    for (const described_method& each : server.methods)
        if (const std::size_t dot = each.name.find('.'); dot != std::string::npos)
            services.insert(std::string_view{each.name}.substr(0, dot));
    return {"the server has no method and no service " + farcall::detail::excerpt(name, 80),
            near_method(name, url, &server, services)};
}

}  // namespace tool
