#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <farcall/endpoint.hpp>
#include <farcall/error.hpp>
#include <farcall/detail/name_lookup.hpp>
#include <farcall/observe/otlp_http_exporter.hpp>
#include <farcall/observe/otlp_json.hpp>
#include <farcall/observe/otlp_reply.hpp>

namespace farcall {
namespace detail {

/// The queue, and the coroutine that empties it: it runs as long as there is something to send.
class otlp_sender : public std::enable_shared_from_this<otlp_sender> {
public:
    otlp_sender(boost::asio::any_io_executor executor, otlp_http_options options)
        : strand_(boost::asio::make_strand(executor)), wake_(strand_), limit_(strand_), socket_(strand_),
          found_(strand_), options_(std::move(options)) {
        const result<endpoint> server = parse_endpoint(options_.url);
        if (!server) server.error().raise();
        if (server->scheme != "http")
            throw error{status::invalid_argument,
                        "traces go to an OpenTelemetry collector over HTTP: http://host:4318, not " + options_.url};
        server_ = *server;
        if (server_.path.empty() || server_.path == "/") server_.path = "/v1/traces";
        options_.queue = std::max<std::size_t>(options_.queue, 1);
        options_.batch = std::clamp<std::size_t>(options_.batch, 1, options_.queue);
        options_.resource.insert(options_.resource.begin(), {"service.name", options_.service});
    }

    void add(span made) {
        std::unique_lock lock{mutex_};
        if (stopping_ || waiting_.size() >= options_.queue) {
            dropped_.fetch_add(1, std::memory_order_relaxed);
            return;
        }
        waiting_.push_back(std::move(made));
        const bool start = !std::exchange(running_, true);
        const bool full = waiting_.size() == options_.batch;
        lock.unlock();
        if (start)
            boost::asio::co_spawn(strand_, run(shared_from_this()), boost::asio::detached);
        else if (full)
            wake();
    }

    void flush() {
        {
            const std::lock_guard lock{mutex_};
            hurry_ = running_;
        }
        wake();
    }

    /// Sends what is there, for so long at most; then nothing more is taken or sent.
    void stop(std::chrono::milliseconds patience) {
        std::unique_lock lock{mutex_};
        stopping_ = hurry_ = true;
        lock.unlock();
        wake();
        lock.lock();
        idle_.wait_for(lock, patience, [&] { return !running_; });
        over_ = true;
        drop_all();
        const auto lookup = std::exchange(lookup_, nullptr);
        lock.unlock();
        if (lookup) lookup->abandon();
        // Who is being told that spans are lost is not told any more when this returns.
        { const std::lock_guard told{telling_}; }
        boost::asio::post(strand_, [self = shared_from_this()] { self->interrupt(); });
    }

    otlp_http_exporter::counts counted() const noexcept {
        return {sent_.load(std::memory_order_relaxed), dropped_.load(std::memory_order_relaxed),
                rejected_.load(std::memory_order_relaxed), lost_.load(std::memory_order_relaxed)};
    }

private:
    using tcp = boost::asio::ip::tcp;
    template <class T = void>
    using awaitable = boost::asio::awaitable<T>;
    using code = boost::system::error_code;

    static auto into(code& failure) { return boost::asio::redirect_error(boost::asio::use_awaitable, failure); }

    void wake() {
        boost::asio::post(strand_, [self = shared_from_this()] { self->wake_.cancel(); });
    }

    void interrupt() {
        code ignored;
        interrupted_ = true;
        wake_.cancel();
        found_.cancel();
        socket_.close(ignored);
    }

    void drop_all() {
        dropped_.fetch_add(waiting_.size(), std::memory_order_relaxed);
        waiting_.clear();
    }

    bool over() {
        const std::lock_guard lock{mutex_};
        return over_;
    }

    static awaitable<> run(std::shared_ptr<otlp_sender> self) {
        code ignored;
        while (true) {
            if (!self->in_a_hurry()) {
                self->wake_.expires_after(self->options_.delay);
                co_await self->wake_.async_wait(into(ignored));
            }
            const std::vector<span> batch = self->take();
            if (batch.empty()) co_return;
            co_await self->deliver(batch);
        }
    }

    bool in_a_hurry() {
        const std::lock_guard lock{mutex_};
        return hurry_ || waiting_.size() >= options_.batch;
    }

