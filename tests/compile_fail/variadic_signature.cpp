// expect: Calculator.add: write the signature without const, noexcept, & and ... behind it: int(int a, ...)
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int a)))
#else
RPC_SERVICE(Calculator, (add, int(int a, ...)))
#endif
