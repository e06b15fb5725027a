#include <cstddef>
#include <cstdint>

#include "fuzz/targets.hpp"

/// The entry of libFuzzer; FARCALL_FUZZ_TARGET is the target's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::FARCALL_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
    return 0;
}
