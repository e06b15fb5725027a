#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>

#include <farcall/detail/config.hpp>
#include <farcall/observe/counter.hpp>
#include <farcall/observe/histogram.hpp>
#include <farcall/observe/outcome_counters.hpp>
#include <farcall/server/call_account.hpp>
#include <farcall/server/connection_protocol.hpp>

namespace farcall::detail {

/// The counters of one method on one I/O thread.
struct method_counters {
    histogram latency;
    histogram queue;
    outcome_counters outcomes;
    counter bytes_in;
    counter bytes_out;
    counter in_flight;
};

/// Everything that one I/O thread of a server counts.
///
/// A slot a method, and two for names that are no method of the application: what a thread never counted takes no
/// memory but a pointer.
/// @par Thread safety  What counts belongs to the thread, or to the executor where the server has one of the user's; what
///                     only reads is safe.
class worker_metrics {
public:
    /// @{ The slots in front of those of `method_entry::number`.
    static constexpr std::size_t unknown_slot = 0;
    static constexpr std::size_t reserved_slot = 1;
    static constexpr std::size_t first_method = 2;
    /// @}

    /// @param methods  how many the server has
    explicit worker_metrics(std::size_t methods)
        : methods_(std::make_unique<std::atomic<method_counters*>[]>(first_method + methods)),
          slots_(first_method + methods) {}
    worker_metrics(const worker_metrics&) = delete;
    worker_metrics& operator=(const worker_metrics&) = delete;
    FARCALL_DECL ~worker_metrics();

    static std::size_t slot_of(const call_account& call) noexcept {
        return call.method != nullptr ? first_method + call.method->number
               : call.reserved        ? reserved_slot
                                      : unknown_slot;
    }

    /// @{ A call's handler runs on this thread, and has returned.
    void running(const call_account& call) noexcept { running_.store(slot_of(call) + 1, std::memory_order_relaxed); }
    void returned() noexcept { running_.store(0, std::memory_order_relaxed); }
    /// @}

    /// @{ A call will be answered later, and has ended after that. Its handler may run on, but is counted once.
    void deferred(const call_account& call) {
        of(call).in_flight.add();
        if (runs(slot_of(call))) returned();
    }
    void left(const call_account& call) { of(call).in_flight.subtract(); }
    /// @}

    /// A call has ended.
    [[gnu::always_inline]] void ended(const call_account& call, time_point now) {
        if (call.refused) [[unlikely]] return protocol_errors_.add();
        method_counters& counts = of(call);
        counts.latency.record(call.time(now));
        counts.queue.record(call.queued());
        counts.bytes_in.add(call.bytes_in);
        counts.bytes_out.add(call.bytes_out);
        counts.outcomes.add(call.status);
        if (call.late) late_.add();
        if (call.replayed) replayed_.add();
        if (call.repeated) repeated_.add();
    }
    /// A message came that is no request.
    void refused() noexcept { protocol_errors_.add(); }

    /// @{ A connection was accepted, has said what it speaks, has ended.
    void opened() noexcept { connections(connection_protocol::undecided).open.add(); }
    void speaks(connection_protocol before, connection_protocol now) noexcept {
        connections(before).open.subtract();
        connections(now).open.add();
        connections(now).total.add();
    }
    void closed(connection_protocol spoke) noexcept {
        connections(spoke).open.subtract();
        // Only now it is known that it will never say.
        if (spoke == connection_protocol::undecided) connections(spoke).total.add();
    }
    /// @}

    /// @{ For whoever reads. Null: never counted.
    const method_counters* method(std::size_t slot) const noexcept {
        return methods_[slot].load(std::memory_order_acquire);
    }
    /// Whether the thread runs a handler of that slot just now.
    bool runs(std::size_t slot) const noexcept { return running_.load(std::memory_order_relaxed) == slot + 1; }
    std::uint64_t open(connection_protocol which) const noexcept { return connections(which).open.get(); }
    std::uint64_t total(connection_protocol which) const noexcept { return connections(which).total.get(); }
    std::uint64_t protocol_errors() const noexcept { return protocol_errors_.get(); }
    std::uint64_t late() const noexcept { return late_.get(); }
    std::uint64_t replayed() const noexcept { return replayed_.get(); }
    std::uint64_t repeated() const noexcept { return repeated_.get(); }
    /// @}

private:
    method_counters& of(const call_account& call) {
        const std::size_t slot = slot_of(call);
        method_counters* found = methods_[slot].load(std::memory_order_relaxed);
        return found != nullptr ? *found : first(slot);
    }
    FARCALL_DECL method_counters& first(std::size_t slot);

    struct connection_counters {
        counter open;
        counter total;
    };
    const connection_counters& connections(connection_protocol which) const noexcept {
        return connections_[static_cast<std::size_t>(which)];
    }
    connection_counters& connections(connection_protocol which) noexcept {
        return connections_[static_cast<std::size_t>(which)];
    }

    std::unique_ptr<std::atomic<method_counters*>[]> methods_;  ///< owned
    std::size_t slots_;
    std::atomic<std::size_t> running_{0};  ///< slot of the handler that runs, plus one
    std::array<connection_counters, connection_protocols.size()> connections_{};
    counter protocol_errors_;
    counter late_;
    counter replayed_;
    counter repeated_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/worker_metrics.ipp>
#endif
