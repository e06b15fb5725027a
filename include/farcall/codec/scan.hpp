#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <farcall/codec/json_kind.hpp>
#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// What a scan found wrong with a text.
enum class scan_error : std::uint8_t {
    none,
    malformed,  ///< Not one JSON text (RFC 8259) in well-formed UTF-8.
    too_deep,   ///< More arrays and objects inside each other than allowed; what follows was not looked at.
};

/// One value as it stands in the text, without white space around it.
struct scan_value {
    std::string_view text{};
    json_kind kind = json_kind::none;
};

/// How a scan ended.
struct scan_result {
    scan_error error = scan_error::none;
    std::size_t offset = 0;     ///< Byte at which the error was found.
    std::string_view reason{};  ///< Static text, such as "expected a comma or } after a member".
    scan_value value{};         ///< The whole text's value, if there is no error.

    explicit operator bool() const noexcept { return error == scan_error::none; }
};

/// Is told what the outermost object or array holds, in order.
///
/// It is told while the rest is still unread: what it collects counts only if `scan` returns without an error.
/// It may throw nothing but `std::bad_alloc`.
class scan_visitor {
public:
    /// @param name   unescaped; valid during the call only, unless it lies in the scanned text
    /// @param value  lies in the scanned text
    virtual void member(std::string_view name, const scan_value& value) = 0;
    virtual void element(const scan_value& value) = 0;

protected:
    ~scan_visitor() = default;
};

/// Reads one whole JSON text: is it well-formed, and what are its outermost parts?
///
/// Linear in the text's length, without recursion; takes no memory from the heap unless a string, an unusual nesting
/// or a number beyond `double` asks for more than about a kilobyte. Numbers are not converted, so none is too big.
/// @param text       any bytes; never read past its end
/// @param max_depth  arrays and objects inside each other, the outermost counted
/// @param visitor    may be null
/// @par Thread safety  Safe: it has no state.
/// @par RapidJSON      The reader of RapidJSON does the work, with an allocator, a stream and a handler of our own, so
///                     that none of its instantiations is shared with a program's own use of RapidJSON. No `RAPIDJSON_`
///                     macro is defined here and no default is relied on (flags are given in full, the SIMD paths apply
///                     to other streams): a program's settings stay as they are, and must merely be the same in all its
///                     sources. If it lets parse errors be thrown, only the reason's text becomes vaguer.
/// @see RFC 8259, DESIGN section 8
[[nodiscard]] FARCALL_DECL scan_result scan(std::string_view text, std::size_t max_depth,
                                            scan_visitor* visitor = nullptr);

/// What to tell a peer about its text: "not JSON at offset 12: expected a value".
///
/// @param max_depth  what was given to `scan`
[[nodiscard]] FARCALL_DECL std::string describe(const scan_result& found, std::size_t max_depth);

/// The content of a string's text, `"a\nb"` with its quotes, that a scan has found good.
///
/// @param scratch  holds the content if there are escapes; otherwise the result lies in `token`
[[nodiscard]] FARCALL_DECL std::string_view scan_unescape(std::string_view token, std::string& scratch);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/codec/impl/scan.ipp>
#endif
