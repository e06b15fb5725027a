#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <farcall/transport/duplex.hpp>

namespace {

using boost::system::error_code;
using farcall::io_handler;
using farcall::detail::duplex;
namespace failure_of = boost::asio::error;

/// A stream whose operations end when the test says so. It reads, or waits for something to read, as the script says.
class scripted_stream final : public farcall::byte_stream {
public:
    /// What the test and the stream share; outlives the stream.
    struct script {
        static constexpr auto unlimited = static_cast<std::size_t>(-1);

        boost::asio::io_context& context;
        bool waits = false;
        std::optional<io_handler> reader{};  ///< reads, or waits for something to read
        bool waiting = false;                ///< it waits
        std::string arrived{};               ///< for one who waits
        error_code read_failure{};           ///< behind that; would_block: nothing
        std::optional<io_handler> writer{};
        char* into = nullptr;
        std::size_t room = 4096;
        std::string_view from{};
        std::size_t takes = unlimited;  ///< bytes for which there is room now
        error_code write_failure{};                        ///< what it ends with
        std::string sent{};
        int tries = 0;
        bool closed = false;

        void run() const {
            context.restart();
            context.poll();
        }
        /// The pending read ends with these bytes.
        void arrive(std::string_view bytes) {
            ASSERT_TRUE(reader) << "nobody reads";
            if (waiting) {
                arrived = bytes;
                read_failure = failure_of::would_block;
                return end_read_with({}, 0);
            }
            ASSERT_LE(bytes.size(), room);
            bytes.copy(into, bytes.size());
            end_read({}, bytes.size());
        }
        void end_read(error_code failure, std::size_t count = 0) {
            // Who waits is told that there is something to read, and that is the failure.
            if (waiting) read_failure = std::exchange(failure, {});
            end_read_with(failure, count);
        }
        void end_read_with(error_code failure, std::size_t count) {
            ASSERT_TRUE(reader);
            waiting = false;
            const io_handler done = *std::exchange(reader, std::nullopt);
            boost::asio::post(context, [done, failure, count] { done(failure, count); });
            run();
        }
        void end_write(error_code failure = {}) {
            ASSERT_TRUE(writer);
            const std::size_t count = failure ? 0 : from.size();
            sent += from.substr(0, count);
            const io_handler done = *std::exchange(writer, std::nullopt);
            boost::asio::post(context, [done, failure, count] { done(failure, count); });
            run();
        }
    };

    explicit scripted_stream(script& all) : all_(all) {}
    ~scripted_stream() override { close(); }

    void async_read(char* into, std::size_t room, io_handler done) override {
        EXPECT_FALSE(all_.reader) << "two reads at a time";
        EXPECT_GE(room, 1u);
        all_.into = into;
        all_.room = room;
        all_.waiting = false;
        all_.reader = std::move(done);
    }
    bool async_wait(io_handler done) override {
        if (!all_.waits) return false;
        EXPECT_FALSE(all_.reader) << "two reads at a time";
        // What was left is found at once.
        if (!all_.arrived.empty()) {
            boost::asio::post(all_.context, [done] { done({}, 0); });
            return true;
        }
        all_.waiting = true;
        all_.reader = std::move(done);
        return true;
    }
    std::size_t try_read(char* into, std::size_t room, error_code& failure) override {
        EXPECT_GE(room, 1u);
        all_.room = room;
        const std::size_t count = all_.arrived.copy(into, room);
        all_.arrived.erase(0, count);
        failure = count == 0 ? all_.read_failure : error_code{};
        return count;
    }
    std::size_t try_write(const char* from, std::size_t count, error_code& failure) override {
        EXPECT_FALSE(all_.writer) << "a write while another is under way";
        ++all_.tries;
        failure = all_.write_failure;
        if (failure) return 0;
        const std::size_t taken = std::min(count, all_.takes);
        if (taken == 0) failure = failure_of::would_block;
        all_.sent.append(from, taken);
        if (all_.takes != script::unlimited) all_.takes -= taken;
        return taken;
    }
    void async_write(const char* from, std::size_t count, io_handler done) override {
        EXPECT_FALSE(all_.writer);
        all_.from = {from, count};
        all_.writer = std::move(done);
    }
    void close() noexcept override {
        if (std::exchange(all_.closed, true)) return;
        for (auto* each : {&all_.reader, &all_.writer})
            if (*each) {
                const io_handler done = *std::exchange(*each, std::nullopt);
                boost::asio::post(all_.context, [done] { done(failure_of::operation_aborted, 0); });
            }
    }
    std::string peer() const override { return "script:1"; }

private:
    script& all_;
};

/// Takes messages that end with a semicolon, and does with each what the test says.
class line_owner final : public duplex::owner {
public:
    line_owner(scripted_stream::script& all, boost::asio::io_context& context, farcall::detail::read_room* shared)
        : wire(*this, std::make_unique<scripted_stream>(all), context.get_executor(), shared) {}

