#pragma once

#include <farcall/error.hpp>

namespace farcall {

FARCALL_DECL error::error() : error(farcall::status::ok, "no error") {}
FARCALL_DECL error::error(const error& other) noexcept = default;
FARCALL_DECL error::error(error&& other) noexcept = default;
FARCALL_DECL error& error::operator=(const error& other) noexcept = default;
FARCALL_DECL error& error::operator=(error&& other) noexcept = default;
FARCALL_DECL error::~error() = default;

FARCALL_DECL error::error(farcall::status code, std::string message) : error(code, details{.message = std::move(message)}) {}

FARCALL_DECL error::error(farcall::status code, details texts)
    : details_(std::make_shared<const details>(std::move(texts))), status_(code) {}

FARCALL_DECL error error::application(std::int64_t code, std::string message, std::string data) {
    error made{farcall::status::unknown, details{.message = std::move(message), .data = std::move(data)}};
    made.code_ = code;
    made.own_code_ = true;
    return made;
}

FARCALL_DECL void error::raise() const {
    if (cause_) std::rethrow_exception(cause_);
    throw error{*this};
}

FARCALL_DECL std::exception_ptr error::to_exception() const {
    return cause_ ? cause_ : std::make_exception_ptr(error{*this});
}

FARCALL_DECL error error::with_origin(farcall::origin value) const {
    error copy = *this;
    copy.origin_ = value;
    return copy;
}

FARCALL_DECL error error::with_executed(farcall::executed value) const {
    error copy = *this;
    copy.executed_ = value;
    return copy;
}

FARCALL_DECL error error::with_code(std::int64_t value) const {
    error copy = *this;
    copy.code_ = value;
    return copy;
}

FARCALL_DECL error error::with_cause(std::exception_ptr value) const {
    error copy = *this;
    copy.cause_ = std::move(value);
    return copy;
}

FARCALL_DECL error error::with_details(details texts) const {
    error copy = *this;
    copy.details_ = std::make_shared<const details>(std::move(texts));
    return copy;
}

FARCALL_DECL error error::with_method(std::string_view name) const {
    details copy = *details_;
    copy.method = name;
    copy.what = copy.method + ": " + copy.message + " (" + std::string{to_string(status_)};
    if (code_ != 0) copy.what += ", code " + std::to_string(code_);
    copy.what += ')';
    return with_details(std::move(copy));
}

}  // namespace farcall
