#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <farcall/detail/config.hpp>

namespace farcall {

/// Why a text could not be decoded or a value not be encoded.
struct codec_error {
    /// Where, from the root of the value: "lines[3].price", "names[\"a b\"]"; empty for the root itself.
    std::string path;
    /// What was expected and what came, such as "expected number, found string".
    std::string message;
    /// Bytes of the text before the culprit; 0 when encoding.
    std::size_t offset = 0;
    /// True: the text is not JSON, or nested deeper than allowed. False: it is JSON of the wrong shape.
    bool malformed = false;

    /// Path and message as one text: "lines[3].price: expected number, found string".
    [[nodiscard]] std::string text() const { return path.empty() ? message : path + ": " + message; }

    /// The same with a name for the root: "result.lines[3].price: expected number, found string".
    [[nodiscard]] std::string text(std::string_view root) const {
        std::string where{root};
        if (!path.empty() && path.front() != '[') where += '.';
        return where + path + ": " + message;
    }
};

namespace detail {

/// Puts `[index]` in front of a path.
FARCALL_DECL void prepend_index(std::string& path, std::size_t index);

/// Puts a member's name in front of a path; names that are no identifiers are quoted, long ones are cut.
FARCALL_DECL void prepend_member(std::string& path, std::string_view name);

/// Text of a peer for use in a message: JSON-escaped where it is not printable ASCII, cut to `limit` bytes.
[[nodiscard]] FARCALL_DECL std::string excerpt(std::string_view text, std::size_t limit = 40);

}  // namespace detail
}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/codec/impl/codec_error.ipp>
#endif
