#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <farcall/detail/config.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/limits.hpp>
#include <farcall/protocol/http/problem.hpp>

namespace farcall::detail {

/// Decodes a body that comes in chunks, strictly.
///
/// A size is checked before anything of its chunk is taken; extensions and trailers are bounded, checked for their
/// characters and dropped, so that a body is never much dearer than its content.
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
/// @see RFC 9112, section 7.1
class chunked_reader {
public:
    enum class state : std::uint8_t { need_more, complete, refused };
    struct step {
        state what = state::need_more;
        std::size_t consumed = 0;  ///< done with; after `complete`, the next request begins behind it
    };

    /// Longest line with a chunk's size and extensions, without its end.
    static constexpr std::size_t longest_size_line = 256;

    explicit chunked_reader(const limits& bounds = {}) noexcept
        : most_(bounds.frame < limits::frame_ceiling ? bounds.frame : limits::frame_ceiling),
          most_overhead_(bounds.http_header),
          most_trailers_(bounds.http_fields) {}

    /// @param received  from where the step before ended; after `need_more` with nothing consumed, with more behind it
    /// @param body      the content is appended
    FARCALL_DECL step next(std::string_view received, text_buffer& body);

    /// After `refused`.
    const http_problem& problem() const noexcept { return problem_; }

    /// Goes on to the next body.
    void reset() noexcept {
        part_ = part::size;
        taken_ = left_ = 0;
        overhead_ = trailers_ = 0;
        problem_ = {};
    }

private:
    enum class part : std::uint8_t { size, content, content_end, trailer };

    bool refuse(unsigned status, std::string_view text) noexcept {
        problem_ = {status, text};
        return false;
    }
    bool take_size(std::string_view line) noexcept;
    bool take_trailer(std::string_view line) noexcept;
    /// The next line without its end; false if it is not complete, or refused.
    bool find_line(std::string_view left, std::size_t longest, std::string_view& found) noexcept;

    std::size_t most_;
    std::size_t most_overhead_;
    std::size_t most_trailers_;
    part part_ = part::size;
    std::size_t taken_ = 0;     ///< content of all chunks, the one that is being read included
    std::size_t left_ = 0;      ///< of the chunk that is being read
    std::size_t overhead_ = 0;  ///< extensions and trailers
    std::size_t trailers_ = 0;
    http_problem problem_{};
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/http/impl/chunked.ipp>
#endif
