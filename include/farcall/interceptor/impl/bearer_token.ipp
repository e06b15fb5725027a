#pragma once

#include <algorithm>

#include <farcall/error.hpp>
#include <farcall/interceptor/bearer_token.hpp>

namespace farcall {

FARCALL_DECL void bearer_token::before(intercepted_call& call) {
    constexpr std::string_view key = "authorization";
    if (call.headers.contains(key)) return;
    const std::string token = current_();
    const auto visible = [](char c) { return c > ' ' && c <= '~'; };
    const bool good = !token.empty() && std::all_of(token.begin(), token.end(), visible);
    if (!good || !call.headers.try_set(key, "Bearer " + token))
        throw error{status::invalid_argument,
                    "bearer_token: the token is empty, is not visible ASCII, or there is no room for it in the headers"};
}

}  // namespace farcall
