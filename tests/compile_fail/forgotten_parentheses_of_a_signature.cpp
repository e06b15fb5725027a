// expect: Calculator.add: a type behind the signature is no attribute
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int a, int b)))
#else
RPC_SERVICE(Calculator, (add, int(int a), int(int b)))
#endif
