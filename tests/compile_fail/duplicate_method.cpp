// expect: Calculator.add is declared twice; give one of the two another name
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int a)), (subtract, int(int a)), (add_real, double(double a)))
#else
RPC_SERVICE(Calculator, (add, int(int a)), (subtract, int(int a)), (add, double(double a)))
#endif
