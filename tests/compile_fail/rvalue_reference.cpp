// expect: Calculator.add: a parameter is a reference that is not const
// expect: std::string&& text
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(std::string text)))
#else
RPC_SERVICE(Calculator, (add, int(std::string&& text)))
#endif