    /// The next ones to send; none: the coroutine has ended.
    std::vector<span> take() {
        const std::lock_guard lock{mutex_};
        const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(options_.batch, waiting_.size()));
        std::vector<span> batch(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
        waiting_.erase(waiting_.begin(), end);
        if (batch.empty()) {
            running_ = hurry_ = false;
            idle_.notify_all();
        }
        return batch;
    }

    awaitable<> deliver(const std::vector<span>& batch) {
        const std::string body = otlp_traces(options_.resource, batch);
        std::string why;
        std::chrono::milliseconds pause = options_.pause;
        for (unsigned attempt = 1;; ++attempt) {
            const otlp_reply reply = co_await post(body, why);
            if (reply.taken()) {
                const std::uint64_t rejected = std::min<std::uint64_t>(reply.rejected, batch.size());
                rejected_.fetch_add(rejected, std::memory_order_relaxed);
                sent_.fetch_add(batch.size() - rejected, std::memory_order_relaxed);
                co_return;
            }
            if (reply.status != 0) why = "the collector answers HTTP " + std::to_string(reply.status);
            const bool may_pass = reply.status == 0 || reply.may_pass();
            if (!may_pass || attempt >= options_.attempts || over()) break;
            co_await rest(reply.retry_after ? std::chrono::milliseconds{*reply.retry_after} : jittered(pause));
            pause *= 2;
            if (over()) break;
        }
        lost_.fetch_add(batch.size(), std::memory_order_relaxed);
        tell_lost(why, batch.size());
    }

    void tell_lost(std::string_view why, std::size_t spans) {
        const std::lock_guard telling{telling_};
        if (options_.lost && !over()) options_.lost(why, spans);
    }

    /// Between half of it and all of it.
    std::chrono::milliseconds jittered(std::chrono::milliseconds pause) {
        return std::chrono::milliseconds{std::uniform_int_distribution<std::int64_t>{pause.count() / 2, pause.count()}(jitter_)};
    }

    /// A pause that only `stop` cuts short, and not a batch that has become full.
    awaitable<> rest(std::chrono::milliseconds time) {
        code ignored;
        const auto end = std::chrono::steady_clock::now() + time;
        while (!over() && std::chrono::steady_clock::now() < end) {
            wake_.expires_at(end);
            co_await wake_.async_wait(into(ignored));
        }
    }

    /// One request on a connection of its own. The status is zero, and `why` says why, if there is no answer.
    awaitable<otlp_reply> post(const std::string& body, std::string& why) {
        const std::uint64_t number = ++request_;
        bool late = false;
        interrupted_ = false;
        limit_.expires_after(options_.timeout);
        limit_.async_wait([&late, self = shared_from_this(), number](code failure) {
            // When the request has ended, `late` is gone: a later number says so.
            if (failure || self->request_ != number) return;
            late = true;
            self->interrupt();
        });
        code failure;
        const otlp_reply reply = co_await exchange(body, failure);
        ++request_;
        limit_.cancel();
        code ignored;
        socket_.close(ignored);
        if (reply.status == 0)
            why = options_.url + ": " + (late ? "no answer within " + std::to_string(options_.timeout.count()) + " ms"
                                              : failure ? failure.message() : "what answers speaks no HTTP");
        co_return reply;
    }

