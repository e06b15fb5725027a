// The floor: what the standard headers of service.hpp cost by themselves.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

int declared() { return 0; }
