// expect: Calculator: declares no methods; add at least one, as in (ping, void())
#include <farcall/service.hpp>

#if defined(TWIN)
RPC_SERVICE(Calculator, (ping, void()))
#else
RPC_SERVICE(Calculator)
#endif
