#pragma once

#include <concepts>
#include <memory>
#include <utility>

#include <farcall/observe/span.hpp>

namespace farcall {

namespace detail {

template <class T>
concept hears_of_begun_spans = requires(T& object, const span& begun) { object.began(begun); };

}  // namespace detail

/// A class whose objects take the spans of traces elsewhere: to a collector, a file, a test.
///
/// To write your own:
/// 1. give a class `void ended(farcall::span span)`; it needs no base. Every sampled span comes once, when it has ended;
///    children come before their parents, as far as both end in this process;
/// 2. optionally `void began(const farcall::span& span)`: the same span at its begin, without times, status and what is
///    only known at its end;
/// 3. do not block: both run on the thread that does the I/O, on several at a time in a server with more than one. Keep
///    what comes in a bounded queue, drop and count what is too much. What they throw is ignored.
/// @see observe/print_tree.hpp, observe/otlp_http_exporter.hpp
template <class T>
concept exporting_spans = requires(T& object, span made) { object.ended(std::move(made)); };

namespace detail {

/// An exporter without its type.
class span_taker {
public:
    virtual ~span_taker() = default;
    virtual void began(const span& begun) noexcept = 0;
    virtual void ended(span made) noexcept = 0;
};

template <class T>
class typed_span_taker final : public span_taker {
public:
    explicit typed_span_taker(std::shared_ptr<T> object) : object_(std::move(object)) {}

    void began([[maybe_unused]] const span& begun) noexcept override {
        if constexpr (hears_of_begun_spans<T>) try {
                object_->began(begun);
            } catch (...) {
                // An exporter's trouble is none of the call's.
            }
    }
    void ended(span made) noexcept override {
        try {
            object_->ended(std::move(made));
        } catch (...) {
            // The same.
        }
    }

private:
    std::shared_ptr<T> object_;
};

}  // namespace detail

/// One object that takes spans, whatever its class; for `farcall::tracing`.
///
/// @par Thread safety  Copies share the object.
class span_exporter {
public:
    /// Moves `object` into the exporter.
    template <class T>
        requires(!std::same_as<T, span_exporter>) && exporting_spans<T> && std::move_constructible<T>
    span_exporter(T object) : span_exporter(std::make_shared<T>(std::move(object))) {}

    /// Shares `object`, which the application can look at, too.
    template <exporting_spans T>
    span_exporter(std::shared_ptr<T> object) : taker_(std::make_shared<detail::typed_span_taker<T>>(std::move(object))) {}

    /// @{ What is told; for those who trace.
    void began(const span& begun) const noexcept { taker_->began(begun); }
    void ended(span made) const noexcept { taker_->ended(std::move(made)); }
    /// @}

private:
    std::shared_ptr<detail::span_taker> taker_;
};

}  // namespace farcall
