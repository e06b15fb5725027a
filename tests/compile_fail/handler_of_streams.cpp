// expect: Calculator.count: streams are not available in this version of farcall; remove it or return a std::vector: farcall::stream<int>(int to)
#include <farcall/service.hpp>

#include <vector>

#if defined(TWIN)
RPC_SERVICE(Calculator, (count, std::vector<int>(int to)))
#else
RPC_SERVICE(Calculator, (count, farcall::stream<int>(int to)))
#endif

struct calculator {
    std::vector<int> count(int to) { return {to}; }
};

static_assert(farcall::detail::check_handler<Calculator, calculator>());
