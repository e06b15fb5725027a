// expect: Calculator.farcall_add: names that begin farcall_ are reserved; choose another for the method
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add_farcall_, int(int a)))
#else
RPC_SERVICE(Calculator, (farcall_add, int(int a)))
#endif
