#pragma once

#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <farcall/error.hpp>
#include <farcall/transport/transport.hpp>

/// @file
/// What `transport.hpp` promises, as tests for any transport:
///
///     struct my_traits {
///         static std::shared_ptr<farcall::transport> make();     // one object for both sides
///         static std::string url();                              // free to listen on, another one each time
///         static std::string nobody();                           // where nobody listens
///     };
///     INSTANTIATE_TYPED_TEST_SUITE_P(mine, transport_suite, my_traits);
///
/// It runs on an `io_context`, or on what `my_traits::loop` is: a type with the members of `asio_loop`.
namespace transport_testing {

using namespace std::chrono_literals;
using boost::system::error_code;
using farcall::byte_stream;
using farcall::io_handler;

/// The end of one operation of a stream.
struct ended {
    error_code failure;
    std::size_t count = 0;
    bool inside = false;  ///< was it told from inside the function that started it?
};

/// An operation that a test has started.
class operation {
public:
    io_handler handler() {
        state_ = std::make_shared<state>();
        return {[](void* self, error_code failure, std::size_t count) {
                    auto& all = *static_cast<state*>(self);
                    ++all.times;
                    all.end = ended{failure, count, all.starting};
                },
                state_.get(), state_};
    }
    /// The function that starts it has returned.
    void started() { state_->starting = false; }
    bool done() const { return state_->end.has_value(); }
    const ended& end() const { return *state_->end; }
    int times() const { return state_->times; }

private:
    struct state {
        std::optional<ended> end;
        bool starting = true;
        int times = 0;
    };
    std::shared_ptr<state> state_;
};

/// What both sides run on.
class asio_loop {
public:
    boost::asio::any_io_executor get_executor() { return context_.get_executor(); }
    /// Runs what comes next, if it comes within some time.
    void run_one() {
        context_.restart();
        context_.run_one_for(100ms);
    }
    /// Runs what comes until nothing has come for a while.
    void settle() {
        context_.restart();
        context_.run_for(10ms);
    }

private:
    boost::asio::io_context context_;
};

template <class Traits>
struct loop_of {
    using type = asio_loop;
};
template <class Traits>
    requires requires { typename Traits::loop; }
struct loop_of<Traits> {
    using type = typename Traits::loop;
};

/// Both ends of one connection, and the loop that they run on.
template <class Traits>
class transport_suite : public ::testing::Test {
protected:
    void listen() {
        listener = transport->listen(farcall::parse_endpoint(Traits::url()).value(), context.get_executor());
    }

    void connect() {
        listen();
        bool inside = true;
        transport->async_connect(listener->local(), context.get_executor(), [&](error_code failure, auto made) {
            EXPECT_FALSE(inside);
            EXPECT_FALSE(failure) << failure.message();
            near = std::move(made);
        });
        listener->async_accept(context.get_executor(), [&](error_code failure, auto made) {
            EXPECT_FALSE(inside);
            EXPECT_FALSE(failure) << failure.message();
            far = std::move(made);
        });
        inside = false;
        run_until([&] { return near && far; });
        ASSERT_TRUE(near && far);
    }

    template <class Predicate>
    bool run_until(Predicate met) {
        const auto until = std::chrono::steady_clock::now() + 20s;
        while (!met() && std::chrono::steady_clock::now() < until) context.run_one();
        return met();
    }
    /// Runs what is ready, for what must not happen.
    void settle() { context.settle(); }

    operation start_read(byte_stream& stream, std::string& into) {
        operation made;
        io_handler handler = made.handler();
        stream.async_read(into.data(), into.size(), std::move(handler));
        made.started();
        return made;
    }
    /// @param from  must stay until the write has ended, as for any write: hence not a temporary
    operation start_write(byte_stream& stream, const std::string& from) {
        operation made;
        io_handler handler = made.handler();
        stream.async_write(from.data(), from.size(), std::move(handler));
        made.started();
        return made;
    }
    operation start_write(byte_stream& stream, std::string&& from) = delete;
    void finish(const operation& which) {
        ASSERT_TRUE(run_until([&] { return which.done(); }));
        EXPECT_FALSE(which.end().inside) << "told from inside the function that started it";
        EXPECT_EQ(which.times(), 1);
    }

