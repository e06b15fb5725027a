// expect: Calculator.add: a parameter is a reference that is not const; a call carries values only
// expect: int(int a, std::string& text)
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (add, int(int a, const std::string& text)))
#else
RPC_SERVICE(Calculator, (add, int(int a, std::string& text)))
#endif
