// expect: Calculator.add: a signature cannot have default arguments; write the parameter without: int(int a, int b = 1)
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int a, int b)))
#else
RPC_SERVICE(Calculator, (add, int(int a, int b = 1)))
#endif
