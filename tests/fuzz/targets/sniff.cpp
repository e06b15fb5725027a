#include <farcall/protocol/sniff.hpp>

#include "fuzz/check.hpp"
#include "fuzz/targets.hpp"
#include "unit/protocol/exact_text.hpp"

void fuzz::sniff(std::string_view input) {
    using farcall::detail::wire_protocol;
    input = input.substr(0, 600);
    wire_protocol decided = wire_protocol::undecided;
    for (std::size_t size = 1; size <= input.size(); ++size) {
        const wire_protocol now = farcall::detail::sniff(farcall::testing::exact_text{input.substr(0, size)});
        check(decided == wire_protocol::undecided || now == decided, "more bytes do not change what was decided");
        decided = now;
    }
}
