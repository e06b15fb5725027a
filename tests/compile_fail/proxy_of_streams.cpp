// expect: Calculator.mean: streams are not available in this version of farcall; remove it or return a std::vector: double(farcall::stream<double> values)
#include "../unit/service/recording_core.hpp"

RPC_SERVICE(Calculator, (mean, double(farcall::stream<double> values)), (add, int(int a, int b)))

int main() {
    Calculator::basic_proxy<recording> proxy{"tcp://host:1"};
#if defined(TWIN)
    return proxy.add(1, 2);  // the declaration and its other methods may be used
#else
    proxy.mean(1.5);
#endif
}
