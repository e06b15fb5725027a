#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <farcall/client.hpp>

#include "../support/calculator.hpp"
#include "../support/check.hpp"
#include "../support/echo.hpp"
#include "../support/load.hpp"

namespace bench {

/// An operation is a method with arguments to call it by: `proxy` is whose method it is, `start(proxy, token...)` makes a
/// call, and `check(result)` says that it was answered rightly, as far as that can be seen in no time.
struct add_operation {
    using proxy = Calculator::proxy;
    using result = int;
    template <class... Token>
    decltype(auto) start(const proxy& to, Token&&... token) const {
        return to.add(5, 3, std::forward<Token>(token)...);
    }
    static bool right(int sum) { return sum == 8; }
};

struct once_operation : add_operation {
    template <class... Token>
    decltype(auto) start(const proxy& to, Token&&... token) const {
        return to.add_once(5, 3, std::forward<Token>(token)...);
    }
};

struct record_operation {
    using proxy = Echo::proxy;
    using result = bench::record;
    bench::record value = sample_record();
    template <class... Token>
    decltype(auto) start(const proxy& to, Token&&... token) const {
        return to.record(value, std::forward<Token>(token)...);
    }
    bool right(const bench::record& got) const { return got == value; }
};

struct text_operation {
    using proxy = Echo::proxy;
    using result = std::string;
    std::string value = sample_text();
    template <class... Token>
    decltype(auto) start(const proxy& to, Token&&... token) const {
        return to.text(value, std::forward<Token>(token)...);
    }
    bool right(const std::string& got) const { return got.size() == value.size() && got.back() == value.back(); }
};

struct doubles_operation {
    using proxy = Echo::proxy;
    using result = std::vector<double>;
    std::vector<double> values = sample_doubles();
    template <class... Token>
    decltype(auto) start(const proxy& to, Token&&... token) const {
        return to.doubles(values, std::forward<Token>(token)...);
    }
    bool right(const std::vector<double>& got) const { return got.size() == values.size() && got.back() == values.back(); }
};

struct packed_operation {
    using proxy = Echo::proxy;
    using result = farcall::packed<std::vector<double>>;
    result values = sample_doubles();
    template <class... Token>
    decltype(auto) start(const proxy& to, Token&&... token) const {
        return to.packed(values, std::forward<Token>(token)...);
    }
    bool right(const result& got) const { return got->size() == values->size() && got->back() == values->back(); }
};

/// Calls `run(operation)` with the one that a load names.
template <class Run>
void with_operation(const load& which, Run&& run) {
    if (which.call == "add") return run(add_operation{});
    if (which.call == "once") return run(once_operation{});
    if (which.call == "record") return run(record_operation{});
    if (which.call == "text") return run(text_operation{});
    if (which.call == "doubles") return run(doubles_operation{});
    if (which.call == "decimals") return run(doubles_operation{sample_decimals()});
    if (which.call == "packed") return run(packed_operation{});
    throw std::invalid_argument{"no call " + which.call};
}

}  // namespace bench
