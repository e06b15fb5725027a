// expect: Calculator.add: alias<> must not be empty nor begin with "rpc."
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int a), farcall::alias<"rpc_add">))
#else
RPC_SERVICE(Calculator, (add, int(int a), farcall::alias<"rpc.add">))
#endif
