#pragma once

#include <optional>
#include <string>

#include <farcall/detail/text_buffer.hpp>
#include <farcall/error.hpp>
#include <farcall/protocol/dialect.hpp>
#include <farcall/protocol/request.hpp>
#include <farcall/server/dispatcher.hpp>

namespace farcall::detail {

/// A request in a dialect as the call that it is here.
struct dialect_call {
    /// @param said  must outlive the call, as must the text that it was read from
    FARCALL_DECL dialect_call(const dialect_request& said, const dispatcher& methods);
    dialect_call(const dialect_call&) = delete;
    dialect_call& operator=(const dialect_call&) = delete;

    request_view request{};          ///< refers to this object, too
    const method_entry* method = nullptr;  ///< null: there is none of that name
    std::optional<error> failure{};        ///< what is wrong with it

private:
    std::string name_{};
    text_buffer arguments_{};
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/dialect_call.ipp>
#endif
