#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <farcall/codec/base64.hpp>
#include <farcall/codec/codec.hpp>
#include <farcall/codec/vector.hpp>

namespace farcall {

/// Bytes as a string in base64 (RFC 4648, section 4), with padding and nothing else between.
template <class Allocator>
struct codec<std::vector<std::byte, Allocator>> {
    using vector = std::vector<std::byte, Allocator>;
    static constexpr json_kinds kinds = json_kind::string;

    static bool encode(json_writer& out, const vector& value) {
        return out.ascii(detail::base64_size(value.size()),
                         [&](char* to) { detail::base64_encode(value.data(), value.size(), to); });
    }

    static bool decode(json_reader& in, vector& value) {
        std::string_view text;
        if (!in.string(text)) return false;
        std::size_t size = 0;
        if (!detail::base64_decoded_size(text, size))
            return in.fail("expected base64 text, of a length that is no multiple of 4");
        value.resize(size);
        if (!detail::base64_decode(text, value.data()))
            return in.fail("expected base64 text, found another character, or bits behind its end");
        return true;
    }

    static void schema(schema_writer& out) { out.raw(detail::base64_schema); }
};

}  // namespace farcall
