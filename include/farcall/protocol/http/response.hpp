#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/detail/config.hpp>
#include <farcall/protocol/http/head.hpp>
#include <farcall/protocol/http/token.hpp>

namespace farcall::detail {

/// The head of a response, as it stands in the received text: how the request ended, and where the body ends.
struct http_response_head {
    /// How the end of the body is found.
    enum class body_end : std::uint8_t {
        none,    ///< there is none
        length,  ///< after `length` bytes
        chunks,  ///< behind the last chunk
        close    ///< where the connection ends
    };

    unsigned status = 0;
    std::string_view reason{};
    unsigned minor = 1;      ///< of the version: HTTP/1.0 or HTTP/1.1
    bool keep_alive = true;  ///< whether another request may follow
    body_end body = body_end::none;
    std::uint64_t length = 0;
    std::vector<http_field> fields{};

    /// The value of the first field of a name.
    std::optional<std::string_view> find(std::string_view name) const noexcept {
        for (const http_field& each : fields)
            if (same_name(each.name, name)) return each.value;
        return std::nullopt;
    }
    /// Whether one of the fields of a name has a part in its list.
    bool list_has(std::string_view name, std::string_view part) const noexcept {
        for (const http_field& each : fields)
            if (same_name(each.name, name) && detail::list_has(each.value, part)) return true;
        return false;
    }
};

/// Reads the head of one HTTP/1.x response.
///
/// As strict as the reader of requests where the end of the body is concerned: a wrong one would take an answer for
/// that of another call. What is no HTTP is refused from its first wrong byte.
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
/// @see RFC 9112, sections 2, 4 and 6
class http_response_reader {
public:
    enum class state : std::uint8_t { need_more, complete, refused };

    /// Bytes of a head. Servers say more than clients do: cookies, policies.
    static constexpr std::size_t longest = 64u << 10;

    /// @param received  from the first byte of the response on; after `need_more` the same bytes with more behind them
    FARCALL_DECL state next(std::string_view received);

    /// After `complete`: refers to the text that was given last.
    const http_response_head& head() const noexcept { return head_; }
    /// After `complete`: bytes up to and with the empty line.
    std::size_t size() const noexcept { return size_; }
    /// After `refused`.
    std::string_view problem() const noexcept { return problem_; }

    /// Goes on to the next response.
    void reset() noexcept {
        searched_ = size_ = 0;
        head_ = {};
        problem_ = {};
    }

private:
    state refuse(std::string_view text) noexcept {
        problem_ = text;
        return state::refused;
    }
    state take_first_line(std::string_view line);
    state take_field(std::string_view line);
    state judge();

    std::size_t searched_ = 0;  ///< how far the end was looked for
    std::size_t size_ = 0;
    http_response_head head_{};
    std::string_view problem_{};
};

/// The first line of a response for an error text, with where else to go: "HTTP 301 Moved Permanently, to http://...".
[[nodiscard]] FARCALL_DECL std::string http_status_text(const http_response_head& head);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/http/impl/response.ipp>
#endif
