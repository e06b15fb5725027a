// expect: Calculator.sum: a parameter is a raw pointer (or an array or function, which become one)
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (sum, int(int value)))
#else
RPC_SERVICE(Calculator, (sum, int(int values[3])))
#endif
