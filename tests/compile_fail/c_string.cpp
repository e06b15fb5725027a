// expect: Calculator.greet: a parameter is a raw pointer
// expect: std::string for text: int(const char* name)
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (greet, int(const std::string& name)))
#else
RPC_SERVICE(Calculator, (greet, int(const char* name)))
#endif
