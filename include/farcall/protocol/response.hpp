#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/detail/config.hpp>
#include <farcall/detail/digit_run.hpp>
#include <farcall/limits.hpp>
#include <farcall/protocol/error_object.hpp>
#include <farcall/protocol/request.hpp>

namespace farcall::detail {

/// One response as it stands in the received text; nothing is copied.
struct response_view {
    enum class outcome : std::uint8_t {
        result,
        error,
        malformed,  ///< It names a call, but says neither a result nor an error that can be read: that call fails.
    };

    outcome says = outcome::malformed;
    /// Whether the id is a number as our clients count, so that it can be the answer to one of their calls.
    bool numbered = false;
    /// Whether `result` is known to be one JSON value within the depth.
    ///
    /// If not, it is whatever stands between `"result":` and the message's last brace, and whoever uses it looks
    /// first: decode it strictly to its end, to one level less than `limits::depth`. If that fails in any way, or if
    /// nothing is to decode it, give the message to `response_reader::read_checked` and go by what that says.
    bool result_checked = true;
    std::uint64_t number = 0;   ///< The id, if `numbered`.
    std::string_view id{};      ///< The id's own text; empty: missing.
    std::string_view result{};  ///< JSON text, if it says a result.
    error_view error{};         ///< If it says an error.
    std::string_view meta{};    ///< JSON text of the member, for `read_reply_meta`; only if the message was read in full.

    /// Whether it belongs to no call but to the connection: the server could not read an id.
    bool for_connection() const noexcept { return id.empty() || id == "null"; }
};

/// What a server's message, or an element of a batch, is.
enum class reply_kind : std::uint8_t {
    response,
    batch,
    call,       ///< A request or notification of the server's, such as `rpc.goaway`.
    malformed,  ///< No JSON-RPC at all: what else comes on this connection cannot be trusted.
};

/// Reads what a server sends: one JSON-RPC 2.0 message after another.
///
/// As `request_reader`, for the other direction: results in the form that our server writes are recognised in place.
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
/// @see https://www.jsonrpc.org/specification, section 5
class response_reader {
public:
    explicit response_reader(const limits& bounds = {}) noexcept : depth_(bounds.depth), batch_(bounds.batch) {}

    /// Reads one message. A batch holds at least one element: call `next` for each.
    reply_kind read(std::string_view text) { return read_own(text) ? reply_kind::response : read_checked(text); }

    /// Reads `{"jsonrpc":"2.0","id":7,"result":8}`, which is what most answers are.
    /// @returns false, and the reader is of no use until the next message, if it is something else
    bool read_own(std::string_view text) noexcept {
        static constexpr char front[] = "{\"jsonrpc\":\"2.0\",\"id\":";
        static constexpr char middle[] = ",\"result\":";
        constexpr std::size_t front_size = sizeof front - 1, middle_size = sizeof middle - 1;
        if (text.size() < front_size + middle_size + 3 || text.back() != '}' ||
            std::memcmp(text.data(), front, front_size) != 0)
            return false;
        const char* const first = text.data() + front_size;
        const char* const end = text.data() + text.size();
        const digit_run number = digit_run::at(first, end);
        // Nineteen digits always fit.
        if (number.size == 0 || number.size > 19 || (*first == '0' && number.size > 1)) return false;
        const char* at = first + number.size;
        if (static_cast<std::size_t>(end - at) < middle_size + 2 || std::memcmp(at, middle, middle_size) != 0)
            return false;
        response_.id = {first, number.size};
        at += middle_size;
        if (static_cast<unsigned char>(*at) <= ' ' || static_cast<unsigned char>(end[-2]) <= ' ') return false;
        response_.says = response_view::outcome::result;
        response_.meta = {};
        response_.numbered = true;
        response_.result_checked = false;
        response_.number = number.value;
        response_.result = {at, static_cast<std::size_t>(end - 1 - at)};
        kind_ = reply_kind::response;
        return true;
    }

    /// Reads one message without taking anything for granted: `response().result_checked` is true afterwards.
    FARCALL_DECL reply_kind read_checked(std::string_view text);

    /// Goes on to the next element of the batch that `read` found.
    ///
    /// @returns false if there is none; otherwise `kind()` is anything but `batch`
    FARCALL_DECL bool next();

    reply_kind kind() const noexcept { return kind_; }
    /// If `kind()` is `response`.
    const response_view& response() const noexcept { return response_; }
    /// If `kind()` is `call`.
    const request_view& call() const noexcept { return call_; }
    /// What is wrong, if `kind()` is `malformed` or the response says `malformed`.
    const std::string& problem() const noexcept { return problem_; }

private:
    struct visitor;

    FARCALL_DECL reply_kind judge(const visitor& parts);
    FARCALL_DECL reply_kind broken(std::string problem);
    FARCALL_DECL reply_kind broken_answer(std::string problem);

    std::size_t depth_;
    std::size_t batch_;
    reply_kind kind_ = reply_kind::malformed;
    response_view response_{};
    request_view call_{};
    std::string problem_{};
    std::string method_{};
    std::vector<std::string_view> elements_{};
    std::size_t next_element_ = 0;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/impl/response.ipp>
#endif
