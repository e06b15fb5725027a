#include <functional>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "../support/measure.hpp"
#include "../support/run_course.hpp"
#include "next_call.hpp"
#include "subjects.hpp"

namespace bench {

namespace {

/// Callbacks on the caller's io_context; `change` makes another proxy of the plain one.
template <class Change>
void on_context(const load& which, Change change) {
    with_operation(which, [&](const auto& operation) {
        using operation_type = std::decay_t<decltype(operation)>;
        using proxy = typename operation_type::proxy;
        boost::asio::io_context context{1};
        std::vector<proxy> proxies;
        for (std::size_t i = 0; i < which.connections; ++i) proxies.push_back(change(proxy{context, which.url()}));
        measure(which, [&](course& calls) {
            run_course(context, calls, [&] {
                for (const proxy& one : proxies)
                    for (std::size_t i = 0; i < which.in_flight; ++i) next_call<operation_type>{&operation, &one, &calls}.start();
            });
        });
    });
}

}  // namespace

void farcall_context(const load& which) { on_context(which, std::identity{}); }

void farcall_no_deadline(const load& which) {
    on_context(which, [](const auto& plain) { return farcall::with(plain, farcall::no_timeout); });
}

}  // namespace bench
