#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <boost/system/error_code.hpp>

#include <farcall/detail/kept_memory.hpp>
#include <farcall/detail/text_apart.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/transport/read_room.hpp>
#include <farcall/transport/transport.hpp>

namespace farcall::detail {

/// The reading and the writing loop of one connection: the only code that does I/O on it.
///
/// Reading: whatever has arrived is handed to the owner at once, in one piece, together with what it left over last
/// time. Writing: the owner appends to `out()` and calls `flush`; what is appended while a write is under way goes
/// out together in the next one.
///
/// @par Thread safety  Unsafe: used on the stream's executor only.
class duplex {
public:
    /// Who decides what the bytes mean. Any of these may call any function of the duplex.
    class owner {
    public:
        /// @param bytes  all that is unread, in order
        /// @returns how many of them are done with; the rest comes again, with more behind it
        virtual std::size_t on_bytes(std::string_view bytes) = 0;
        /// How many bytes the rest needs to become a whole message, if that is known; 0 otherwise.
        virtual std::size_t bytes_wanted() const = 0;
        /// Large memory has become empty; seldom asked.
        /// @returns whether it may be kept for what comes next; it counts as `buffered` then
        virtual bool may_keep_memory() { return true; }
        /// Everything that was appended has been handed to the system: after a write that had to wait, and after reading
        /// was paused.
        virtual void on_drained() = 0;
        /// The peer has ended its side behind `rest`, which nothing will complete.
        /// @returns whether there is more to send; the owner calls `close_when_sent` then
        virtual bool on_end(std::string_view rest) {
            static_cast<void>(rest);
            return false;
        }
        /// The last call: the connection has ended. `failure` is `eof` if the peer closed in order.
        virtual void on_closed(boost::system::error_code failure) = 0;

    protected:
        ~owner() = default;
    };

    /// @param executor  that of the stream
    /// @param shared    where to read into, if the stream can wait; must outlive this. Null: into memory of its own
    duplex(owner& who, std::unique_ptr<byte_stream> stream, boost::asio::any_io_executor executor,
           read_room* shared = nullptr)
        : owner_(who), stream_(std::move(stream)), executor_(std::move(executor)), shared_(shared) {}

    duplex(const duplex&) = delete;
    duplex& operator=(const duplex&) = delete;

    /// Begins to read. `self` holds the owner, and with it this object; every operation under way keeps it alive.
    FARCALL_DECL void start(std::weak_ptr<void> self);

    /// Where the owner appends what shall go out.
    text_buffer& out() noexcept { return out_; }

    /// Sends what was appended: as much as possible at once, the rest as soon as there is room.
    FARCALL_DECL void flush();

    /// The same with a large text that belongs into what was appended: it goes out from where it is, and only what there is
    /// no room for now is copied. It need not stay any longer than this call. Without memory for that copy the connection is
    /// closed: a part may be on its way already.
    FARCALL_DECL void flush_with(const text_apart& large);

    /// @{ Stops and goes on reading; what has arrived stays in the system's buffers.
    void pause_reading() noexcept { paused_ = true; }
    FARCALL_DECL void resume_reading();
    bool reading_paused() const noexcept { return paused_; }
    /// @}

    /// Bytes that were appended and not yet handed to the system.
    std::size_t unsent() const noexcept { return out_.size() + (sending_.size() - sent_); }
    /// Bytes held for this connection: unsent, received without being a whole message yet, and large memory that is kept
    /// for what will be received.
    std::size_t buffered() const noexcept { return unsent() + in_.size() + lent_ + kept(); }
    /// Bytes handed to the system since the beginning.
    std::uint64_t written() const noexcept { return written_; }
    /// Whether the system or, before closing, the peer has not taken yet what was written.
    bool write_pending() const noexcept { return writing_ || lingering_; }
    /// Whether all is handed to the system, and nothing but the peer's end is awaited.
    bool lingering() const noexcept { return lingering_; }

