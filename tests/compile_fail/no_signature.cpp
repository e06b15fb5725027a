// expect: Calculator.add: behind the name stands the signature, as in int(int a, int b), and there is none
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int()))
#else
RPC_SERVICE(Calculator, (add))
#endif
