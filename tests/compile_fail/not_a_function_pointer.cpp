// expect: Calculator.add: behind the name stands its signature, as in int(int a, int b), and not int (*)(int)
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int)))
#else
RPC_SERVICE(Calculator, (add, int (*)(int)))
#endif