    /// No whole message has come or gone for a while: gives back memory that is empty, or large and nearly so. A stream that
    /// cannot wait keeps what it reads into.
    FARCALL_DECL void rest() noexcept;

    /// Handles nothing more that arrives, sends what was appended, then closes, in a way that does not destroy what is
    /// still on its way to the peer.
    FARCALL_DECL void close_when_sent();
    /// Closes at once. `on_closed` follows, never from inside this call.
    FARCALL_DECL void close();
    bool closing() const noexcept { return closed_ || close_when_sent_; }
    /// Whether what is appended may still go out.
    bool writable() const noexcept { return !closing() && !unwritable_; }

    std::string peer() const { return stream_->peer(); }
    const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

private:
    static constexpr std::size_t first_room = 4096;
    static constexpr std::size_t largest_room = 256u << 10;
    /// Longer writes go out in such parts, so that `written` shows that a slow peer still takes something. Asio's
    /// sockets do not send more at a time either.
    static constexpr std::size_t largest_write = 64u << 10;
    static constexpr std::size_t kept_room = 1u << 20;  ///< larger buffers are kept only while they are needed
    /// What is still taken from a peer to which nothing can be sent any more.
    static constexpr std::size_t last_words = 4u << 20;

    /// Large memory behind a small rest of what was received.
    std::size_t kept() const noexcept {
        return in_.capacity() <= kept_room || in_.size() > in_.capacity() / 4 ? 0 : in_.capacity() - in_.size();
    }
    bool keeps(kept_memory<kept_room>& memory, const text_buffer& buffer, std::size_t used) {
        if (buffer.capacity() <= kept_room) return true;
        return memory.keeps(buffer.capacity(), used) && owner_.may_keep_memory();
    }
    void give_back_received() noexcept;
    void send_with(const text_apart& large);

    template <void (duplex::*Function)(boost::system::error_code, std::size_t)>
    io_handler handler();
    void read();
    bool may_read() const noexcept { return !reading_ && !paused_ && !ended_ && !closing(); }
    char* room_for_more();
    void on_readable(boost::system::error_code failure, std::size_t count);
    std::size_t read_now(boost::system::error_code& failure, bool& more);
    void take(std::size_t count);
    void on_read(boost::system::error_code failure, std::size_t count);
    void handle(std::string_view lent = {});
    bool may_write() const noexcept { return !writing_ && !closed_ && !lingering_ && !unwritable_; }
    void write_more();
    void on_written(boost::system::error_code failure, std::size_t count);
    void lost(boost::system::error_code failure);
    bool ends_later();
    void write_lost(boost::system::error_code failure);
    void finish_if_idle();
    void all_sent();
    void keep_sent();
    void discard();

    owner& owner_;
    std::unique_ptr<byte_stream> stream_;
    boost::asio::any_io_executor executor_;
    read_room* shared_;  ///< null: none, or the stream cannot wait
    std::weak_ptr<void> self_;
    text_buffer in_;
    text_buffer out_;
    text_buffer sending_;
    std::size_t taken_ = 0;  ///< what `in_` held when something came last
    std::size_t sent_ = 0;
    std::size_t lent_ = 0;  ///< bytes in the shared room that are being handled
    std::size_t room_ = first_room;
    std::uint64_t written_ = 0;
    std::size_t read_since_ = 0;  ///< bytes that came since nothing can be sent any more
    boost::system::error_code failure_;
    kept_memory<kept_room> in_kept_;
    kept_memory<kept_room> out_kept_;
    bool reading_ = false;   ///< or waiting for something to read
    bool waiting_ = false;   ///< for that alone
    bool writing_ = false;
    bool handling_ = false;
    bool paused_ = false;
    bool ended_ = false;       ///< the peer has ended its side, and the owner goes on sending
    bool unwritable_ = false;  ///< a write has failed; what has arrived is still read
    bool close_when_sent_ = false;
    bool lingering_ = false;  ///< all is sent, and the peer's end is awaited
    bool closed_ = false;
    bool finished_ = false;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/transport/impl/duplex.ipp>
#endif
