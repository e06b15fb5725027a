// expect: Calculator.apply: a parameter is a raw pointer
#include <farcall/service.hpp>

struct point {
    int x;
};

#if defined(TWIN)
RPC_SERVICE(Calculator, (apply, int(point p)))
#else
RPC_SERVICE(Calculator, (apply, int(int point::*member)))
#endif
