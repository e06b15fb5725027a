// expect: Calculator.add: attributes contradict or repeat one another; exactly_once goes without readonly and idempotent
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int a), farcall::readonly, farcall::idempotent))
#else
RPC_SERVICE(Calculator, (add, int(int a), farcall::readonly, farcall::exactly_once))
#endif
