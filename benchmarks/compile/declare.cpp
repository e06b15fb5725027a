// What a header that declares a service costs whoever includes it.
#include "service.hpp"

int declared() { return 0; }
