// expect: Calculator.negate: the handler lacks a member function 'negate' callable as int(int a)
#include <farcall/service.hpp>
#include <farcall/service/functions.hpp>

RPC_SERVICE(Calculator, (add, int(int a, int b)), (negate, int(int a)))

int add(int a, int b) { return a + b; }

#if defined(TWIN)
[[maybe_unused]] farcall::functions handler{farcall::on<"add">(&add), farcall::on<"negate">([](int a) { return -a; })};
#else
[[maybe_unused]] farcall::functions handler{farcall::on<"add">(&add)};
#endif

static_assert(farcall::detail::check_handler<Calculator, decltype(handler)>());
