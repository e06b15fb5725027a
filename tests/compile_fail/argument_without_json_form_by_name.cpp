// expect: an argument has no JSON form; the compiler's note says which and why
#include <farcall/client.hpp>

struct node {
    int value = 0;
#if defined(TWIN)
    std::shared_ptr<node> next{};
#else
    node* next = nullptr;
#endif
};

int main() { return farcall::client{"tcp://127.0.0.1:5000"}.call<int>("List.sum", node{}); }
