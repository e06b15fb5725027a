#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <farcall/detail/config.hpp>
#include <farcall/limits.hpp>
#include <farcall/protocol/http/problem.hpp>
#include <farcall/protocol/http/token.hpp>

namespace farcall::detail {

/// One field of a request's head.
struct http_field {
    std::string_view name{};   ///< in the sender's case
    std::string_view value{};  ///< without white space around it

    friend bool operator==(const http_field&, const http_field&) = default;
};

/// The head of a request, as it stands in the received text: what it asks for, and where its body ends.
struct http_head {
    std::string_view method{};
    std::string_view path{};   ///< as it was sent, from its slash on; "*" for the server as a whole
    std::string_view query{};  ///< behind the question mark
    std::string_view host{};   ///< of the field `Host`: checked for its characters only; empty if HTTP/1.0 has none
    unsigned minor = 1;        ///< of the version: HTTP/1.0 or HTTP/1.1
    bool keep_alive = true;    ///< whether the client wants to send another request
    bool chunked = false;      ///< the body comes in chunks
    std::uint64_t length = 0;  ///< of the body, if it is not chunked
    std::vector<http_field> fields{};

    bool has_body() const noexcept { return chunked || length != 0; }

    /// The value of the first field of a name.
    std::optional<std::string_view> find(std::string_view name) const noexcept {
        for (const http_field& each : fields)
            if (same_name(each.name, name)) return each.value;
        return std::nullopt;
    }
    std::size_t count(std::string_view name) const noexcept {
        std::size_t found = 0;
        for (const http_field& each : fields) found += same_name(each.name, name) ? 1u : 0u;
        return found;
    }
    /// Whether one of the fields of a name has a part in its list.
    bool list_has(std::string_view name, std::string_view part) const noexcept {
        for (const http_field& each : fields)
            if (same_name(each.name, name) && detail::list_has(each.value, part)) return true;
        return false;
    }
};

/// Reads the head of one HTTP/1.x request, strictly: where two readers could disagree, it is refused.
///
/// Lines are judged as they become complete, each once, however the bytes were cut. Refused are bare CR and LF, control
/// characters, folded lines, space around a name, names that are no tokens; no `Host`, two of them or one with other
/// than a name and a port; two lengths, a length with chunks, a length that is not plain digits; any
/// `Transfer-Encoding` but "chunked"; more than `limits::http_header` bytes or `limits::http_fields` fields.
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
/// @see RFC 9112, sections 2 to 6; RFC 9110, section 7.2
class http_head_reader {
public:
    enum class state : std::uint8_t { need_more, complete, refused };

    explicit http_head_reader(const limits& bounds = {}) noexcept
        : most_bytes_(bounds.http_header), most_fields_(bounds.http_fields) {}

    /// @param received  from the first byte of the request on; after `need_more` the same bytes with more behind them
    FARCALL_DECL state next(std::string_view received);

    /// After `complete`: refers to the text that was given last.
    const http_head& head() const noexcept { return head_; }
    /// After `complete`: bytes up to and with the empty line.
    std::size_t size() const noexcept { return line_; }
    /// After `refused`.
    const http_problem& problem() const noexcept { return problem_; }

    /// Whether some of a head has come, and all that has come is good.
    bool begun() const noexcept { return searched_ != 0; }

    /// Goes on to the next request; keeps its memory.
    void reset() noexcept {
        line_ = searched_ = 0;
        slots_.clear();
        head_.fields.clear();
        problem_ = {};
    }

private:
    /// Where a text lies in what was received, which may move between two calls.
    struct place {
        std::size_t at = 0;
        std::size_t size = 0;
    };
    struct slot {
        place name;
        place value;
    };

    state refuse(unsigned status, std::string_view text) noexcept {
        problem_ = {status, text};
        return state::refused;
    }
    state too_large() noexcept;
    bool take_first_line(std::string_view line);
    bool take_target(std::string_view target, std::size_t at);
    bool take_field(std::string_view line);
    state judge(std::string_view received);
    bool judge_host();
    bool judge_body();

    std::size_t most_bytes_;
    std::size_t most_fields_;
    std::size_t line_ = 0;      ///< where the first line begins that is not complete
    std::size_t searched_ = 0;  ///< how far its end was looked for
    place method_{};
    place target_{};     ///< path and query
    place authority_{};  ///< of a target that is a whole URL
    unsigned minor_ = 1;
    std::vector<slot> slots_{};
    http_head head_{};
    http_problem problem_{};
};

/// What is wrong with a line of a head behind the first, or of a trailer of a body in chunks; no status if it is good.
///
/// @param line  without its line end
[[nodiscard]] FARCALL_DECL http_problem check_field_line(std::string_view line) noexcept;

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/http/impl/head.ipp>
#endif
