#pragma once

#include <farcall/client/caller.hpp>
#include <farcall/client/client_core.hpp>
#include <farcall/client/retry_decisions.hpp>

namespace farcall::detail {

FARCALL_DECL caller::caller(std::string_view url, client_options&& options, std::shared_ptr<const retry_decisions> policy)
    : core_(std::make_shared<client_core>(url, std::move(options))), policy_(std::move(policy)) {}

FARCALL_DECL caller::caller(const boost::asio::any_io_executor& executor, std::string_view url, client_options&& options,
                            std::shared_ptr<const retry_decisions> policy)
    : core_(std::make_shared<client_core>(executor, url, std::move(options))), policy_(std::move(policy)) {}

FARCALL_DECL caller::caller(const caller& other, std::shared_ptr<const retry_decisions> policy)
    : core_(other.core_), policy_(std::move(policy)), options_(other.options_), plain_(other.plain_) {}

FARCALL_DECL caller::caller(const caller& other, call_options options)
    : core_(other.core_), policy_(other.policy_), options_(std::move(options)), plain_(says_nothing(options_)) {}

FARCALL_DECL caller::caller(const caller&) = default;
FARCALL_DECL caller::caller(caller&&) noexcept = default;
FARCALL_DECL caller& caller::operator=(const caller&) = default;
FARCALL_DECL caller& caller::operator=(caller&&) noexcept = default;
FARCALL_DECL caller::~caller() = default;

FARCALL_DECL void caller::close() const { core_->close(); }

FARCALL_DECL bool caller::says_nothing(const call_options& options) noexcept {
    return !options.timeout && options.headers.empty() && options.latest == never && !options.stop.stop_possible() &&
           !options.wait_for_ready && !options.idempotency_key && options.trace.empty() && options.request_id.empty() &&
           options.report == nullptr;
}

}  // namespace farcall::detail
