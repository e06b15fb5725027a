#pragma once

#include <span>
#include <string>
#include <vector>

#include <farcall/detail/config.hpp>
#include <farcall/observe/span.hpp>

namespace farcall {

/// Writes spans as the JSON that OpenTelemetry's collectors take: an `ExportTraceServiceRequest`.
///
/// Texts that are not UTF-8 are mended by U+FFFD.
/// @param resource  what the spans come from: "service.name" and the like
/// @param spans     of any traces
/// @see OpenTelemetry Protocol 1.x, "OTLP/HTTP", "JSON Protobuf Encoding"
FARCALL_DECL std::string otlp_traces(const std::vector<span_attribute>& resource, std::span<const farcall::span> spans);

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/observe/impl/otlp_json.ipp>
#endif
