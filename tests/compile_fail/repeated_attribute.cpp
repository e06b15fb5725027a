// expect: Calculator.add: attributes contradict or repeat one another
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int a), farcall::throws<int>, farcall::throws<long>))
#else
RPC_SERVICE(Calculator, (add, int(int a), farcall::timeout_ms<10>, farcall::timeout_ms<20>))
#endif
