#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/status.hpp>

namespace farcall {

/// What went wrong with a call: the one error type that leaves the API.
///
/// Tells what happened (`status`, `message`), who says so (`origin`) and whether the method ran (`executed`), which
/// is all that a retry may depend on. Blocking calls throw it, `as_result` returns it, completion tokens get it
/// inside their `std::exception_ptr`. A handler throws it to answer with a status of its choice.
///
/// Copies are cheap and never throw: the texts are shared and immutable.
/// @par Thread safety  Distinct objects: safe, copies of one another included. Shared objects: safe to read.
/// @par Example        examples/03_errors.cpp
class error : public std::exception {
public:
    /// No error, `status::ok`: what `result::error()` is of a success.
    FARCALL_SELDOM error();
    /// @{ The texts are shared. One that was moved from may only be destroyed or assigned to.
    FARCALL_SELDOM error(const error& other) noexcept;
    FARCALL_SELDOM error(error&& other) noexcept;
    FARCALL_SELDOM error& operator=(const error& other) noexcept;
    FARCALL_SELDOM error& operator=(error&& other) noexcept;
    /// @}
    FARCALL_SELDOM ~error() override;

    /// @param code     anything but `status::ok`
    /// @param message  UTF-8; on a server it is sent to the caller as it is
    FARCALL_SELDOM explicit error(farcall::status code, std::string message);

    /// An error of the application with a code of its own.
    ///
    /// @param code     any number but those that JSON-RPC reserves, −32768 to −32100: a server sends such a one as
    ///                 −32603 (internal)
    /// @param data     JSON text of `error.data`, or empty for none; must be valid JSON
    FARCALL_SELDOM static error application(std::int64_t code, std::string message, std::string data = {});

    /// What the call ended with; `ok` only for what is no error.
    farcall::status status() const noexcept { return status_; }
    /// Who found the error.
    farcall::origin origin() const noexcept { return origin_; }
    /// Whether the method ran.
    farcall::executed executed() const noexcept { return executed_; }

    /// The text alone: what happened and what to do about it. Text of a peer is untrusted.
    const std::string& message() const noexcept { return details_->message; }
    /// The same text with method, status and code around it: "Calculator.divide: Division by zero (unknown, code -32000)".
    const char* what() const noexcept override {
        return details_->what.empty() ? details_->message.c_str() : details_->what.c_str();
    }
    /// `Service.method` of the call that failed; empty if there was none.
    const std::string& method() const noexcept { return details_->method; }

    /// The number on the wire, JSON-RPC's `error.code`; 0 for an error that never was on a wire.
    std::int64_t code() const noexcept { return code_; }
    /// Whether `code` is the application's own choice, see `application`.
    bool has_own_code() const noexcept { return own_code_; }
    /// Name of the exception's type if the handler threw one, such as "division_by_zero"; otherwise empty.
    const std::string& type() const noexcept { return details_->type; }
    /// JSON text of the thrown value if its type was declared with `throws<>`; otherwise empty.
    const std::string& value() const noexcept { return details_->value; }
    /// JSON Pointer (RFC 6901) of the offending argument, such as "/1/lines/3/price"; otherwise empty.
    const std::string& path() const noexcept { return details_->path; }
    /// JSON text of the whole `error.data` as the peer sent it, or as `application` was given it; otherwise empty.
    const std::string& data() const noexcept { return details_->data; }
    /// How long the peer asks to wait before another try; zero: it did not say.
    std::chrono::milliseconds retry_after() const noexcept { return details_->retry_after; }

    /// What is for this process alone: the text of a handler's exception that the caller is not told. For logs; never
    /// sent. Empty as a rule.
    const std::string& private_text() const noexcept { return details_->private_text; }

    /// Throws the declared exception itself where the call ended with one, otherwise this error.
    [[noreturn]] FARCALL_SELDOM void raise() const;

    /// What `raise` would throw.
    FARCALL_SELDOM std::exception_ptr to_exception() const;

    /// The declared exception that the call ended with; null if it ended with another error.
    const std::exception_ptr& cause() const noexcept { return cause_; }

    /// Everything of an error that has a variable size. Made by those that build errors, never changed afterwards.
    struct details {
        std::string message{};  ///< see `error::message`
        std::string what{};     ///< see `error::what`; empty: the message
        std::string method{};   ///< see `error::method`
        std::string type{};     ///< see `error::type`
        std::string value{};    ///< see `error::value`
        std::string path{};     ///< see `error::path`
        std::string data{};     ///< see `error::data`
        std::chrono::milliseconds retry_after{0};  ///< see `error::retry_after`
        std::string private_text{};  ///< see `error::private_text`
    };

    /// An error with more than a message.
    FARCALL_SELDOM error(farcall::status code, details texts);

    /// @{ Copies with one thing changed, for those that build errors.
    FARCALL_SELDOM error with_origin(farcall::origin value) const;
    FARCALL_SELDOM error with_executed(farcall::executed value) const;
    FARCALL_SELDOM error with_code(std::int64_t value) const;
    FARCALL_SELDOM error with_cause(std::exception_ptr value) const;
    FARCALL_SELDOM error with_details(details texts) const;
    /// Names the method and composes `what()`.
    FARCALL_SELDOM error with_method(std::string_view name) const;
    /// @}

    /// Everything that has a variable size.
    const details& texts() const noexcept { return *details_; }

private:
    std::shared_ptr<const details> details_;
    std::exception_ptr cause_;
    std::int64_t code_ = 0;
    farcall::status status_;
    farcall::origin origin_ = farcall::origin::local;
    farcall::executed executed_ = farcall::executed::unknown;
    bool own_code_ = false;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/impl/error.ipp>
#endif