    std::size_t on_bytes(std::string_view bytes) override {
        EXPECT_FALSE(inside) << "called again from inside";
        EXPECT_FALSE(end) << "after the end";
        inside = true;
        ++reads;
        std::size_t used = 0;
        for (std::size_t at; !wire.reading_paused() && !wire.closing() && (at = bytes.find(';', used)) != bytes.npos; used = at + 1) {
            messages.emplace_back(bytes.substr(used, at - used));
            if (on_message) on_message(messages.back());
        }
        inside = false;
        return used;
    }
    std::size_t bytes_wanted() const override { return wanted; }
    bool may_keep_memory() override { return may_keep; }
    void on_drained() override {
        ++drained;
        if (when_drained) when_drained();
    }
    void on_closed(error_code failure) override {
        EXPECT_FALSE(end) << "the end comes twice";
        EXPECT_FALSE(inside);
        end = failure;
    }

    duplex wire;
    std::vector<std::string> messages;
    std::function<void(const std::string&)> on_message;
    std::function<void()> when_drained;
    std::optional<error_code> end;
    std::size_t wanted = 0;
    int reads = 0;
    int drained = 0;
    bool may_keep = true;
    bool inside = false;
};

/// Whether the stream can wait without room for what will come.
class duplex_of_a_script : public ::testing::TestWithParam<bool> {
protected:
    duplex_of_a_script() { owner->wire.start(owner); }

    void say(std::string_view text) { owner->wire.out().append(text); }
    /// As much at a time as there is room for.
    void arrive_in_parts(std::string_view bytes) {
        while (!bytes.empty()) {
            const std::string_view part = bytes.substr(0, script.room);
            bytes.remove_prefix(part.size());
            script.arrive(part);
        }
    }

