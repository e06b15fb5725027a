#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>

#include <farcall/detail/config.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/observe/distribution.hpp>

namespace farcall::detail {

/// A name and a value that tell one time series of a metric from the others.
struct prometheus_label {
    std::string_view name;   ///< [a-zA-Z_][a-zA-Z0-9_]*
    std::string_view value;  ///< any text
};

/// Writes metrics in the text format that Prometheus reads.
///
/// First a `family`, then its samples.
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
/// @see https://prometheus.io/docs/instrumenting/exposition_formats, "Text-based format", version 0.0.4
class prometheus_writer {
public:
    /// What is sent along with it as Content-Type.
    static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

    /// @param out  must outlive the writer
    explicit prometheus_writer(text_buffer& out) noexcept : out_(out) {}

    /// @param name  a constant; counters end in "_total", times are in seconds
    /// @param type  "counter", "gauge" or "histogram"
    /// @param help  one line
    FARCALL_DECL void family(std::string_view name, std::string_view type, std::string_view help);

    /// @{ One time series of the family.
    FARCALL_DECL void sample(std::span<const prometheus_label> labels, std::uint64_t value);
    FARCALL_DECL void sample(std::span<const prometheus_label> labels, double value);
    /// In seconds, under bounds from a microsecond to a minute.
    FARCALL_DECL void sample(std::span<const prometheus_label> labels, const distribution& value);
    /// @}

    /// A family of one.
    template <class Value>
    void only(std::string_view name, std::string_view type, std::string_view help, Value value) {
        family(name, type, help);
        sample({}, value);
    }

private:
    void name(std::string_view suffix, std::span<const prometheus_label> labels, std::string_view bound = {});
    void number(double value);

    text_buffer& out_;
    std::string_view family_{};
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/observe/impl/prometheus_writer.ipp>
#endif
