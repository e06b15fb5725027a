#pragma once

#include "../support/course.hpp"
#include "operations.hpp"

namespace bench {

/// A completion handler that starts the next call, until the course is over.
template <class Operation>
struct next_call {
    const Operation* operation;
    const typename Operation::proxy* to;
    course* calls;

    void start() const {
        if (calls->start_one()) operation->start(*to, *this);
    }
    void operator()(const farcall::result<typename Operation::result>& got) const {
        expect(operation->right(got.value()));
        calls->end_one();
        start();
    }
};

}  // namespace bench
