#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include <farcall/codec/codec_error.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/detail/digits.hpp>
#include <farcall/detail/text_apart.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/limits.hpp>

namespace farcall {

/// Appends one JSON text to a buffer; commas come by themselves.
///
/// The functions that can meet a value without JSON form (NaN, text that is not UTF-8, nesting that no peer would
/// accept) return false and record one error; the first error stays. What stands in the buffer then is no JSON:
/// whoever owns the buffer takes it back (`farcall::encode` does).
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
class json_writer {
public:
    /// @param out        must outlive the writer; what it holds stays
    /// @param max_depth  arrays and objects inside each other
    explicit json_writer(detail::text_buffer& out, std::size_t max_depth = limits{}.depth) noexcept
        : out_(out), max_depth_(max_depth) {}

    json_writer(const json_writer&) = delete;
    json_writer& operator=(const json_writer&) = delete;

    /// Writes `null`.
    bool null() {
        value("null");
        return true;
    }

    /// Writes `true` or `false`.
    bool boolean(bool yes) {
        value(yes ? std::string_view{"true"} : std::string_view{"false"});
        return true;
    }

    /// Writes an integer, exactly.
    template <std::integral Integer>
    requires(sizeof(Integer) <= 8) bool integer(Integer number) {
        using wide = std::conditional_t<std::is_signed_v<Integer>, std::int64_t, std::uint64_t>;
        char* const first = out_.prepare(21);
        char* p = first;
        if (comma_) *p++ = ',';
        p = detail::write_digits(p, static_cast<wide>(number));
        out_.commit(static_cast<std::size_t>(p - first));
        comma_ = true;
        return true;
    }

    /// @{ Writes the shortest text that reads back as the same number; NaN and infinity are an error.
    [[nodiscard]] bool number(double value);
    [[nodiscard]] bool number(float value);
    /// @}

    /// Writes text; an error unless it is valid UTF-8.
    [[nodiscard]] bool string(std::string_view text);

    /// @{ For whoever owns the buffer; codecs write `string`.
    ///
    /// Leaves one large text out of the buffer: says in `apart`, which is empty and outlives the writer, where it belongs.
    void leave_out(detail::text_apart& apart) noexcept { apart_ = &apart; }
    /// As `string`, of text that stays where it is until all is sent: it may be the one that is left out.
    [[nodiscard]] bool string_that_stays(std::string_view text);
    /// @}

    /// Writes a string of `size` ASCII characters that need no escapes; `fill(char*)` puts them in place.
    template <class Fill>
    bool ascii(std::size_t size, Fill&& fill) {
        value("\"");
        fill(out_.prepare(size + 1));
        out_.commit(size);
        out_.push_back('"');
        return true;
    }

    /// Writes text that the caller knows to be JSON, as it is.
    bool raw(std::string_view json) {
        value(json);
        return true;
    }

    /// @{ Begins and ends an array or object.
    /// @returns false if that nests too deep
    bool begin_array() { return begin('['); }
    void end_array() { end(']'); }
    /// @returns false if that nests too deep
    bool begin_object() { return begin('{'); }
    void end_object() { end('}'); }
    /// @}

    /// Writes a member's name; its value comes next.
    [[nodiscard]] bool key(std::string_view name) {
        if (!string(name)) return false;
        out_.push_back(':');
        comma_ = false;
        return true;
    }

    /// The same for a name that is known to need no escapes.
    /// @param quoted  a comma, the name in quotes, and a colon: `,"price":`
    void key_quoted(std::string_view quoted) {
        out_.append(comma_ ? quoted : quoted.substr(1));
        comma_ = false;
    }

    /// Whether there was no error yet.
    [[nodiscard]] bool ok() const noexcept { return error_ == nullptr; }

    /// The error; empty if there was none.
    [[nodiscard]] const codec_error& error() const noexcept;

    /// Records that a value has no JSON form; codecs return it.
    /// @returns false
    bool fail(std::string what);

    /// @{ Names the place of an error in an array or object, from the inside out.
    /// @returns false
    bool at_index(std::size_t index);
    bool at_member(std::string_view name);
    /// @}

private:
    void value(std::string_view text) {
        if (comma_) out_.push_back(',');
        out_.append(text);
        comma_ = true;
    }

    bool begin(char bracket) {
        if (depth_ >= max_depth_) return too_deep();
        ++depth_;
        if (comma_) out_.push_back(',');
        out_.push_back(bracket);
        comma_ = false;
        return ok();
    }

    void end(char bracket) {
        --depth_;
        out_.push_back(bracket);
        comma_ = true;
    }

    template <class Floating>
    [[nodiscard]] bool floating(Floating value);

    bool too_deep();

    detail::text_buffer& out_;
    std::size_t depth_ = 0;
    std::size_t max_depth_;
    bool comma_ = false;
    detail::text_apart* apart_ = nullptr;  ///< null: nothing is left out
    std::unique_ptr<codec_error> error_;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/codec/impl/json_writer.ipp>
#endif
