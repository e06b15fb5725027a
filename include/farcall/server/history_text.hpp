#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <farcall/detail/config.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/server/dispatcher.hpp>
#include <farcall/server/metrics_history.hpp>

namespace farcall::detail {

/// What `rpc.metrics` tells as `history`, as JSON: made once a second, for the last seconds of it are the end of its rows.
///
/// @par Thread safety  Safe: it does not change.
class history_text {
public:
    /// @param methods  in the order in which they are told
    FARCALL_DECL history_text(const metrics_history& kept, const std::vector<const method_entry*>& methods);

    /// See `metrics_history::until`.
    std::uint64_t until() const noexcept { return until_; }
    /// Appends an object that tells of so many seconds, as far as there are, and of the methods that were called in them.
    FARCALL_DECL void append(text_buffer& out, std::size_t wanted) const;

private:
    /// A number a second, with commas between.
    struct row {
        text_buffer text;
        std::vector<std::uint16_t> begins;  ///< of each number; ten minutes of the longest ones are 26 KB
    };
    static constexpr std::array<std::string_view, 5> names{"calls", "failures", "mean_us", "p50_us", "p99_us"};
    struct method {
        std::string_view name;
        std::uint64_t last = 0;  ///< second of its last call
        std::array<row, names.size()> rows{};
    };

    template <class Write>
    row made(Write&& write) const;
    void append(text_buffer& out, const row& all, std::size_t wanted) const;

    std::uint64_t until_;
    std::size_t size_;
    std::vector<method> methods_;
    row connections_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/history_text.ipp>
#endif
