#include "two_units.hpp"

namespace two_units {

const farcall::method_info* info_seen_by_b() { return &farcall::method_named<Shared, "add">::info; }
const std::string_view* parameters_seen_by_b() { return farcall::method_named<Shared, "add">::info.parameters.data(); }

}  // namespace two_units
