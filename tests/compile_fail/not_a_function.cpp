// expect: Calculator.add: behind the name stands its signature, as in int(int a, int b), and not int, farcall::readonly
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(), farcall::readonly))
#else
RPC_SERVICE(Calculator, (add, int, farcall::readonly))
#endif
