#include <future>

#include "../support/measure.hpp"
#include "next_call.hpp"
#include "subjects.hpp"

namespace bench {

namespace {

/// The last of the calls in flight tells the thread that waits.
template <class Operation>
struct next_or_told : next_call<Operation> {
    std::promise<void>* ended;

    void start() const {
        if (this->calls->start_one()) this->operation->start(*this->to, *this);
    }
    void operator()(const farcall::result<typename Operation::result>& got) const {
        expect(this->operation->right(got.value()));
        this->calls->end_one();
        start();
        if (this->calls->ended()) ended->set_value();
    }
};

}  // namespace

/// Callbacks on the client's own thread.
void farcall_callback(const load& which) {
    if (which.connections != 1) throw std::invalid_argument{"farcall-callback has one connection"};
    with_operation(which, [&](const auto& operation) {
        using operation_type = std::decay_t<decltype(operation)>;
        const typename operation_type::proxy to{which.url()};
        operation.start(to);
        measure(which, [&](course& calls) {
            std::promise<void> ended;
            // Everything happens on the client's thread: the first call's completion starts the others.
            operation.start(to, [&](const farcall::result<typename operation_type::result>&) {
                const next_or_told<operation_type> next{{&operation, &to, &calls}, &ended};
                for (std::size_t i = 0; i < which.in_flight; ++i) next.start();
            });
            ended.get_future().wait();
        });
    });
}

}  // namespace bench
