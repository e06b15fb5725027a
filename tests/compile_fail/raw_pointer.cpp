// expect: Calculator.add: a parameter is a raw pointer
// expect: int(int a, double* values)
// expect-g++: farcall::parameter<1, {"values"}>, double*>
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int a, double value)))
#else
RPC_SERVICE(Calculator, (add, int(int a, double* values)))
#endif
