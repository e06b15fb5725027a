#pragma once

#include <cstddef>
#include <memory>

#include <farcall/detail/sip_hash.hpp>
#include <farcall/method.hpp>

namespace farcall {

struct method_schema;

namespace detail {

class incoming_call;

/// One method of a service: what is constant of it.
struct method_row {
    const method_info* info;
    /// See `method_entry::invoke`.
    void (*invoke)(const std::shared_ptr<void>& handler, incoming_call& call) noexcept;
    const method_schema* schema;
};

/// One method as the server runs it.
struct method_entry {
    const method_info* info = nullptr;
    /// The handler's object, or null; kept alive by the entry.
    std::shared_ptr<void> handler;
    /// Answers the call, at once or later, and never throws.
    void (*invoke)(const std::shared_ptr<void>& handler, incoming_call& call) noexcept = nullptr;
    /// Its types; a constant.
    const method_schema* schema = nullptr;
    /// Keeps what `info` refers to, where that is not a constant.
    std::shared_ptr<const void> info_owner;
    /// Of the wire name; set by the dispatcher.
    bits128 name_hash{};
    /// Counts the methods of the server from 0; set by the dispatcher.
    std::size_t number = 0;
};

}  // namespace detail
}  // namespace farcall
