// expect: Calculator.load: a type has no JSON form, see the compiler's note for which and why: value(int id)
// expect-g++: graph.nodes[].next: a raw pointer has no JSON form
// expect-g++: farcall::parameter<-1, farcall::fixed_string<7>{"result"}>
#include <farcall/client.hpp>

#include <vector>

struct node {
    int* next;
};
struct graph {
    std::vector<node> nodes;
};
struct tree {
    std::vector<int> nodes;
};

#if defined(TWIN)
using value = tree;
#else
using value = graph;
#endif

RPC_SERVICE(Calculator, (load, value(int id)))

int main() {
    Calculator::proxy proxy{"tcp://127.0.0.1:5000"};
    return static_cast<int>(proxy.load(1).nodes.size());
}
