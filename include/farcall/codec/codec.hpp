#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <farcall/codec/codec_error.hpp>
#include <farcall/codec/json_kind.hpp>
#include <farcall/codec/json_problem.hpp>
#include <farcall/codec/json_reader.hpp>
#include <farcall/codec/json_writer.hpp>
#include <farcall/codec/schema_writer.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/limits.hpp>

namespace farcall {

/// How a type is written as JSON and read from it.
///
/// The library has one for each type of DESIGN section 3, a file each beside this one; `codec/codecs.hpp` includes
/// all. To write your own, specialise it in namespace `farcall`:
/// 1. `static bool encode(json_writer& out, const T& value)` writes exactly one JSON value. For its parts it calls
///    `farcall::encode(out, part)`. What has no JSON form ends with `return out.fail("why")`.
/// 2. `static bool decode(json_reader& in, T& value)` reads exactly one JSON value. For its parts it calls
///    `farcall::decode(in, part)`. What is wrong ends with `return in.fail("expected ..., found ...")`. Do not take
///    memory by a number that stands in the text: let elements come one by one.
/// 3. A failed part returns `at_index(i)` or `at_member(name)` of the reader or writer, which name its place and
///    return false.
/// 4. Optional: `static constexpr json_kinds kinds`, the JSON kinds that it may write, so that a `std::variant` can
///    tell it from other alternatives without a tag.
/// 5. Optional: `static void absent(T& value)`: a member of this type may be missing from an object, and this is what
///    it becomes then.
/// 6. Optional: `static void schema(schema_writer& out)` writes the JSON Schema of its values, for the document that
///    tells other languages what a server offers. Without it the schema is what `kinds` says.
/// One direction is enough for a type that only goes one way. See any sibling for an example, and the codec suite in
/// tests/unit/codec for what to prove.
template <class T>
struct codec;

/// Writes a value; part of another value being written.
template <class T>
[[nodiscard]] bool encode(json_writer& out, const T& value) {
    return codec<T>::encode(out, value);
}

/// Reads a value; part of another value being read. After a failure `value` is valid and otherwise unspecified.
template <class T>
[[nodiscard]] bool decode(json_reader& in, T& value) {
    return codec<T>::decode(in, value);
}

/// Appends a value to a buffer as one JSON text.
///
/// @param error  set if it fails
/// @returns whether it succeeded; if not, `out` is as before
template <class T>
[[nodiscard]] bool encode(detail::text_buffer& out, const T& value, codec_error& error) {
    detail::require_json_form<T, coding::encoding>();
    if constexpr (json_encodable<T>) {
        const std::size_t size = out.size();
        json_writer writer{out};
        if (codec<T>::encode(writer, value) && writer.ok()) return true;
        error = writer.error();
        out.truncate(size);
    }
    return false;
}

/// Reads a value from a text that holds nothing else.
///
/// @param error      set if it fails
/// @param max_depth  arrays and objects inside each other; what is deeper is refused as malformed
/// @returns whether it succeeded; if not, `value` is valid and otherwise unspecified
template <class T>
[[nodiscard]] bool decode(std::string_view text, T& value, codec_error& error, std::size_t max_depth = limits{}.depth) {
    detail::require_json_form<T, coding::decoding>();
    if constexpr (json_decodable<T>) {
        json_reader reader{text, max_depth};
        if (codec<T>::decode(reader, value) && reader.finish()) return true;
        error = reader.error();
    }
    return false;
}

namespace detail {

/// The JSON kinds that values of a type are written as; `any` if its codec does not say.
template <class T>
consteval json_kinds kinds_of() {
    if constexpr (requires { codec<T>::kinds; }) {
        return codec<T>::kinds;
    } else {
        return json_kinds::any();
    }
}

/// Whether a member or argument of this type may be missing.
template <class T>
inline constexpr bool may_be_absent = requires(T& value) { codec<T>::absent(value); };

}  // namespace detail

/// Writes the JSON Schema of a type that has a JSON form.
template <class T>
void write_schema(schema_writer& out) {
    using value = std::remove_const_t<T>;
    if constexpr (requires { codec<value>::schema(out); }) {
        codec<value>::schema(out);
    } else {
        out.of_kinds(detail::kinds_of<value>());
    }
}

}  // namespace farcall
