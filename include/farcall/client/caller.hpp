#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/call_options.hpp>
#include <farcall/client_options.hpp>
#include <farcall/detail/config.hpp>

namespace farcall::detail {

class client_core;
class retry_decisions;

/// The executor of an execution context, or the executor itself.
template <class Executor>
boost::asio::any_io_executor executor_of(Executor& from) {
    if constexpr (requires { from.get_executor(); })
        return from.get_executor();
    else
        return from;
}

/// A handle of a client's connection with what is the same of all calls that are made by it: what is behind a proxy, and
/// behind a `client`. Copies share the connection.
///
/// @par Thread safety  Distinct objects: safe, copies of one another included. Shared objects: safe to read.
class caller {
public:
    /// @{ Of a new connection. Throws `invalid_argument` for a URL that is none.
    FARCALL_DECL caller(std::string_view url, client_options&& options, std::shared_ptr<const retry_decisions> policy = {});
    FARCALL_DECL caller(const boost::asio::any_io_executor& executor, std::string_view url, client_options&& options,
                        std::shared_ptr<const retry_decisions> policy = {});
    /// @}
    /// @{ Of the connection that another one has.
    FARCALL_DECL caller(const caller& other, std::shared_ptr<const retry_decisions> policy);
    FARCALL_DECL caller(const caller& other, call_options options);
    /// @}
    FARCALL_DECL caller(const caller& other);
    FARCALL_DECL caller(caller&& other) noexcept;
    FARCALL_DECL caller& operator=(const caller& other);
    FARCALL_DECL caller& operator=(caller&& other) noexcept;
    FARCALL_DECL ~caller();

    const std::shared_ptr<client_core>& core() const noexcept { return core_; }
    /// Null: a call is made once, unless it runs exactly once.
    const std::shared_ptr<const retry_decisions>& policy() const noexcept { return policy_; }
    /// Of the calls.
    const call_options& options() const noexcept { return options_; }
    /// Whether the options are those of any other call.
    bool plain() const noexcept { return plain_; }

    /// See `client::close`.
    FARCALL_DECL void close() const;

private:
    FARCALL_DECL static bool says_nothing(const call_options& options) noexcept;

    std::shared_ptr<client_core> core_;
    std::shared_ptr<const retry_decisions> policy_;
    call_options options_;
    bool plain_ = true;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/caller.ipp>
#endif
