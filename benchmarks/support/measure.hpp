#pragma once

#include <exception>
#include <list>
#include <thread>
#include <utility>
#include <vector>

#include "course.hpp"

namespace bench {

/// `run(course&)` makes all calls of one worker: first to warm up, then to measure.
template <class Run>
void measure(const load& which, Run&& run) {
    const bool timed = which.in_flight * which.connections == 1;
    outcome found;
    course warm_up{which.warm_up(), timed};
    run(warm_up);
    found.add_warm_up(warm_up);
    found.begin();
    course measured{which, timed};
    run(measured);
    found.end();
    found.add(measured);
    found.print();
}

/// `run(courses)` makes the calls of `workers` workers that each make one call at a time.
template <class Run>
void measure_workers(const load& which, std::size_t workers, Run&& run) {
    const auto courses = [&](const load& of) {
        std::list<course> all;
        for (std::size_t i = 0; i < workers; ++i) all.emplace_back(of.share_of(workers), true);
        return all;
    };
    outcome found;
    std::list<course> warm_up = courses(which.warm_up());
    run(warm_up);
    for (const course& one : warm_up) found.add_warm_up(one);
    found.begin();
    std::list<course> measured = courses(which);
    run(measured);
    found.end();
    for (const course& one : measured) found.add(one);
    found.print();
}

/// `call(number)` is called again and again by `which.threads` threads, the thread's number given.
template <class Call>
void measure_threads(const load& which, Call&& call) {
    measure_workers(which, which.threads, [&](std::list<course>& courses) {
        std::vector<std::exception_ptr> failures(courses.size());
        std::vector<std::thread> threads;
        const auto work = [&](std::size_t number, course& mine) {
            try {
                while (mine.start_one()) {
                    call(number);
                    mine.end_one();
                }
            } catch (...) {
                failures[number] = std::current_exception();
            }
        };
        std::size_t number = 0;
        for (course& one : courses) {
            // One thread is the caller's own: it measures no thread.
            if (courses.size() == 1)
                work(0, one);
            else
                threads.emplace_back([&work, &one, number] { work(number, one); });
            ++number;
        }
        for (std::thread& one : threads) one.join();
        for (const std::exception_ptr& failure : failures)
            if (failure) std::rethrow_exception(failure);
    });
}

}  // namespace bench