    boost::asio::io_context context;
    farcall::detail::read_room room;
    scripted_stream::script script{context, GetParam()};
    std::shared_ptr<line_owner> owner = std::make_shared<line_owner>(script, context, &room);
};

using messages = std::vector<std::string>;

TEST_P(duplex_of_a_script, hands_over_what_arrives_with_what_was_left) {
    script.arrive("a;b");
    EXPECT_EQ(owner->messages, messages{"a"});
    EXPECT_EQ(owner->wire.buffered(), 1u);
    script.arrive("c");
    script.arrive(";;");
    EXPECT_EQ(owner->messages, (messages{"a", "bc", ""}));
    EXPECT_EQ(owner->wire.buffered(), 0u);
}

TEST_P(duplex_of_a_script, sends_at_once_what_there_is_room_for) {
    say("hello");
    EXPECT_EQ(owner->wire.unsent(), 5u);
    owner->wire.flush();
    EXPECT_EQ(script.sent, "hello");
    EXPECT_EQ(owner->wire.unsent(), 0u);
    EXPECT_EQ(owner->wire.written(), 5u);
    EXPECT_FALSE(script.writer);
    EXPECT_FALSE(owner->wire.write_pending());
    owner->wire.flush();
    EXPECT_EQ(script.tries, 1) << "nothing to send, nothing tried";
}

TEST_P(duplex_of_a_script, sends_the_rest_when_there_is_room) {
    for (const std::size_t taken : {std::size_t{0}, std::size_t{2}, std::size_t{4}}) {
        script.sent.clear();
        script.takes = taken;
        const int drained = owner->drained;
        const auto before = owner->wire.written();
        say("hello");
        owner->wire.flush();
        EXPECT_TRUE(owner->wire.write_pending());
        EXPECT_EQ(owner->wire.unsent(), 5 - taken);
        EXPECT_EQ(owner->wire.written(), before + taken);
        ASSERT_TRUE(script.writer);
        EXPECT_EQ(script.from, std::string_view{"hello"}.substr(taken));
        script.end_write();
        EXPECT_EQ(script.sent, "hello");
        EXPECT_EQ(owner->wire.written(), before + 5);
        EXPECT_EQ(owner->wire.unsent(), 0u);
        EXPECT_EQ(owner->drained, drained + 1);
    }
}

TEST_P(duplex_of_a_script, sends_together_what_was_said_during_a_write) {
    script.takes = 0;
    say("one,");
    owner->wire.flush();
    for (const char* text : {"two,", "three,", "four"}) {
        say(text);
        owner->wire.flush();
    }
    EXPECT_EQ(script.tries, 1);
    EXPECT_EQ(owner->wire.unsent(), 18u);
    script.takes = scripted_stream::script::unlimited;
    script.end_write();
    EXPECT_EQ(script.tries, 2);
    EXPECT_EQ(script.sent, "one,two,three,four");
    EXPECT_EQ(owner->drained, 1);
}

TEST_P(duplex_of_a_script, sends_a_large_text_from_where_it_is_whatever_there_is_room_for) {
    // Between the parts, inside of each, nothing, all.
    for (std::size_t taken = 0; taken <= 9; ++taken) {
        script.sent.clear();
        script.takes = taken;
        const auto before = owner->wire.written();
        say("<<>>");
        {
            const auto large = std::make_unique<std::string>("large");
            owner->wire.flush_with({2, *large});
        }
        EXPECT_EQ(owner->wire.written(), before + taken);
        EXPECT_EQ(owner->wire.unsent(), 9 - taken);
        script.takes = scripted_stream::script::unlimited;
        ASSERT_EQ(script.writer.has_value(), taken != 9);
        if (script.writer) script.end_write();
        EXPECT_EQ(script.sent, "<<large>>") << taken;
        EXPECT_EQ(owner->wire.written(), before + 9);
        EXPECT_EQ(owner->wire.unsent(), 0u);
    }
}

TEST_P(duplex_of_a_script, keeps_a_large_text_that_comes_during_a_write_in_its_place) {
    script.takes = 0;
    say("one,");
    owner->wire.flush();
    say("[]");
    owner->wire.flush_with({1, "large"});
    say(",two");
    EXPECT_EQ(owner->wire.unsent(), 15u);
    script.takes = scripted_stream::script::unlimited;
    script.end_write();
    EXPECT_EQ(script.sent, "one,[large],two");
}

TEST_P(duplex_of_a_script, counts_a_large_text_as_unsent_when_its_write_fails) {
    script.write_failure = failure_of::connection_reset;
    say("[]");
    owner->wire.flush_with({1, "large"});
    EXPECT_EQ(owner->wire.written(), 0u);
    EXPECT_EQ(owner->wire.unsent(), 7u);
    EXPECT_FALSE(owner->wire.writable());
}

TEST_P(duplex_of_a_script, closes_without_memory_for_what_is_left_of_a_large_text) {
    // Nobody has memory for a copy of that.
    const std::string_view large{"large", static_cast<std::size_t>(-1) / 2};
    script.takes = 3;
    say("<<>>");
    owner->wire.flush_with({2, large});
    EXPECT_TRUE(script.closed);
    EXPECT_EQ(owner->wire.unsent(), 0u);
    EXPECT_EQ(owner->wire.written(), 3u);
    script.takes = scripted_stream::script::unlimited;
    say("more");
    owner->wire.flush();
    script.run();
    EXPECT_EQ(script.sent, "<<l") << "nothing follows a part of a message";
    EXPECT_EQ(owner->end, error_code{failure_of::no_memory});
}

TEST_P(duplex_of_a_script, closes_without_memory_for_a_large_text_that_has_to_wait) {
    const std::string_view large{"large", static_cast<std::size_t>(-1) / 2};
    script.takes = 0;
    say(GetParam() ? "" : "before");
    owner->wire.flush();
    say("<<>>");
    owner->wire.flush_with({2, large});
    EXPECT_TRUE(script.closed);
    script.run();
    EXPECT_EQ(script.sent, "");
    EXPECT_EQ(owner->end, error_code{failure_of::no_memory});
}

TEST_P(duplex_of_a_script, sends_what_there_is_room_for_again_without_waiting_for_each_part) {
    script.takes = 0;
    const std::string large(1u << 20, 'x');
    say(large);
    owner->wire.flush();
    ASSERT_TRUE(script.writer);
    EXPECT_LT(script.from.size(), large.size() / 2) << "parts show that a slow peer takes something";
    script.takes = scripted_stream::script::unlimited;
    script.end_write();
    EXPECT_EQ(script.sent, large);
    EXPECT_EQ(owner->wire.written(), large.size());
    EXPECT_FALSE(script.writer);
    EXPECT_EQ(owner->drained, 1);
}

TEST_P(duplex_of_a_script, sends_answers_to_one_read_together) {
    owner->on_message = [&](const std::string& text) { say(text + '!'); };
    script.arrive("a;b;c;");
    EXPECT_EQ(script.sent, "a!b!c!");
    EXPECT_EQ(script.tries, 1);
}

TEST_P(duplex_of_a_script, reads_nothing_while_it_is_paused) {
    owner->wire.pause_reading();
    script.arrive("a;");  // was under way
    EXPECT_TRUE(owner->messages.empty());
    EXPECT_FALSE(script.reader);
    EXPECT_FALSE(owner->end);
    owner->wire.resume_reading();
    script.run();
    EXPECT_EQ(owner->messages, messages{"a"}) << "what had arrived";
    EXPECT_TRUE(script.reader);
    owner->wire.resume_reading();
    script.arrive("b;");
    EXPECT_EQ(owner->messages, (messages{"a", "b"}));
}

TEST_P(duplex_of_a_script, goes_on_after_a_pause_whose_bytes_were_sent_at_once) {
    owner->on_message = [&](const std::string& text) {
        say(text);
        owner->wire.pause_reading();
    };
    owner->when_drained = [&] { owner->wire.resume_reading(); };
    script.arrive("a;b;c;d");
    EXPECT_EQ(owner->messages, (messages{"a", "b", "c"}));
    EXPECT_EQ(script.sent, "abc");
    ASSERT_TRUE(script.reader);
    script.arrive(";");
    EXPECT_EQ(owner->messages.back(), "d");
}

TEST_P(duplex_of_a_script, goes_on_after_a_pause_with_a_write_that_waits) {
    owner->on_message = [&](const std::string& text) {
        say(text);
        owner->wire.pause_reading();
    };
    owner->when_drained = [&] { owner->wire.resume_reading(); };
    script.takes = 0;
    script.arrive("a;b;");
    EXPECT_EQ(owner->messages, messages{"a"});
    EXPECT_FALSE(script.reader);
    script.end_write();
    EXPECT_EQ(owner->messages, (messages{"a", "b"}));
    script.end_write();
    EXPECT_EQ(script.sent, "ab");
    EXPECT_TRUE(script.reader);
}

TEST_P(duplex_of_a_script, needs_no_stack_for_many_pauses) {
    std::string many;
    for (int i = 0; i < 1000; ++i) many += ";;;;";
    owner->on_message = [&](const std::string&) {
        say("x");
        owner->wire.pause_reading();
    };
    owner->when_drained = [&] { owner->wire.resume_reading(); };
    for (std::string_view left = many; !left.empty();) {
        const std::size_t part = std::min(left.size(), script.room);
        script.arrive(left.substr(0, part));
        left.remove_prefix(part);
    }
    EXPECT_EQ(owner->messages.size(), 4000u);
    EXPECT_EQ(script.sent.size(), 4000u);
}

TEST_P(duplex_of_a_script, stays_paused_when_it_is_told_so) {
    owner->on_message = [&](const std::string&) { owner->wire.pause_reading(); };
    script.arrive("a;b;");
    EXPECT_EQ(owner->messages, messages{"a"});
    EXPECT_FALSE(script.reader);
    EXPECT_FALSE(owner->end);
    EXPECT_EQ(owner->drained, 1);
}

TEST_P(duplex_of_a_script, ends_once_with_the_peers_end) {
    script.end_read(failure_of::eof);
    EXPECT_EQ(owner->end, failure_of::eof);
    EXPECT_TRUE(script.closed);
    owner->wire.close();
    owner->wire.flush();
    script.run();
}

TEST_P(duplex_of_a_script, sends_what_is_left_to_a_peer_that_has_ended_its_side) {
    script.takes = 0;
    say("answer");
    owner->wire.flush();
    script.end_read(failure_of::eof);
    EXPECT_FALSE(owner->end);
    EXPECT_TRUE(owner->wire.closing());
    script.end_write();
    EXPECT_EQ(script.sent, "answer");
    EXPECT_EQ(owner->end, failure_of::eof);
}

TEST_P(duplex_of_a_script, ends_with_a_failed_read_although_it_writes) {
    script.takes = 0;
    say("answer");
    owner->wire.flush();
    script.end_read(failure_of::connection_reset);
    EXPECT_EQ(owner->end, failure_of::connection_reset);
}

TEST_P(duplex_of_a_script, ends_with_a_failed_write) {
    script.takes = 0;
    say("answer");
    owner->wire.flush();
    script.end_write(failure_of::broken_pipe);
    EXPECT_FALSE(owner->wire.writable());
    script.end_read(failure_of::connection_reset);
    EXPECT_EQ(owner->end, failure_of::broken_pipe) << "what came first";
    EXPECT_EQ(owner->wire.written(), 0u);
}

TEST_P(duplex_of_a_script, hears_to_the_end_who_takes_no_more) {
    for (const bool at_once : {false, true}) {
        scripted_stream::script other{context, GetParam()};
        const auto ends = std::make_shared<line_owner>(other, context, &room);
        ends->wire.start(ends);
        if (at_once) other.write_failure = failure_of::broken_pipe;
        other.takes = 0;
        ends->wire.out().append("request");
        ends->wire.flush();
        if (!at_once) other.end_write(failure_of::broken_pipe);
        EXPECT_FALSE(ends->end);
        other.arrive("answer;");
        EXPECT_EQ(ends->messages, messages{"answer"});
        ends->wire.out().append("more");
        ends->wire.flush();
        EXPECT_EQ(other.sent, "");
        other.end_read(failure_of::eof);
        EXPECT_EQ(ends->end, failure_of::broken_pipe);
    }
}

TEST_P(duplex_of_a_script, does_not_hear_for_ever_who_takes_no_more) {
    script.write_failure = failure_of::broken_pipe;
    say("request");
    owner->wire.flush();
    const std::string text = "answer;";
    for (int i = 0; i < 2'000'000 && !owner->end; ++i) script.arrive(text);
    EXPECT_EQ(owner->end, failure_of::broken_pipe);
    EXPECT_LT(owner->messages.size(), 1'000'000u);
}

TEST_P(duplex_of_a_script, ends_with_a_failed_write_while_it_is_paused_or_about_to_close) {
    script.takes = 0;
    say("answer");
    owner->wire.flush();
    script.end_read(failure_of::eof);
    script.end_write(failure_of::broken_pipe);
    EXPECT_EQ(owner->end, failure_of::eof);

    scripted_stream::script other{context, GetParam()};
    const auto paused = std::make_shared<line_owner>(other, context, &room);
    paused->wire.start(paused);
    paused->on_message = [&](const std::string&) { paused->wire.pause_reading(); };
    other.takes = 0;
    paused->wire.out().append("answer");
    paused->wire.flush();
    other.arrive("a;b;");
    other.end_write(failure_of::broken_pipe);
    EXPECT_EQ(paused->end, failure_of::broken_pipe);
}

TEST_P(duplex_of_a_script, ends_when_it_is_paused_after_a_failed_write) {
    script.write_failure = failure_of::broken_pipe;
    say("answer");
    owner->wire.flush();
    owner->on_message = [&](const std::string&) { owner->wire.pause_reading(); };
    script.arrive("a;b;");
    script.run();
    EXPECT_EQ(owner->end, failure_of::broken_pipe);
}

TEST_P(duplex_of_a_script, ends_when_it_is_to_close_after_a_failed_write) {
    script.write_failure = failure_of::broken_pipe;
    say("answer");
    owner->wire.flush();
    owner->wire.close_when_sent();
    script.run();
    EXPECT_EQ(owner->end, failure_of::broken_pipe);
}

TEST_P(duplex_of_a_script, ends_with_a_write_that_fails_at_once) {
    script.write_failure = failure_of::broken_pipe;
    say("answer");
    owner->wire.flush();
    EXPECT_FALSE(owner->end) << "never from inside a call";
    script.run();
    EXPECT_FALSE(owner->end) << "what has arrived is read";
    script.end_read(failure_of::connection_reset);
    EXPECT_EQ(owner->end, failure_of::broken_pipe);
}

TEST_P(duplex_of_a_script, ends_with_a_write_that_fails_at_once_while_it_handles_bytes) {
    script.write_failure = failure_of::broken_pipe;
    owner->on_message = [&](const std::string&) { say("answer"); };
    script.arrive("a;b;");
    EXPECT_EQ(owner->messages, (messages{"a", "b"}));
    script.end_read(failure_of::connection_reset);
    EXPECT_EQ(owner->end, failure_of::broken_pipe);
}

TEST_P(duplex_of_a_script, closes_at_once) {
    script.takes = 0;
    say("never sent");
    owner->wire.flush();
    owner->wire.close();
    EXPECT_TRUE(script.closed);
    EXPECT_FALSE(owner->end) << "never from inside close";
    script.run();
    EXPECT_EQ(owner->end, failure_of::operation_aborted);
}

TEST_P(duplex_of_a_script, closes_from_inside_a_message) {
    owner->on_message = [&](const std::string&) { owner->wire.close(); };
    script.arrive("a;b;");
    EXPECT_EQ(owner->messages, messages{"a"});
    EXPECT_TRUE(owner->end);
}

TEST_P(duplex_of_a_script, closes_while_it_is_paused) {
    owner->wire.pause_reading();
    script.arrive("a;");
    owner->wire.close();
    script.run();
    EXPECT_TRUE(owner->end);
}

TEST_P(duplex_of_a_script, closes_from_inside_the_end_of_a_write) {
    script.takes = 0;
    say("x");
    owner->wire.flush();
    owner->when_drained = [&] { owner->wire.close(); };
    script.end_write();
    script.run();
    EXPECT_TRUE(owner->end);
}

TEST_P(duplex_of_a_script, closes_when_everything_is_sent) {
    say("bye");
    owner->wire.close_when_sent();
    EXPECT_EQ(script.sent, "bye");
    script.run();
    EXPECT_TRUE(script.closed);
    EXPECT_TRUE(owner->end);
}

TEST_P(duplex_of_a_script, closes_when_everything_is_sent_that_has_to_wait) {
    script.takes = 1;
    say("bye");
    owner->wire.close_when_sent();
    owner->wire.close_when_sent();
    EXPECT_FALSE(script.closed);
    say(" and more");
    owner->wire.flush();
    script.takes = scripted_stream::script::unlimited;
    script.end_write();
    script.run();
    EXPECT_EQ(script.sent, "bye and more");
    EXPECT_TRUE(owner->end);
}

TEST_P(duplex_of_a_script, handles_nothing_more_when_it_is_to_close) {
    script.takes = 0;
    say("bye");
    owner->wire.close_when_sent();
    script.arrive("a;");
    EXPECT_TRUE(owner->messages.empty());
    EXPECT_FALSE(script.reader);
    script.end_write();
    script.run();
    EXPECT_TRUE(owner->end);
}

TEST_P(duplex_of_a_script, closes_from_inside_a_message_when_its_answer_is_sent) {
    owner->on_message = [&](const std::string&) {
        say("bye");
        owner->wire.close_when_sent();
    };
    script.arrive("a;b;");
    script.run();
    EXPECT_EQ(owner->messages, messages{"a"});
    EXPECT_EQ(script.sent, "bye");
    EXPECT_TRUE(owner->end);
}

TEST_P(duplex_of_a_script, lives_until_its_operations_have_ended) {
    const std::weak_ptr<line_owner> watch = owner;
    owner->wire.close();
    owner.reset();
    EXPECT_FALSE(watch.expired());
    script.run();
    EXPECT_TRUE(watch.expired());
}

TEST_P(duplex_of_a_script, takes_room_as_it_fills_and_not_as_it_is_announced) {
    const std::size_t first = script.room;
    EXPECT_LE(first, 8192u);
    owner->wanted = 100u << 20;
    script.arrive("x");
    EXPECT_LE(script.room, GetParam() ? farcall::detail::read_room::size : 16'384u) << "a hundred megabytes announced, one byte sent";
    std::size_t sent = 1;
    while (sent < (1u << 20)) {
        const std::size_t before = script.room;
        sent += before;
        script.arrive(std::string(before, 'x'));
        EXPECT_LE(script.room, 2 * sent + 8192) << "at most about what has arrived";
    }
    EXPECT_GT(script.room, 100'000u);
}

TEST_P(duplex_of_a_script, keeps_large_memory_as_long_as_it_is_needed) {
    const std::string large = std::string(3u << 20, 'x') + ';';
    for (int i = 0; i < 3; ++i) {
        arrive_in_parts(large);
        for (int j = 0; j < 10; ++j) {
            script.arrive("a;");
            EXPECT_GT(script.room, 3u << 20);
        }
    }
    for (int j = 0; j < 20; ++j) script.arrive("a;");
    EXPECT_LE(script.room, 1u << 20);
}

TEST_P(duplex_of_a_script, does_not_keep_memory_beyond_a_bound) {
    arrive_in_parts(std::string(24u << 20, 'x') + ';');
    script.arrive("a;");
    EXPECT_LE(script.room, 1u << 20);
}

TEST_P(duplex_of_a_script, keeps_no_large_memory_for_beginnings_of_messages) {
    const std::string large(3u << 20, 'x');
    arrive_in_parts(large + ";b");
    EXPECT_GT(owner->wire.buffered(), large.size()) << "what is kept counts";
    for (int i = 0; i < 20; ++i) script.arrive(";b");
    EXPECT_EQ(owner->wire.buffered(), 1u);
    script.arrive(";");
    EXPECT_EQ(owner->messages.size(), 22u);
    EXPECT_EQ(owner->messages.back(), "b");
}

TEST_P(duplex_of_a_script, gives_back_large_memory_behind_a_beginning_when_it_rests) {
    arrive_in_parts(std::string(3u << 20, 'x') + ';');
    script.arrive("b");
    EXPECT_GT(owner->wire.buffered(), 3u << 20);
    owner->wire.rest();
    // Who cannot wait reads into it.
    if (GetParam()) {
        EXPECT_EQ(owner->wire.buffered(), 1u);
    }
    script.arrive("c;");
    EXPECT_EQ(owner->messages.back(), "bc");
}

TEST_P(duplex_of_a_script, keeps_no_large_memory_where_its_owner_needs_it) {
    owner->may_keep = false;
    arrive_in_parts(std::string(3u << 20, 'x') + ";b");
    EXPECT_EQ(owner->wire.buffered(), 1u);
    script.arrive("c;");
    EXPECT_LE(script.room, 1u << 20);
    EXPECT_EQ(owner->messages.back(), "bc");
}

TEST_P(duplex_of_a_script, goes_on_after_a_rest) {
    owner->on_message = [&](const std::string& text) { say(text + '!'); };
    for (const char* part : {"a;", "b", ";c;d", "", ";"}) {
        if (*part != '\0') script.arrive(part);
        owner->wire.rest();
        owner->wire.rest();
    }
    EXPECT_EQ(owner->messages, (messages{"a", "b", "c", "d"}));
    EXPECT_EQ(script.sent, "a!b!c!d!");
    script.takes = 1;
    script.arrive("long;");
    owner->wire.rest();
    script.end_write();
    EXPECT_EQ(script.sent, "a!b!c!d!long!");
}

INSTANTIATE_TEST_SUITE_P(reads, duplex_of_a_script, ::testing::Values(false));
INSTANTIATE_TEST_SUITE_P(waits, duplex_of_a_script, ::testing::Values(true));

TEST(duplex_with_room_of_its_own, waits_for_what_it_reads_into_large_memory_so_that_it_can_give_that_back) {
    boost::asio::io_context context;
    scripted_stream::script script{context, true};
    const auto owner = std::make_shared<line_owner>(script, context, nullptr);
    owner->wire.start(owner);
    EXPECT_FALSE(script.waiting) << "a small room is as good as none";
    const std::string large = std::string(3u << 20, 'x') + ';';
    for (std::string_view left = large; !left.empty();) {
        const std::string_view part = left.substr(0, script.room);
        left.remove_prefix(part.size());
        script.arrive(part);
    }
    EXPECT_TRUE(script.waiting);
    script.arrive("a;");
    EXPECT_GT(script.room, 3u << 20);
    EXPECT_TRUE(script.waiting);
    owner->wire.rest();
    script.arrive("b;");
    EXPECT_LE(script.room, 1u << 20);
    EXPECT_FALSE(script.waiting);
    script.arrive("c;");
    EXPECT_EQ(owner->messages, (messages{large.substr(0, large.size() - 1), "a", "b", "c"}));
}

TEST(read_room, is_not_lent_twice_at_a_time) {
    boost::asio::io_context context;
    farcall::detail::read_room shared;
    scripted_stream::script first{context, true}, second{context, true};
    const auto outer = std::make_shared<line_owner>(first, context, &shared);
    const auto inner = std::make_shared<line_owner>(second, context, &shared);
    outer->wire.start(outer);
    inner->wire.start(inner);
    const auto answer = [](line_owner& who) { return [&who](const std::string& text) { who.wire.out().append(text + '!'); }; };
    inner->on_message = answer(*inner);
    outer->on_message = [&](const std::string& text) {
        outer->wire.out().append(text + '!');
        if (text != "b") return;
        // A handler that runs the loop.
        second.arrived = "x;y;z";
        second.read_failure = failure_of::would_block;
        (*std::exchange(second.reader, std::nullopt))({}, 0);
    };
    first.arrive("a;b;c;d;e");
    EXPECT_EQ(outer->messages, (messages{"a", "b", "c", "d"}));
    EXPECT_EQ(inner->messages, (messages{"x", "y"}));
    second.arrive(";");
    first.arrive(";");
    EXPECT_EQ(outer->messages.back(), "e");
    EXPECT_EQ(inner->messages.back(), "z");
    EXPECT_EQ(first.sent, "a!b!c!d!e!");
    EXPECT_EQ(second.sent, "x!y!z!");
}

}  // namespace
