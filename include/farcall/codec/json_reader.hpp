#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include <farcall/codec/codec_error.hpp>
#include <farcall/codec/json_kind.hpp>
#include <farcall/codec/json_number.hpp>
#include <farcall/codec/string_scan.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/limits.hpp>

namespace farcall {

namespace detail {
class arriving_text;
}

/// A strict pull reader of one JSON text (RFC 8259): the codecs ask it for what they expect, in order.
///
/// It reads nothing behind the end of the text, takes time linear in it, and takes memory only for what it is asked
/// to store. All strings are checked to be valid UTF-8 without lone surrogates, also those that are skipped. Every
/// function that reads returns false and records one error if the text has something else; the first error stays,
/// and everything after it fails too.
///
/// Arrays and objects are read with a loop; `ok` tells the end from an error:
/// ```
/// if (!in.begin_array()) return false;
/// for (std::size_t i = 0; in.next_element(); ++i) {
///     if (!decode(in, value)) return in.at_index(i);
/// }
/// return in.ok();
/// ```
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
class json_reader {
public:
    /// @param text       must outlive the reader; need not end with NUL
    /// @param max_depth  arrays and objects inside each other; what is deeper is refused as malformed
    explicit json_reader(std::string_view text, std::size_t max_depth = limits{}.depth) noexcept
        : begin_(text.data()), p_(text.data()), end_(text.data() + text.size()), max_depth_(max_depth) {}

    /// What is known already of one of the strings, if it lies in this text.
    /// @param there  null, or outlives the reader
    void expect(detail::arriving_text* there) noexcept { arrived_ = there; }

    json_reader(const json_reader&) = delete;
    json_reader& operator=(const json_reader&) = delete;

    /// The kind of the next value, judged by its first character; `none` at the end or where no value begins.
    [[nodiscard]] json_kind peek() noexcept {
        skip_space();
        return p_ == end_ ? json_kind::none : detail::kind_of(*p_);
    }

    /// Reads `null`.
    [[nodiscard]] bool null() { return peek() == json_kind::null ? literal("null") : wrong_kind("null"); }

    /// Reads `true` or `false`.
    [[nodiscard]] bool boolean(bool& value) {
        if (peek() != json_kind::boolean) return wrong_kind("boolean");
        value = *p_ == 't';
        return literal(value ? std::string_view{"true"} : std::string_view{"false"});
    }

    /// Reads a number that is an integer and fits; "3.0" and "1e2" are integers, "3.5" is an error.
    template <std::integral Integer>
    requires(sizeof(Integer) <= 8) [[nodiscard]] bool integer(Integer& value) {
        using bounds = std::numeric_limits<Integer>;
        std::conditional_t<std::is_signed_v<Integer>, std::int64_t, std::uint64_t> wide = 0;
        if (!integer_within(wide, bounds::min(), bounds::max())) return false;
        value = static_cast<Integer>(wide);
        return true;
    }

    /// @{ Reads a number as the nearest double or float; too large is an error, too small is zero.
    [[nodiscard]] bool number(double& value);
    [[nodiscard]] bool number(float& value);
    /// @}

    /// Reads a string into `value`, which is overwritten.
    [[nodiscard]] bool string(std::string& value);

    /// Reads a string without copying it where it has no escapes; the view is valid until the next read.
    [[nodiscard]] bool string(std::string_view& value) {
        if (peek() != json_kind::string) return wrong_kind("string");
        return string_view(value);
    }

    /// Begins to read an array; `next_element` goes on.
    [[nodiscard]] bool begin_array() { return begin('['); }

    /// Whether an element follows, which is to be read next; false behind the last one and after an error.
    [[nodiscard]] bool next_element() { return next(']') && !failed_; }

    /// Begins to read an object; `next_member` goes on.
    [[nodiscard]] bool begin_object() { return begin('{'); }

    /// Whether a member follows, whose value is to be read next; false behind the last one and after an error.
    /// @param name  its name; valid until the next read
    [[nodiscard]] bool next_member(std::string_view& name) { return next('}') && member_name(name); }

    /// Takes the next member only if the text goes on with exactly `quoted`: the fast path of members in order.
    /// @param quoted  the name as in the text, with quotes and colon: `"price":`
    /// @returns false without an error and without having moved if it does not
    [[nodiscard]] bool next_member_if(std::string_view quoted) noexcept {
        const char* p = p_;
        if (!fresh_) {
            if (p == end_ || *p != ',') return false;
            ++p;
        }
        // g++ 12 at -O1 believes that a constant array that is entered by a pointer ends after one character.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstringop-overread"
#endif
        if (static_cast<std::size_t>(end_ - p) < quoted.size() || std::memcmp(p, quoted.data(), quoted.size()) != 0) {
            return false;
        }
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
        p_ = p + quoted.size();
        fresh_ = false;
        return true;
    }

    /// Reads a value of any kind and drops it; it is checked in full.
    [[nodiscard]] bool skip_value();

    /// The same, and gives the value's own text, without white space around it.
    [[nodiscard]] bool skip_value(std::string_view& raw) {
        skip_space();
        const char* const first = p_;
        if (!skip_value()) return false;
        raw = {first, static_cast<std::size_t>(p_ - first)};
        return true;
    }

