#pragma once

#include <ratio>
#include <string>
#include <string_view>
#include <type_traits>

#include <farcall/codec/arithmetic.hpp>
#include <farcall/detail/chrono.hpp>

namespace farcall {

namespace detail {

/// "milliseconds"; of periods without a name "multiples of 1/30 seconds".
template <class Period>
std::string duration_unit() {
    if constexpr (std::is_same_v<Period, std::nano>) return "nanoseconds";
    if constexpr (std::is_same_v<Period, std::micro>) return "microseconds";
    if constexpr (std::is_same_v<Period, std::milli>) return "milliseconds";
    if constexpr (std::is_same_v<Period, std::ratio<1>>) return "seconds";
    if constexpr (std::is_same_v<Period, std::ratio<60>>) return "minutes";
    if constexpr (std::is_same_v<Period, std::ratio<3600>>) return "hours";
    if constexpr (std::is_same_v<Period, std::ratio<86400>>) return "days";
    return "multiples of " + std::to_string(Period::num) + (Period::den == 1 ? "" : '/' + std::to_string(Period::den)) +
           " seconds";
}

}  // namespace detail

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

    static void schema(schema_writer& out) { write_schema<Rep>(out.described(detail::duration_unit<Period>())); }
};

}  // namespace farcall
