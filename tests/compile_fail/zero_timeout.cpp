// expect: Calculator.add: timeout_ms<> must be above 0: int(int a), farcall::timeout_ms<0>
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int a), farcall::timeout_ms<1>))
#else
RPC_SERVICE(Calculator, (add, int(int a), farcall::timeout_ms<0>))
#endif
