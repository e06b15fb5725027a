#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/system_executor.hpp>

namespace farcall::detail {

/// Where the completion handler of a call runs: on its executor, which is kept busy as long as this is there.
///
/// @par Thread safety  Unsafe.
template <class Executor>
class handler_executor {
public:
    explicit handler_executor(const Executor& executor)
        : tracked_(boost::asio::prefer(executor, boost::asio::execution::outstanding_work.tracked)) {}

    /// Whether a handler that is dispatched runs at once, as far as that is known.
    static constexpr bool here() noexcept { return false; }

    /// @{ As Asio's functions; only if it is not `here`.
    template <class Function>
    void dispatch(Function&& function) const {
        boost::asio::dispatch(tracked_, std::forward<Function>(function));
    }
    template <class Function>
    void post(Function&& function) const {
        boost::asio::post(tracked_, std::forward<Function>(function));
    }
    /// @}

private:
    std::decay_t<decltype(boost::asio::prefer(std::declval<const Executor&>(),
                                              boost::asio::execution::outstanding_work.tracked))>
        tracked_;
};

/// What coroutines have: mostly the executor of an `io_context`, behind a wrapper that costs more than all the rest.
template <>
class handler_executor<boost::asio::any_io_executor> {
public:
    explicit handler_executor(const boost::asio::any_io_executor& executor) {
        if (const auto* const known = executor.target<boost::asio::io_context::executor_type>())
            loop_.emplace(boost::asio::require(*known, boost::asio::execution::outstanding_work.tracked));
        else
            other_.emplace(boost::asio::prefer(executor, boost::asio::execution::outstanding_work.tracked));
    }

    bool here() const noexcept { return loop_ && loop_->running_in_this_thread(); }

    template <class Function>
    void dispatch(Function&& function) const {
        if (loop_)
            boost::asio::dispatch(*loop_, std::forward<Function>(function));
        else
            boost::asio::dispatch(*other_, std::forward<Function>(function));
    }
    template <class Function>
    void post(Function&& function) const {
        if (loop_)
            boost::asio::post(*loop_, std::forward<Function>(function));
        else
            boost::asio::post(*other_, std::forward<Function>(function));
    }

private:
    using busy_loop = std::decay_t<decltype(boost::asio::require(
        std::declval<const boost::asio::io_context::executor_type&>(), boost::asio::execution::outstanding_work.tracked))>;

    std::optional<busy_loop> loop_;
    std::optional<boost::asio::any_io_executor> other_;
};

/// The handler has no executor of its own: it is called where the answer is read.
template <>
class handler_executor<boost::asio::system_executor> {
public:
    explicit handler_executor(const boost::asio::system_executor&) noexcept {}
    static constexpr bool here() noexcept { return true; }
};

}  // namespace farcall::detail
