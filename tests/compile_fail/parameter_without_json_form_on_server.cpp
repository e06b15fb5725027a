// expect: Calculator.save: a type has no JSON form, see the compiler's note for which and why: void(int id, const value& what)
// expect-g++: graph.nodes[].next: a raw pointer has no JSON form
// expect-g++: farcall::parameter<1, farcall::fixed_string<5>{"what"}>
#include <farcall/server.hpp>

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

RPC_SERVICE(Calculator, (add, int(int a, int b)), (save, void(int id, const value& what)))

struct calculator {
    int add(int a, int b) const { return a + b; }
    void save(int, const value&) {}
};

int main() {
    farcall::server server;
    server.add<Calculator>(calculator{});
}
