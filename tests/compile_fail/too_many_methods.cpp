// expect: Calculator: declares more than 250 methods; split it into several services
#include <farcall/service.hpp>

#define METHOD(n) (m##n, int())
#define TEN(n)                                                                                                      \
    METHOD(n##0), METHOD(n##1), METHOD(n##2), METHOD(n##3), METHOD(n##4), METHOD(n##5), METHOD(n##6), METHOD(n##7), \
        METHOD(n##8), METHOD(n##9)
#define HUNDRED(n) TEN(n##0), TEN(n##1), TEN(n##2), TEN(n##3), TEN(n##4), TEN(n##5), TEN(n##6), TEN(n##7), TEN(n##8), TEN(n##9)

#if defined(TWIN)
RPC_SERVICE(Calculator, HUNDRED(), HUNDRED(1), TEN(20), TEN(21), TEN(22), TEN(23), TEN(24))
#else
RPC_SERVICE(Calculator, HUNDRED(), HUNDRED(1), TEN(20), TEN(21), TEN(22), TEN(23), TEN(24), METHOD(250))
#endif
