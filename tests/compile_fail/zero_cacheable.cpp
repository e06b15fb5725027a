// expect: Calculator.add: cacheable_ms<> must be above 0, and of a method that is farcall::readonly: int(int a), farcall::readonly
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int a), farcall::readonly, farcall::cacheable_ms<1>))
#else
RPC_SERVICE(Calculator, (add, int(int a), farcall::readonly, farcall::cacheable_ms<0>))
#endif