    /// Reads until so many bytes are there.
    std::string read(byte_stream& stream, std::size_t count, std::size_t room = 1000) {
        std::string all;
        while (all.size() < count) {
            std::string part(room, '\0');
            operation reading = start_read(stream, part);
            finish(reading);
            if (!reading.done() || reading.end().failure) break;
            EXPECT_GE(reading.end().count, 1u);
            EXPECT_LE(reading.end().count, room);
            all.append(part, 0, reading.end().count);
        }
        return all;
    }
    /// Writes what goes out without waiting.
    std::size_t fill(byte_stream& stream) {
        const std::string part(100'000, 'f');
        std::size_t all = 0;
        for (;;) {
            error_code failure;
            const std::size_t count = stream.try_write(part.data(), part.size(), failure);
            if (failure) {
                EXPECT_TRUE(failure == boost::asio::error::would_block || failure == boost::asio::error::try_again) << failure.message();
                EXPECT_EQ(count, 0u);
                return all;
            }
            EXPECT_GT(count, 0u);
            all += count;
            if (all > (256u << 20)) return all;
        }
    }

    typename loop_of<Traits>::type context;
    std::shared_ptr<farcall::transport> transport = Traits::make();
    std::unique_ptr<farcall::listener> listener;
    std::unique_ptr<byte_stream> near;
    std::unique_ptr<byte_stream> far;
};

TYPED_TEST_SUITE_P(transport_suite);

TYPED_TEST_P(transport_suite, carries_bytes_both_ways_in_order) {
    this->connect();
    error_code failure;
    EXPECT_EQ(this->near->try_write("hello", 5, failure), 5u);
    EXPECT_FALSE(failure);
    EXPECT_EQ(this->read(*this->far, 5), "hello");
    const std::string world = "world";
    operation writing = this->start_write(*this->far, world);
    this->finish(writing);
    EXPECT_FALSE(writing.end().failure);
    EXPECT_EQ(writing.end().count, 5u);
    EXPECT_EQ(this->read(*this->near, 5), "world");
    for (int i = 0; i < 100; ++i) {
        const std::string text = std::to_string(i) + ';';
        EXPECT_EQ(this->near->try_write(text.data(), text.size(), failure), text.size());
    }
    std::string wanted;
    for (int i = 0; i < 100; ++i) wanted += std::to_string(i) + ';';
    EXPECT_EQ(this->read(*this->far, wanted.size(), 7), wanted);
}

TYPED_TEST_P(transport_suite, sends_several_parts_one_behind_the_other) {
    this->connect();
    error_code failure;
    const std::string_view few[] = {"one", "", "two", "three"}, many[] = {"a", "b", "c", "d", "e", "f", "g"};
    EXPECT_EQ(this->near->try_write_parts(few, failure), 11u);
    EXPECT_FALSE(failure);
    EXPECT_EQ(this->near->try_write_parts(many, failure), 7u);
    EXPECT_FALSE(failure);
    EXPECT_EQ(this->read(*this->far, 18), "onetwothreeabcdefg");

    // As much as there is room for, wherever that ends.
    std::string large(12'345'678, '\0');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 31 >> 3);
    std::string wanted;
    for (std::size_t sent = 64u << 20; sent == 3 * large.size() + 2 || wanted.empty();) {
        const std::string_view parts[] = {large, "<>", large, large};
        sent = this->near->try_write_parts(parts, failure);
        ASSERT_FALSE(failure);
        ASSERT_LE(wanted.size(), 256u << 20) << "takes bytes for ever";
        wanted += (large + "<>" + large + large).substr(0, sent);
    }
    EXPECT_TRUE(this->read(*this->far, wanted.size(), 1u << 20) == wanted);
}

TYPED_TEST_P(transport_suite, tells_who_is_at_the_other_end) {
    this->connect();
    for (const std::string& peer : {this->near->peer(), this->far->peer()}) {
        EXPECT_NE(peer.rfind(':'), std::string::npos) << peer;
        EXPECT_NE(peer.rfind(':'), 0u) << peer;
    }
}

TYPED_TEST_P(transport_suite, lets_a_read_wait_for_bytes) {
    this->connect();
    std::string into(10, '\0');
    operation reading = this->start_read(*this->far, into);
    this->settle();
    EXPECT_FALSE(reading.done());
    error_code failure;
    this->near->try_write("abc", 3, failure);
    this->finish(reading);
    ASSERT_GE(reading.end().count, 1u);
    EXPECT_EQ(into.substr(0, reading.end().count), std::string{"abc"}.substr(0, reading.end().count));
}

TYPED_TEST_P(transport_suite, can_wait_without_room_or_says_that_it_cannot) {
    this->connect();
    error_code failure;
    const auto wait = [&] {
        operation made;
        const bool can = this->far->async_wait(made.handler());
        made.started();
        return std::pair{can, made};
    };
    char room[8];
    auto [can, waiting] = wait();
    if (!can) {
        this->settle();
        EXPECT_FALSE(waiting.done());
        return;
    }
    EXPECT_EQ(this->far->try_read(room, sizeof room, failure), 0u);
    EXPECT_TRUE(failure == boost::asio::error::would_block || failure == boost::asio::error::try_again) << failure.message();
    this->settle();
    EXPECT_FALSE(waiting.done());
    this->near->try_write("abc", 3, failure);
    this->finish(waiting);
    EXPECT_FALSE(waiting.end().failure);
    EXPECT_EQ(this->far->try_read(room, 2, failure), 2u);
    // What is left is found at once, and so is the end.
    auto [again, left] = wait();
    ASSERT_TRUE(again);
    this->finish(left);
    EXPECT_EQ(this->far->try_read(room + 2, sizeof room - 2, failure), 1u);
    EXPECT_EQ((std::string_view{room, 3}), "abc");
    this->near->close();
    auto [still, ended] = wait();
    ASSERT_TRUE(still);
    this->finish(ended);
    EXPECT_EQ(this->far->try_read(room, sizeof room, failure), 0u);
    EXPECT_EQ(failure, boost::asio::error::eof);
}

TYPED_TEST_P(transport_suite, ends_a_wait_when_it_is_closed) {
    this->connect();
    operation waiting;
    if (!this->near->async_wait(waiting.handler())) return;
    waiting.started();
    this->settle();
    this->near->close();
    this->finish(waiting);
    EXPECT_EQ(waiting.end().failure, boost::asio::error::operation_aborted);
}

TYPED_TEST_P(transport_suite, writes_all_of_what_is_larger_than_any_buffer) {
    this->connect();
    std::string large(20u << 20, '\0');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 31 >> 3);
    operation writing = this->start_write(*this->near, large);
    EXPECT_TRUE(this->read(*this->far, large.size(), 300'000) == large);
    this->finish(writing);
    EXPECT_FALSE(writing.end().failure);
    EXPECT_EQ(writing.end().count, large.size());
}

TYPED_TEST_P(transport_suite, says_when_there_is_no_room) {
    this->connect();
    const std::size_t sent = this->fill(*this->near);
    EXPECT_GT(sent, 0u);
    ASSERT_LE(sent, 256u << 20) << "takes bytes for ever";
    const std::string last = "the end";
    operation writing = this->start_write(*this->near, last);
    this->settle();
    EXPECT_FALSE(writing.done());
    const std::string got = this->read(*this->far, sent + 7, 1u << 20);
    EXPECT_EQ(got.size(), sent + 7);
    EXPECT_TRUE(got.ends_with("fthe end"));
    this->finish(writing);
}

TYPED_TEST_P(transport_suite, tells_the_reader_of_the_end_after_the_last_byte) {
    this->connect();
    error_code failure;
    this->near->try_write("last", 4, failure);
    this->near->close();
    EXPECT_EQ(this->read(*this->far, 4), "last");
    std::string into(10, '\0');
    operation reading = this->start_read(*this->far, into);
    this->finish(reading);
    EXPECT_EQ(reading.end().failure, boost::asio::error::eof);
    EXPECT_EQ(reading.end().count, 0u);
}

TYPED_TEST_P(transport_suite, tells_a_waiting_reader_of_the_end) {
    this->connect();
    std::string into(10, '\0');
    operation reading = this->start_read(*this->far, into);
    this->settle();
    this->near.reset();
    this->finish(reading);
    EXPECT_EQ(reading.end().failure, boost::asio::error::eof);
}

TYPED_TEST_P(transport_suite, tells_the_writer_of_the_end) {
    this->connect();
    this->far->close();
    error_code failure;
    // The first bytes may still be taken before the news has come.
    const bool lost = this->run_until([&] {
        failure.clear();
        this->near->try_write("x", 1, failure);
        return failure && failure != boost::asio::error::would_block;
    });
    EXPECT_TRUE(lost);
    const std::string more = "more";
    operation writing = this->start_write(*this->near, more);
    this->finish(writing);
    EXPECT_TRUE(writing.end().failure);
}

TYPED_TEST_P(transport_suite, ends_what_is_under_way_when_it_is_closed) {
    this->connect();
    this->fill(*this->near);
    const std::string more(10, 'm');
    std::string into(10, '\0');
    operation reading = this->start_read(*this->near, into);
    operation writing = this->start_write(*this->near, more);
    this->settle();
    this->near->close();
    EXPECT_FALSE(reading.done()) << "not from inside";
    EXPECT_FALSE(writing.done());
    this->finish(reading);
    this->finish(writing);
    EXPECT_EQ(reading.end().failure, boost::asio::error::operation_aborted);
    EXPECT_EQ(writing.end().failure, boost::asio::error::operation_aborted);
    this->near->close();
    this->near->close();
}

TYPED_TEST_P(transport_suite, fails_what_is_started_after_it_was_closed) {
    this->connect();
    this->near->close();
    std::string into(10, '\0');
    operation reading = this->start_read(*this->near, into);
    const std::string x = "x";
    operation writing = this->start_write(*this->near, x);
    this->finish(reading);
    this->finish(writing);
    EXPECT_TRUE(reading.end().failure);
    EXPECT_TRUE(writing.end().failure);
    error_code failure;
    EXPECT_EQ(this->near->try_write("x", 1, failure), 0u);
    EXPECT_TRUE(failure);
}

TYPED_TEST_P(transport_suite, keeps_the_owner_of_an_operation_alive_until_its_end) {
    this->connect();
    std::weak_ptr<void> watch;
    std::string into(10, '\0');
    {
        operation reading;
        io_handler handler = reading.handler();
        watch = handler.keep_alive;
        this->near->async_read(into.data(), into.size(), std::move(handler));
        reading.started();
    }
    this->settle();
    EXPECT_FALSE(watch.expired());
    this->near->close();
    EXPECT_TRUE(this->run_until([&] { return watch.expired(); }));
}

TYPED_TEST_P(transport_suite, refuses_where_nobody_listens) {
    std::optional<error_code> end;
    bool inside = true;
    this->transport->async_connect(farcall::parse_endpoint(TypeParam::nobody()).value(), this->context.get_executor(),
                                   [&](error_code failure, auto stream) {
                                       EXPECT_FALSE(inside);
                                       EXPECT_FALSE(stream);
                                       end = failure;
                                   });
    inside = false;
    ASSERT_TRUE(this->run_until([&] { return end.has_value(); }));
    EXPECT_TRUE(*end);
    EXPECT_NE(*end, boost::asio::error::operation_aborted);
}

TYPED_TEST_P(transport_suite, ends_an_attempt_that_is_given_up) {
    this->listen();
    std::optional<error_code> end;
    auto give_up = this->transport->async_connect(this->listener->local(), this->context.get_executor(),
                                                  [&](error_code failure, auto stream) {
                                                      EXPECT_FALSE(stream);
                                                      end = failure;
                                                  });
    give_up();
    EXPECT_FALSE(end.has_value()) << "not from inside";
    ASSERT_TRUE(this->run_until([&] { return end.has_value(); }));
    EXPECT_EQ(*end, boost::asio::error::operation_aborted);
    give_up();
}

TYPED_TEST_P(transport_suite, takes_many_connections) {
    this->listen();
    std::vector<std::unique_ptr<byte_stream>> near_ends, far_ends;
    std::function<void()> accept = [&] {
        this->listener->async_accept(this->context.get_executor(), [&](error_code failure, auto stream) {
            if (failure) return;
            far_ends.push_back(std::move(stream));
            accept();
        });
    };
    accept();
    for (int i = 0; i < 20; ++i)
        this->transport->async_connect(this->listener->local(), this->context.get_executor(), [&](error_code failure, auto stream) {
            EXPECT_FALSE(failure);
            near_ends.push_back(std::move(stream));
        });
    EXPECT_TRUE(this->run_until([&] { return near_ends.size() == 20 && far_ends.size() == 20; }));
    this->listener->close();
    this->settle();
    error_code failure;
    EXPECT_EQ(near_ends.back()->try_write("x", 1, failure), 1u) << "connections outlive their listener";
}

TYPED_TEST_P(transport_suite, ends_an_accept_when_the_listener_is_closed) {
    this->listen();
    std::optional<error_code> end;
    this->listener->async_accept(this->context.get_executor(), [&](error_code failure, auto) { end = failure; });
    this->settle();
    EXPECT_FALSE(end.has_value());
    this->listener->close();
    ASSERT_TRUE(this->run_until([&] { return end.has_value(); }));
    EXPECT_EQ(*end, boost::asio::error::operation_aborted);
    this->listener->close();
}

TYPED_TEST_P(transport_suite, listens_again_where_a_listener_has_closed) {
    const farcall::endpoint where = farcall::parse_endpoint(TypeParam::url()).value();
    auto first = this->transport->listen(where, this->context.get_executor());
    const farcall::endpoint real = first->local();
    EXPECT_THROW(this->transport->listen(real, this->context.get_executor()), farcall::error);
    first->close();
    this->listener = this->transport->listen(real, this->context.get_executor());
    EXPECT_EQ(this->listener->local(), real);
}

REGISTER_TYPED_TEST_SUITE_P(transport_suite, can_wait_without_room_or_says_that_it_cannot, ends_a_wait_when_it_is_closed,
    carries_bytes_both_ways_in_order, sends_several_parts_one_behind_the_other, tells_who_is_at_the_other_end,
                            lets_a_read_wait_for_bytes, writes_all_of_what_is_larger_than_any_buffer,
                            says_when_there_is_no_room, tells_the_reader_of_the_end_after_the_last_byte,
                            tells_a_waiting_reader_of_the_end, tells_the_writer_of_the_end,
                            ends_what_is_under_way_when_it_is_closed, fails_what_is_started_after_it_was_closed,
                            keeps_the_owner_of_an_operation_alive_until_its_end, refuses_where_nobody_listens,
                            ends_an_attempt_that_is_given_up, takes_many_connections,
                            ends_an_accept_when_the_listener_is_closed, listens_again_where_a_listener_has_closed);

}  // namespace transport_testing
