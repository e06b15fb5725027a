#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include <farcall/detail/config.hpp>
#include <farcall/server/dispatcher.hpp>
#include <farcall/server_options.hpp>

namespace farcall::detail {

/// The OpenRPC document of a server's methods: what `rpc.discover` and GET /openrpc.json answer.
///
/// Methods in the order of their names, types with a name under `components/schemas`. What OpenRPC has no word for
/// are extensions of a method:
/// - `x-signature`: as declared, "int(int a, int b)"
/// - `x-semantics`: "at_most_once", "idempotent" or "exactly_once"; `x-readonly`: true
/// - `x-timeout-ms`: the declared deadline
/// - `x-aliases`: further names
/// - `x-deprecated`: what to use instead
/// - `x-errors`: what `throws<...>` declares, as `error.data` has it: `{"type": name, "value": schema}`
/// - `x-any-arguments`: true: the method takes whatever comes
/// @param title    of the server; empty: the names of its services
/// @param version  of the services
/// @see OpenRPC 1.3.2, spec.open-rpc.org
FARCALL_DECL std::string openrpc_document(const dispatcher& methods, std::string_view title, std::string_view version);

/// What a server calls itself.
/// @param chosen  by its options; empty: the names of its services
FARCALL_DECL std::string server_title(const dispatcher& methods, std::string_view chosen);

/// The same document, made when somebody asks first.
///
/// @par Thread safety  Safe, once all methods are there.
class kept_openrpc_document {
public:
    /// @param methods, options  the same each time
    FARCALL_DECL const std::string& text(const dispatcher& methods, const server_options& options);

private:
    std::once_flag made_;
    std::string text_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/openrpc.ipp>
#endif
