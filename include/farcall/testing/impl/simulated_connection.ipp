#pragma once

#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <farcall/testing/simulated_network.hpp>

namespace farcall::detail {

/// A read or a write that waits.
struct simulated_operation {
    boost::asio::any_io_executor executor;
    io_handler done;
    char* into = nullptr;
    const char* from = nullptr;
    std::size_t count = 0;
    std::size_t moved = 0;
    bool pending = false;

    void finish(boost::system::error_code failure) {
        pending = false;
        boost::asio::post(executor, [done = std::exchange(done, {}), failure, moved = moved] { done(failure, moved); });
    }
};

/// How a direction of a connection ends for its reader.
enum class simulated_end : std::uint8_t { open, closed, reset };

/// One direction of a connection: what is on its way, what has arrived, and who waits for which.
struct simulated_pipe {
    struct piece {
        std::string bytes;
        time_point due;
        simulated_end end = simulated_end::open;
        bool both = false;  ///< with `reset`: the other direction ends, too
    };

    std::deque<piece> flying;
    std::string arrived;
    std::size_t used = 0;  ///< bytes that count against the capacity
    time_point last_due{};
    simulated_end end = simulated_end::open;  ///< as the reader knows it
    simulated_operation reader;
    simulated_operation writer;
    std::uint64_t written = 0;
    std::optional<std::uint64_t> cut_at;
    bool armed = false;          ///< an alarm, or a partition, has the next piece
    bool writer_closed = false;  ///< nothing more is sent
    bool reader_closed = false;
    bool writer_reset = false;   ///< the writer has learnt that the connection is gone
    bool swallows = false;       ///< what is written comes to nothing
};

/// A connection with its two directions: 0 to the listening side (requests), 1 from it (answers).
///
/// Alive as long as one of its ends is, or something of it is on its way.
class simulated_connection final : public std::enable_shared_from_this<simulated_connection> {
public:
    using network = testing::simulated_network;
    using event = testing::network_event::kind;

    simulated_connection(std::shared_ptr<network> net, std::uint64_t number, std::string from, std::string to)
        : network_(std::move(net)),
          id(number),
          hosts{std::move(from), std::move(to)},
          link(network::between(hosts[0], hosts[1])) {
        pipes_[0].cut_at = network_->options_of(link).cut_requests_at;
        pipes_[1].cut_at = network_->options_of(link).cut_answers_at;
        kept_room_ = network_->options_of(link).kept_for_replay;
    }

    ~simulated_connection() {
        network_->connections_.erase(id);
        if (kept_.empty()) return;
        network_->recordings_.push_back({hosts[0], hosts[1], std::move(kept_)});
        if (network_->recordings_.size() > network::most_recordings) network_->recordings_.pop_front();
    }

    // `side` is 0 for the one that connected, 1 for the one that listened: the direction that it writes to.

    void read(unsigned side, boost::asio::any_io_executor executor, char* into, std::size_t room, io_handler done) {
        simulated_pipe& in = pipes_[1 - side];
        in.reader = {std::move(executor), std::move(done), into, nullptr, room, 0, true};
        if (in.reader_closed) return in.reader.finish(boost::asio::error::operation_aborted);
        advance_reader(1 - side);
    }

    std::size_t try_write(unsigned side, const char* from, std::size_t count, boost::system::error_code& failure) {
        simulated_pipe& out = pipes_[side];
        failure.clear();
        if (out.writer_closed || out.writer_reset) {
            failure = boost::asio::error::broken_pipe;
            return 0;
        }
        const bool blocked = network_->chance(network_->options_of(link).blocked_write);
        const std::size_t taken = blocked ? 0 : take_in(side, from, count);
        if (taken == 0 && count != 0) failure = boost::asio::error::would_block;
        return taken;
    }

    void write(unsigned side, boost::asio::any_io_executor executor, const char* from, std::size_t count,
               io_handler done) {
        simulated_pipe& out = pipes_[side];
        out.writer = {std::move(executor), std::move(done), nullptr, from, count, 0, true};
        if (out.writer_closed) return out.writer.finish(boost::asio::error::operation_aborted);
        if (out.writer_reset) return out.writer.finish(boost::asio::error::broken_pipe);
        advance_writer(side);
    }

    void close(unsigned side) {
        simulated_pipe& in = pipes_[1 - side];
        simulated_pipe& out = pipes_[side];
        if (std::exchange(in.reader_closed, true) || network_->abandoned_) return;
        if (in.reader.pending) in.reader.finish(boost::asio::error::operation_aborted);
        if (out.writer.pending) out.writer.finish(boost::asio::error::operation_aborted);
        const bool ended_before = std::exchange(out.writer_closed, true);
        if (out.writer_reset) return;
        tell(event::closed, side, 0);
        const bool unread = !in.arrived.empty();
        in.arrived.clear();
        if (unread) out.flying.clear();
        if (unread || !ended_before) send(side, {{}, {}, unread ? simulated_end::reset : simulated_end::closed});
    }

