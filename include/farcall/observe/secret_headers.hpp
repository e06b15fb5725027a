#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

namespace farcall {

/// Whether what travels under this name is likely to be a secret, so that its value is never printed: `authorization`,
/// cookies, and names in which a word says so, such as `x-api-key`, `x-auth-token` and `client-secret`. Without regard to
/// ASCII case.
constexpr bool secret_header(std::string_view name) noexcept {
    constexpr std::string_view words[] = {"auth",   "cookie",  "token",      "secret", "password", "passwd",
                                          "apikey", "api-key", "credential", "session", "signature", "private"};
    const auto same = [](char a, char b) {
        const char lower = a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a;
        return (lower == '_' ? '-' : lower) == b;
    };
    return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) {
        return std::search(name.begin(), name.end(), word.begin(), word.end(), same) != name.end();
    });
}

}  // namespace farcall
