#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/detail/config.hpp>
#include <farcall/limits.hpp>
#include <farcall/protocol/dialect.hpp>

namespace farcall::detail {

/// One request or notification as it stands in the received text; nothing is copied.
struct request_view {
    std::string_view id{};      ///< The id's own text, to be echoed; empty: a notification, never answered.
    std::string_view method{};  ///< Unescaped.
    std::string_view params{};  ///< Text of an array or object; empty: absent.
    std::string_view meta{};    ///< Text of an object, checked; empty: absent.
    /// What `meta` says where that is `{"timeout_ms":N}`, as our clients write it; -1: it was not looked into.
    std::int64_t timeout_ms = -1;
    /// Whether `params` is known to be one JSON value within the depth.
    ///
    /// If not, it is whatever stands between `"params":` and the message's last brace, and whoever uses it looks
    /// first: decode it strictly to its end, to one level less than `limits::depth`. If that fails in any way, or if
    /// nothing is to decode it (no such method, a handler that takes raw JSON), give the message to
    /// `request_reader::read_checked` and go by what that says.
    bool params_checked = true;

    bool notification() const noexcept { return id.empty(); }
};

/// Why a message, or an element of a batch, is no request, and what to answer.
struct refusal {
    std::int64_t code = 0;        ///< −32700 or −32600.
    std::string_view id{"null"};  ///< Text of the id to answer with.
    std::string message{};        ///< What is wrong and what to do.
};

/// What a message, or an element of a batch, is; `foreign`: a request in a dialect.
enum class message_kind : std::uint8_t { request, batch, foreign, refused };

/// Reads what a client sends: one JSON-RPC 2.0 message after another.
///
/// What our own clients write is recognised in place, without reading `params`; everything else is read in full first.
/// Holds the memory that the general way wants, so that it is taken once a connection. What it hands out lies in the
/// message's text or in the reader and is valid until either changes.
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
/// @see https://www.jsonrpc.org/specification, DESIGN section 2
class request_reader {
public:
    explicit request_reader(const limits& bounds = {}) noexcept : depth_(bounds.depth), batch_(bounds.batch) {}

    /// Reads one message. A batch holds at least one element: call `next` for each.
    message_kind read(std::string_view text) { return read_own(text) ? message_kind::request : read_checked(text); }

    /// Reads one message without taking anything for granted: `request().params_checked` is true afterwards.
    FARCALL_DECL message_kind read_checked(std::string_view text);

    /// Takes a request that came without an envelope; what it refers to is the caller's.
    void take(const request_view& request) noexcept {
        request_ = request;
        kind_ = message_kind::request;
    }

    /// Goes on to the next element of the batch that `read` found.
    ///
    /// @returns false if there is none; otherwise `kind()` is `request` or `refused`
    FARCALL_DECL bool next();

    message_kind kind() const noexcept { return kind_; }
    /// If `kind()` is `request`.
    const request_view& request() const noexcept { return request_; }
    /// If `kind()` is `refused`.
    const refusal& refused() const noexcept { return general_->refused; }
    /// If `kind()` is `foreign`.
    const dialect_request& foreign() const noexcept { return general_->dialects.request(); }
    /// Elements of the batch.
    std::size_t batch_size() const noexcept { return general_->elements.size(); }
    /// Text of the element that `next` has found last.
    std::string_view element() const noexcept { return general_->elements[general_->next_element - 1]; }

private:
    struct visitor;
    /// What messages want that are read in full; those who send only what our own clients write do not have it.
    struct general {
        refusal refused{};
        std::string method{};
        dialect_reader dialects{};
        std::vector<std::string_view> elements{};
        std::size_t next_element = 0;
    };

    /// Recognises `{"jsonrpc":"2.0","id":7,"method":"Calculator.add","meta":{...},"params":[5,3]}`, where id, meta and
    /// params may be missing, without a blank and with plain names.
    FARCALL_DECL bool read_own(std::string_view text);
    /// @{ End of a name with its quote, and of a meta object that is well-formed; null if that is not there.
    const char* skip_own_name(const char* at, const char* end);
    const char* skip_own_meta(const char* at, const char* end);
    FARCALL_DECL const char* skip_meta(const char* at, const char* end) const;
    /// @}

    FARCALL_DECL message_kind judge(const visitor& parts);
    FARCALL_DECL message_kind refuse(std::int64_t code, std::string_view id, std::string message);

    std::size_t depth_;
    std::size_t batch_;
    message_kind kind_ = message_kind::refused;
    request_view request_{};
    std::string last_name_{};  ///< of the method that was called last by our own kind, with the quote behind it
    std::unique_ptr<general> general_;  ///< null: it was not needed yet
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/impl/request.ipp>
#endif