    /// Reads the end of the text: only white space may be left.
    [[nodiscard]] bool finish() {
        if (p_ != end_) skip_space();
        return p_ == end_ ? !failed_ : unexpected("the end of the text");
    }

    /// Whether there was no error yet.
    [[nodiscard]] bool ok() const noexcept { return !failed_; }

    /// The error; empty if there was none.
    [[nodiscard]] const codec_error& error() const noexcept;

    /// Records that the value is JSON and not what is wanted; codecs return it.
    /// @returns false
    bool fail(std::string what);

    /// Records that the next value is of another kind than wanted, or malformed if it is no value at all.
    /// @param expected  what was wanted: "number or string"
    /// @returns false
    bool wrong_kind(std::string_view expected);

    /// @{ Names the place of an error in an array or object, from the inside out, after a read in it has failed.
    /// @returns false
    bool at_index(std::size_t index);
    bool at_member(std::string_view name);
    /// @}

    /// A place to come back to, see `mark`.
    class position {
        friend class json_reader;
        const char* p = nullptr;
        std::size_t depth = 0;
        bool fresh = false;
    };

    /// @{ Goes back to read something again, for codecs that must look ahead. An error stays.
    [[nodiscard]] position mark() const noexcept {
        position here;
        here.p = p_;
        here.depth = depth_;
        here.fresh = fresh_;
        return here;
    }
    void rewind(const position& to) noexcept {
        p_ = to.p;
        depth_ = to.depth;
        fresh_ = to.fresh;
    }
    /// @}

    /// Bytes read so far.
    [[nodiscard]] std::size_t offset() const noexcept { return static_cast<std::size_t>(p_ - begin_); }

    /// How many arrays and objects are open.
    [[nodiscard]] std::size_t depth() const noexcept { return depth_; }

private:
    struct raw_string {
        std::string_view text;
        bool escaped = false;
    };
    /// What the good path does without.
    struct rare {
        codec_error error;
        std::string name;
    };

    void skip_space() noexcept {
        while (p_ != end_ && (*p_ == ' ' || *p_ == '\n' || *p_ == '\r' || *p_ == '\t')) ++p_;
    }

    // Text without white space, as most writers leave it, is read in place; the rest is out of line.

    [[nodiscard, gnu::always_inline]] bool begin(char bracket) {
        if (p_ == end_ || *p_ != bracket || depth_ >= max_depth_ || failed_) return begin_slow(bracket);
        ++p_;
        ++depth_;
        fresh_ = true;
        return true;
    }

    [[nodiscard, gnu::always_inline]] bool next(char closing) {
        if (p_ != end_) {
            if (*p_ == ',' && !fresh_) {
                ++p_;
                return true;
            }
            if (*p_ == closing) {
                ++p_;
                --depth_;
                fresh_ = false;
                return false;
            }
            if (fresh_ && *p_ > ' ') {
                fresh_ = false;
                return true;
            }
        }
        return next_slow(closing);
    }

    template <class Floating>
    [[nodiscard]] bool floating(Floating& value);

    [[nodiscard]] bool begin_slow(char bracket);
    [[nodiscard]] bool next_slow(char closing);
    [[nodiscard]] bool literal(std::string_view word);
    [[nodiscard]] bool integer_within(std::int64_t& value, std::int64_t least, std::int64_t most);
    [[nodiscard]] bool integer_within(std::uint64_t& value, std::uint64_t least, std::uint64_t most);
    [[nodiscard]] bool short_integer(const char*& p, std::uint64_t& magnitude) const noexcept;
    template <class Wide>
    [[nodiscard]] bool long_integer(Wide& value, Wide least, Wide most);
    template <class Wide>
    [[nodiscard]] bool general_integer(Wide& value, Wide least, Wide most);
    [[nodiscard]] bool take_number(detail::number_text& number);
    [[nodiscard]] bool out_of_range(const std::string& least, const std::string& most);
    [[nodiscard]] const char* plain_string_end() const noexcept;
    [[nodiscard]] bool take_arrived(std::string& value);
    [[nodiscard]] const char* known_end(const char* content) const noexcept;
    [[nodiscard]] bool scan_string(raw_string& found);
    [[nodiscard]] bool scan_escape(const char*& p);
    [[nodiscard]] bool string_view(std::string_view& value);
    [[nodiscard]] bool member_name(std::string_view& name);
    [[nodiscard]] bool skip_scalar();
    static void unescape(std::string_view raw, std::string& value);

    [[nodiscard]] bool unexpected(std::string_view expected);
    [[nodiscard]] bool too_deep();
    [[nodiscard]] bool malformed(const char* at, std::string what);
    bool record(const char* at, std::string what, bool is_malformed);

    const char* begin_;
    const char* p_;
    const char* end_;
    const char* start_ = nullptr;
    std::size_t depth_ = 0;
    std::size_t max_depth_;
    bool fresh_ = false;
    bool failed_ = false;
    detail::arriving_text* arrived_ = nullptr;  ///< null: nothing is known of any string
    std::unique_ptr<rare> rare_;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/codec/impl/json_reader.ipp>
#include <farcall/codec/impl/json_reader_numbers.ipp>
#include <farcall/codec/impl/json_reader_strings.ipp>
#endif
