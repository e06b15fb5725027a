#pragma once

#include <algorithm>
#include <cstddef>

#include <farcall/codec/base64.hpp>
#include <farcall/detail/authorization.hpp>
#include <farcall/error.hpp>
#include <farcall/same_secret.hpp>
#include <farcall/server/page_access.hpp>

namespace farcall::detail {

FARCALL_DECL page_access::page_access(const page_options& chosen) : tokens_(chosen.tokens) {
    for (const std::string& path : chosen.hidden) {
        if (path == "*")
            hides_all_ = true;
        else
            hidden_.push_back(path);
    }
    // As a rule a variable of the environment that is not set: the pages would be open to all.
    if (std::any_of(tokens_.begin(), tokens_.end(), [](const std::string& token) { return token.empty(); }))
        throw error{status::invalid_argument,
                    "server_options::http.pages.tokens: a token is empty; leave it out, or say which"};
}

FARCALL_DECL bool page_access::hidden(std::string_view path) const noexcept {
    return hides_all_ || std::find(hidden_.begin(), hidden_.end(), path) != hidden_.end();
}

FARCALL_DECL page_access::verdict page_access::look(std::string_view path, bool offered,
                                                    std::string_view authorization) const {
    if (!offered || hidden(path)) return verdict::absent;
    if (tokens_.empty()) return verdict::shown;
    const auto field = parse_authorization(authorization);
    if (!field) return verdict::locked;
    std::string_view shown = field->credentials;
    std::string decoded;
    if (field->is("basic")) {
        std::size_t size = 0;
        if (!base64_decoded_size(shown, size)) return verdict::locked;
        decoded.resize(size);
        if (!base64_decode(shown, reinterpret_cast<std::byte*>(decoded.data()))) return verdict::locked;
        const std::size_t colon = decoded.find(':');
        if (colon == std::string::npos) return verdict::locked;
        shown = std::string_view{decoded}.substr(colon + 1);
    } else if (!field->is("bearer")) {
        return verdict::locked;
    }
    return knows(shown) ? verdict::shown : verdict::locked;
}

FARCALL_DECL bool page_access::knows(std::string_view token) const noexcept {
    // All of them, so that the time does not tell which one it was.
    bool found = false;
    for (const std::string& each : tokens_) found = same_secret(each, token) || found;
    return found;
}

}  // namespace farcall::detail