    /// The process of one side has ended: its system closes the connection, and what waits there is not called.
    void forget(unsigned side, std::vector<std::shared_ptr<void>>& dropped) {
        for (simulated_operation* each : {&pipes_[1 - side].reader, &pipes_[side].writer}) {
            if (!each->pending) continue;
            each->pending = false;
            dropped.push_back(std::exchange(each->done, {}).keep_alive);
        }
        close(side);
    }

    /// Says the end behind what was written, if some of that has not arrived; the other direction goes on.
    bool end_sending(unsigned side) {
        simulated_pipe& out = pipes_[side];
        if (out.writer_closed || out.writer_reset) return false;
        if (out.flying.empty() && !(out.swallows && out.used != 0)) return false;
        out.writer_closed = true;
        send(side, {{}, {}, simulated_end::closed});
        return true;
    }

    /// Both ends find the connection reset; what is on its way is lost.
    void reset() {
        if (pipes_[0].writer_reset && pipes_[1].writer_reset) return;
        tell(event::reset, 0, 0);
        for (unsigned side : {0u, 1u}) {
            simulated_pipe& pipe = pipes_[side];
            pipe.flying.clear();
            pipe.swallows = true;
        }
        for (unsigned side : {0u, 1u}) lose(side);
    }

    /// From now on nothing arrives, and nobody is told.
    void silence() {
        for (simulated_pipe& pipe : pipes_) {
            pipe.flying.clear();
            pipe.swallows = true;
        }
    }

    bool ended() const {
        return pipes_[0].writer_closed || pipes_[1].writer_closed || pipes_[0].writer_reset || pipes_[1].writer_reset;
    }

    bool belongs_to(std::string_view host) const { return hosts[0] == host || hosts[1] == host; }

    /// Moves the handlers of what waits to the caller, who destroys them.
    void abandon(std::vector<io_handler>& dropped) {
        for (simulated_pipe& pipe : pipes_)
            for (simulated_operation* each : {&pipe.reader, &pipe.writer}) {
                each->pending = false;
                dropped.push_back(std::exchange(each->done, {}));
            }
    }

private:
    void tell(event what, unsigned side, std::uint64_t count, std::string_view bytes = {}) const {
        network_->tell(what, id, side == 1, count, hosts[side], hosts[1 - side], bytes);
    }

    std::size_t take_in(unsigned side, const char* from, std::size_t count) {
        const testing::link_options& options = network_->options_of(link);
        simulated_pipe& pipe = pipes_[side];
        const std::size_t capacity = std::max<std::size_t>(options.capacity, 1);
        count = std::min(count, capacity - std::min(pipe.used, capacity));
        if (count != 0) tell(event::wrote, side, count, {from, count});
        for (std::size_t done = 0; done < count;) {
            const std::size_t size = network_->draw_size(options.largest_piece, count - done);
            if (!pipe.cut_at && network_->chance(options.loss))
                pipe.cut_at = pipe.written + network_->draw_size(size, size + 1) - 1;
            if (side == 0) kept_.append(from + done, std::min(size, kept_room_ - kept_.size()));
            carry(side, {from + done, size});
            done += size;
        }
        return count;
    }

    void carry(unsigned side, std::string_view bytes) {
        simulated_pipe& pipe = pipes_[side];
        const std::uint64_t before = std::exchange(pipe.written, pipe.written + bytes.size());
        if (pipe.swallows) {
            pipe.used += bytes.size();
            return;
        }
        if (!pipe.cut_at || pipe.written <= *pipe.cut_at) {
            pipe.used += bytes.size();
            send(side, {std::string{bytes}, {}});
            if (pipe.written == pipe.cut_at) cut(side);
            return;
        }
        const std::size_t kept = static_cast<std::size_t>(*pipe.cut_at - std::min(before, *pipe.cut_at));
        pipe.used += bytes.size();
        if (kept != 0) send(side, {std::string{bytes.substr(0, kept)}, {}});
        cut(side);
    }

    void cut(unsigned side) {
        pipes_[side].swallows = true;
        send(side, {{}, {}, simulated_end::reset, true});
    }

