#pragma once

#include <farcall/detail/json_text.hpp>
#include <farcall/server/health.hpp>

namespace farcall::detail {

FARCALL_DECL bool health::set(std::string_view service, bool serving) noexcept {
    if (service.empty()) {
        serving_.store(serving, std::memory_order_relaxed);
        return true;
    }
    for (entry& each : services_) {
        if (each.name != service) continue;
        each.serving.store(serving, std::memory_order_relaxed);
        return true;
    }
    return false;
}

FARCALL_DECL std::optional<bool> health::serving(std::string_view service) const noexcept {
    if (service.empty()) return calls_are_wanted() && serving_.load(std::memory_order_relaxed);
    for (const entry& each : services_)
        if (each.name == service) return calls_are_wanted() && each.serving.load(std::memory_order_relaxed);
    return std::nullopt;
}

FARCALL_DECL void health::append(text_buffer& out, std::string_view service) const {
    const auto word = [](bool serving) { return std::string_view{serving ? "\"serving\"" : "\"not_serving\""}; };
    append_literal(out, "{\"status\":");
    out.append(word(serving(service).value_or(false)));
    if (service.empty()) {
        append_literal(out, ",\"services\":{");
        bool more = false;
        for (const entry& each : services_) {
            if (more) out.push_back(',');
            more = true;
            append_string(out, each.name);
            out.push_back(':');
            out.append(word(*serving(each.name)));
        }
        out.push_back('}');
    }
    out.push_back('}');
}

}  // namespace farcall::detail
