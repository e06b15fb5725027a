// expect: Calculator.sum: a signature cannot have default arguments
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (sum, int(std::string text)))
#else
RPC_SERVICE(Calculator, (sum, int(std::string text = {})))
#endif
