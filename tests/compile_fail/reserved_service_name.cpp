// expect: rpc: this name is reserved; choose another for the service (not rpc, not farcall_...)
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(rpcs, (add, int(int a)))
#else
RPC_SERVICE(rpc, (add, int(int a)))
#endif
