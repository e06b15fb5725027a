#include "top_reading.hpp"

#include <farcall/error.hpp>

namespace tool {

std::variant<reading, mistake> read_metrics(const farcall::json& result) {
    try {
        return result.as<reading>();
    } catch (const farcall::error& why) {
        return mistake{"what the server says of its calls (rpc.metrics) cannot be read: " + why.message(),
                       "does it speak another version of farcall? farcall call URL rpc.metrics shows what it says"};
    }
}

}  // namespace tool
