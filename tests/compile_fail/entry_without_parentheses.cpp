// expect: Calculator: every entry is (method, signature, attributes...), as in (add, int(int a, int b), farcall::readonly), and not add
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int a)))
#else
RPC_SERVICE(Calculator, add, int(int a))
#endif
