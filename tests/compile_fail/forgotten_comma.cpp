// expect: Calculator: every entry is (method, signature, attributes...)
// expect: and not (add, int(int a)) (subtract, int(int a))
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int a)), (subtract, int(int a)))
#else
RPC_SERVICE(Calculator, (add, int(int a)) (subtract, int(int a)))
#endif