    awaitable<otlp_reply> exchange(const std::string& body, code& failure) {
        const name_lookup::endpoints found = co_await look_up(failure);
        if (failure) co_return otlp_reply{};
        co_await boost::asio::async_connect(socket_, found, into(failure));
        if (failure) co_return otlp_reply{};
        const std::string head = request_head(body.size());
        const std::array<boost::asio::const_buffer, 2> request{boost::asio::buffer(head), boost::asio::buffer(body)};
        co_await boost::asio::async_write(socket_, request, into(failure));
        // Who refuses a request may answer before all of it was sent.
        std::string received;
        constexpr std::size_t most = 65'536;
        while (received.size() < most) {
            const std::size_t before = received.size();
            received.resize(before + 4'096);
            code ended;
            const std::size_t count =
                co_await socket_.async_read_some(boost::asio::buffer(received.data() + before, 4'096), into(ended));
            received.resize(before + count);
            if (const auto reply = read_otlp_reply(received, bool{ended})) {
                if (!failure && ended != boost::asio::error::eof) failure = ended;
                co_return *reply;
            }
        }
        co_return otlp_reply{};
    }

    awaitable<name_lookup::endpoints> look_up(code& failure) {
        code no_number;
        const auto address = boost::asio::ip::make_address(server_.host, no_number);
        name_lookup::endpoints all;
        if (!no_number) {
            all.emplace_back(address, server_.port);
            co_return all;
        }
        const auto lookup = current_lookup();
        code ignored;
        while (lookup && !lookup->ended() && !interrupted_) {
            found_.expires_at(std::chrono::steady_clock::time_point::max());
            co_await found_.async_wait(into(ignored));
        }
        if (!lookup || !lookup->ended()) {
            failure = boost::asio::error::operation_aborted;
            co_return all;
        }
        {
            const std::lock_guard lock{mutex_};
            lookup_ = nullptr;
        }
        co_return lookup->found(failure);
    }

    /// The one that an attempt before has left, so that there is one at most; null: nothing is sent any more.
    std::shared_ptr<name_lookup> current_lookup() {
        const std::lock_guard lock{mutex_};
        if (!lookup_ && !over_)
            lookup_ = name_lookup::begin(server_.host, std::to_string(server_.port), [this] {
                // It is abandoned before this goes.
                boost::asio::post(strand_, [self = shared_from_this()] { self->found_.cancel(); });
            });
        return lookup_;
    }

    std::string request_head(std::size_t bytes) const {
        const bool six = server_.host.find(':') != std::string::npos;
        std::string head = "POST " + server_.path + " HTTP/1.1\r\nHost: " + (six ? "[" + server_.host + "]" : server_.host) +
                           ":" + std::to_string(server_.port) +
                           "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
                           std::to_string(bytes) + "\r\n";
        for (const auto& [name, value] : options_.headers) head += name + ": " + value + "\r\n";
        return head + "\r\n";
    }

    boost::asio::strand<boost::asio::any_io_executor> strand_;
    boost::asio::steady_timer wake_;
    boost::asio::steady_timer limit_;
    tcp::socket socket_;
    boost::asio::steady_timer found_;  ///< ends when a name has been looked up
    otlp_http_options options_;
    endpoint server_;
    std::uint64_t request_ = 0;
    bool interrupted_ = false;  ///< the present request was given up
    std::minstd_rand jitter_{std::random_device{}()};

    std::recursive_mutex telling_;  ///< held while `lost` runs, which may destroy the exporter
    std::mutex mutex_;
    std::condition_variable idle_;
    std::shared_ptr<name_lookup> lookup_;  ///< of which nobody has seen the end
    std::vector<span> waiting_;
    bool running_ = false;   ///< the coroutine is there, or about to be
    bool hurry_ = false;     ///< what waits is sent without waiting for more
    bool stopping_ = false;  ///< nothing more is taken
    bool over_ = false;      ///< nothing more is sent
    std::atomic<std::uint64_t> sent_{0}, dropped_{0}, rejected_{0}, lost_{0};
};

/// A thread that runs nothing but the sender.
class otlp_thread {
public:
    otlp_thread() : thread_([this] { context_.run(); }) {}
    ~otlp_thread() { join(); }

    boost::asio::any_io_executor executor() { return context_.get_executor(); }
    void join() {
        work_.reset();
        context_.stop();
        if (thread_.joinable()) thread_.join();
    }

private:
    boost::asio::io_context context_{1};
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_{context_.get_executor()};
    std::thread thread_;
};

}  // namespace detail

FARCALL_DECL otlp_http_exporter::otlp_http_exporter(otlp_http_options options) {
    const auto last_wait = options.last_wait;
    if (!options.executor) thread_ = std::make_unique<detail::otlp_thread>();
    const auto executor = thread_ ? thread_->executor() : *options.executor;
    last_wait_ = thread_ ? last_wait : std::chrono::milliseconds{0};
    sender_ = std::make_shared<detail::otlp_sender>(executor, std::move(options));
}

FARCALL_DECL otlp_http_exporter::~otlp_http_exporter() {
    sender_->stop(last_wait_);
    if (!thread_) return;
    // The sender's sockets and timers end before the event loop that they are of.
    thread_->join();
    sender_.reset();
}

FARCALL_DECL void otlp_http_exporter::ended(span made) { sender_->add(std::move(made)); }
FARCALL_DECL void otlp_http_exporter::flush() { sender_->flush(); }
FARCALL_DECL otlp_http_exporter::counts otlp_http_exporter::counted() const { return sender_->counted(); }

}  // namespace farcall
