#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/detail/config.hpp>
#include <farcall/observe/span_exporter.hpp>

namespace farcall {

/// How a trace's spans read as a tree, a line each: name, side, time, and what a failed one ended with.
///
/// @param spans  of one trace, in any order; one whose parent is not among them stands at the left
/// @returns several lines, each with a line feed; control characters of peers are written as '?'
FARCALL_DECL std::string span_tree(const std::vector<span>& spans);

/// Takes spans and prints each trace as a tree: for a look at what calls what, in a terminal or a test.
/// @code
///     trace 0af7651916cd43dd8448eb211c80319c
///     Shop.order             client  31.2 ms
///     └─ Shop.order          server  30.1 ms
///        ├─ Stock.reserve    client  10.4 ms
/// @endcode
/// A tree is printed when nothing of its trace is under way in this process any more; what belongs to it in other
/// processes is printed there, with the same id above it.
/// @par Thread safety  Safe. Copies share what they hold.
class print_tree {
public:
    /// Takes a whole tree, or several.
    using sink = std::function<void(std::string_view text)>;

    /// @param out         is called by whatever thread ends the last span, one call at a time; must not make calls that
    ///                    are traced to this. Null: standard error
    /// @param most_spans  of all traces under way; when there are more, what has ended of a trace is printed at once
    FARCALL_DECL explicit print_tree(sink out = nullptr, std::size_t most_spans = 10'000);

    /// @{ See `exporting_spans`.
    FARCALL_DECL void began(const span& begun);
    FARCALL_DECL void ended(span made);
    /// @}

private:
    struct state;
    std::shared_ptr<state> state_;
};

static_assert(exporting_spans<print_tree>);

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/observe/impl/print_tree.ipp>
#endif
