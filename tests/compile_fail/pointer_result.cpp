// expect: Calculator.name: the result is a reference or a pointer; return the value: const char*()
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (name, std::string()))
#else
RPC_SERVICE(Calculator, (name, const char*()))
#endif
