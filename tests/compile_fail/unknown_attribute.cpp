// expect: Calculator.add: a type behind the signature is no attribute (they derive from farcall::attribute): int(int a), mine
#include <farcall/service.hpp>

struct mine {};
struct ours : farcall::attribute {};

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int a), ours))
#else
RPC_SERVICE(Calculator, (add, int(int a), mine))
#endif
