#pragma once

#include <chrono>
#include <string_view>

#include <farcall/codec/arithmetic.hpp>

namespace farcall {

/// The count, a number in the duration's own unit: `std::chrono::milliseconds{1500}` is 1500.
template <class Rep, class Period>
struct codec<std::chrono::duration<Rep, Period>> {
    using duration = std::chrono::duration<Rep, Period>;
    static constexpr json_kinds kinds = json_kind::number;

    static consteval detail::part_list<Rep> parts() { return {}; }

    static bool encode(json_writer& out, const duration& value) { return codec<Rep>::encode(out, value.count()); }

    static bool decode(json_reader& in, duration& value) {
        Rep count{};
        if (!codec<Rep>::decode(in, count)) return false;
        value = duration{count};
        return true;
    }
};

}  // namespace farcall
