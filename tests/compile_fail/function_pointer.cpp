// expect: Calculator.apply: a parameter is a raw pointer (or an array or function, which become one)
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (apply, int(int f)))
#else
RPC_SERVICE(Calculator, (apply, int(int (*f)(int, int))))
#endif