    void send(unsigned side, simulated_pipe::piece piece) {
        simulated_pipe& pipe = pipes_[side];
        if (pipe.swallows && !piece.both) return;
        const auto delay = network_->draw(network_->options_of(link).delay);
        pipe.last_due = piece.due = std::max(pipe.last_due, network_->clock_->now() + delay);
        pipe.flying.push_back(std::move(piece));
        arm(side);
    }

    void arm(unsigned side) {
        simulated_pipe& pipe = pipes_[side];
        if (pipe.flying.empty() || std::exchange(pipe.armed, true)) return;
        network_->arrive_at(pipe.flying.front().due, link, [self = shared_from_this(), side] { self->arrive(side); });
    }

    void arrive(unsigned side) {
        simulated_pipe& pipe = pipes_[side];
        pipe.armed = false;
        while (!pipe.flying.empty() && pipe.flying.front().due <= network_->clock_->now()) {
            simulated_pipe::piece piece = std::move(pipe.flying.front());
            pipe.flying.pop_front();
            if (piece.both) return reset();
            if (piece.end != simulated_end::open) {
                if (pipe.end == simulated_end::open) pipe.end = piece.end;
                if (piece.end == simulated_end::reset) lose(1 - side);
                continue;
            }
            tell(event::arrived, side, piece.bytes.size());
            if (pipe.reader_closed) {
                pipe.used -= piece.bytes.size();
                // Their writer learns it, behind all that was sent to it before.
                send(1 - side, {{}, {}, simulated_end::reset});
                continue;
            }
            pipe.arrived += piece.bytes;
        }
        advance_reader(side);
        arm(side);
    }

    /// The host of `side` learns that the connection is gone: it can still read what has arrived, and no more.
    void lose(unsigned side) {
        simulated_pipe& in = pipes_[1 - side];
        simulated_pipe& out = pipes_[side];
        if (!std::exchange(out.writer_reset, true) && out.writer.pending)
            out.writer.finish(boost::asio::error::connection_reset);
        if (in.end == simulated_end::open) in.end = simulated_end::reset;
        advance_reader(1 - side);
    }

    void advance_reader(unsigned direction) {
        simulated_pipe& pipe = pipes_[direction];
        if (!pipe.reader.pending) return;
        if (!pipe.arrived.empty()) {
            const std::size_t there = std::min(pipe.arrived.size(), pipe.reader.count);
            const std::size_t count = network_->draw_size(network_->options_of(link).largest_read, there);
            std::memcpy(pipe.reader.into, pipe.arrived.data(), count);
            pipe.arrived.erase(0, count);
            pipe.used -= std::min(count, pipe.used);
            pipe.reader.moved = count;
            pipe.reader.finish({});
            advance_writer(direction);
        } else if (pipe.end != simulated_end::open) {
            pipe.reader.finish(pipe.end == simulated_end::closed
                                   ? boost::system::error_code{boost::asio::error::eof}
                                   : boost::system::error_code{boost::asio::error::connection_reset});
        }
    }

    void advance_writer(unsigned side) {
        simulated_operation& writer = pipes_[side].writer;
        if (!writer.pending) return;
        writer.moved += take_in(side, writer.from + writer.moved, writer.count - writer.moved);
        if (writer.moved == writer.count) writer.finish({});
    }

    std::shared_ptr<network> network_;

public:
    const std::uint64_t id;
    const std::string hosts[2];
    const std::pair<std::string, std::string> link;

private:
    simulated_pipe pipes_[2];
    std::string kept_;  ///< what was written to the listening side, for a replay
    std::size_t kept_room_ = 0;
};

/// One end of a connection.
class simulated_stream final : public byte_stream {
public:
    simulated_stream(std::shared_ptr<simulated_connection> connection, unsigned side,
                     boost::asio::any_io_executor executor)
        : connection_(std::move(connection)), executor_(std::move(executor)), side_(side) {}

    ~simulated_stream() override { connection_->close(side_); }

    void async_read(char* into, std::size_t room, io_handler done) override {
        connection_->read(side_, executor_, into, room, std::move(done));
    }
    std::size_t try_write(const char* from, std::size_t count, boost::system::error_code& failure) override {
        return connection_->try_write(side_, from, count, failure);
    }
    void async_write(const char* from, std::size_t count, io_handler done) override {
        connection_->write(side_, executor_, from, count, std::move(done));
    }
    bool end_sending() noexcept override { return connection_->end_sending(side_); }
    void close() noexcept override { connection_->close(side_); }
    std::string peer() const override {
        return connection_->hosts[1 - side_] + ':' + std::to_string(side_ == 1 ? connection_->id : 0);
    }

private:
    std::shared_ptr<simulated_connection> connection_;
    boost::asio::any_io_executor executor_;
    unsigned side_;
};

}  // namespace farcall::detail
