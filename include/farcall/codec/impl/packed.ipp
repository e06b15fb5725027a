#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <farcall/codec/base64.hpp>
#include <farcall/codec/packed.hpp>

namespace farcall::detail {

FARCALL_DECL void swap_bytes(std::byte* bytes, std::size_t count, std::size_t size) noexcept {
    for (std::size_t i = 0; i != count; ++i) std::reverse(bytes + i * size, bytes + (i + 1) * size);
}

FARCALL_DECL bool write_packed(json_writer& out, const void* from, std::size_t count, packed_form form) {
    const auto* bytes = static_cast<const std::byte*>(from);
    const std::size_t size = count * form.size;
    const auto write = [&](const std::byte* little) {
        return out.ascii(base64_size(size), [&](char* to) { base64_encode(little, size, to); });
    };
    if constexpr (std::endian::native == std::endian::little) {
        return write(bytes);
    } else {
        std::vector<std::byte> swapped{bytes, bytes + size};
        swap_bytes(swapped.data(), count, form.size);
        return write(swapped.data());
    }
}

FARCALL_DECL bool count_packed(json_reader& in, std::string_view text, packed_form form, std::size_t& count) {
    std::size_t size = 0;
    if (!base64_decoded_size(text, size)) return in.fail("expected base64 text, of a length that is no multiple of 4");
    if (size % form.size != 0) {
        return in.fail("expected " + std::string{form.name} + " numbers of " + std::to_string(form.size) +
                       " bytes each in base64, found " + std::to_string(size) + (size == 1 ? " byte" : " bytes"));
    }
    count = size / form.size;
    return true;
}

FARCALL_DECL bool read_packed(json_reader& in, std::string_view text, void* to, std::size_t count, packed_form form) {
    // Not `to` itself: what is no number of the type may not lie there even for a moment.
    if (form.boolean) {
        std::vector<std::byte> bytes(count);
        if (!base64_decode(text, bytes.data())) return in.fail("expected base64 text, found another character, or bits behind its end");
        for (std::size_t i = 0; i != count; ++i) {
            const auto byte = std::to_integer<unsigned>(bytes[i]);
            if (byte > 1) {
                in.fail("expected 0 or 1 for a bool, found " + std::to_string(byte));
                return in.at_index(i);
            }
            static_cast<bool*>(to)[i] = byte == 1;
        }
        return true;
    }
    auto* const bytes = static_cast<std::byte*>(to);
    if (!base64_decode(text, bytes)) return in.fail("expected base64 text, found another character, or bits behind its end");
    if constexpr (std::endian::native == std::endian::big) swap_bytes(bytes, count, form.size);
    return true;
}

FARCALL_DECL void write_packed_schema(schema_writer& out, packed_form form, std::ptrdiff_t count) {
    // Base64 of some bytes: groups of four characters, then what one or two bytes left over are written as.
    const auto text_of = [&](std::size_t bytes) -> std::string {
        const std::string_view any = form.boolean ? "A[AQ][AE][AB]" : "[A-Za-z0-9+/]";
        std::string groups;
        if (form.boolean && bytes >= 3)
            groups = '(' + std::string{any} + "){" + std::to_string(bytes / 3) + '}';
        else if (bytes >= 3)
            groups = std::string{any} + '{' + std::to_string(bytes / 3 * 4) + '}';
        if (bytes % 3 == 0) return groups;
        if (form.boolean) return groups + (bytes % 3 == 1 ? "A[AQ]==" : "A[AQ][AE]=");
        const std::string one{any};
        return groups + one + (bytes % 3 == 1 ? "[AQgw]==" : one + "[AEIMQUYcgkosw048]=");
    };
    std::string schema = R"({"type":"string","contentEncoding":"base64","description":"little-endian )";
    schema += form.name;
    // More repetitions than this some engines of regular expressions do not take; the length tells almost as much.
    constexpr std::size_t most_repetitions = 1000;
    const std::size_t bytes = count > 0 ? static_cast<std::size_t>(count) * form.size : 0;
    const std::size_t length = base64_size(bytes);
    const std::string exact =
        count >= 0 && length <= most_repetitions
            ? text_of(bytes)
            : '(' + text_of(3 * form.size) + ")*(" + text_of(form.size) + '|' + text_of(2 * form.size) + ")?";
    schema += R"(","pattern":"^)" + exact + R"($")";
    if (count >= 0) {
        const std::string size = std::to_string(length);
        schema += R"(,"minLength":)" + size + R"(,"maxLength":)" + size;
    }
    out.raw(schema + '}');
}

}  // namespace farcall::detail
