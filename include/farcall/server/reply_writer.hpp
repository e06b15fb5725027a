#pragma once

#include <cstddef>
#include <memory>

#include <farcall/protocol/frame.hpp>
#include <farcall/protocol/framing.hpp>
#include <farcall/protocol/request.hpp>
#include <farcall/server/reply_batch.hpp>
#include <farcall/transport/duplex.hpp>
#include <farcall/transport/time_source.hpp>

namespace farcall::detail {

/// Puts the messages that go out on one connection into its frames, and gathers those that leave together.
///
/// @par Thread safety  Unsafe: lives where its connection lives.
class reply_writer {
public:
    /// @param wire     takes the frames
    /// @param framing  makes them; null: native frames
    /// @param time     for dialects that say it
    reply_writer(duplex& wire, const std::unique_ptr<framing>& framing, const time_source& time) noexcept
        : wire_(wire), framing_(framing), time_(time) {}

    /// @{ One reply: the buffer to append the JSON text to, then its end. `batch` is null for a message of its own. In
    /// line, because every call comes by; what is not on native frames is elsewhere.
    [[gnu::always_inline]] text_buffer& begin(reply_batch* batch) {
        if (batch != nullptr || framing_) return begin_other(batch);
        unsent_before_ = wire_.unsent();
        mark_ = begin_frame(wire_.out());
        return wire_.out();
    }
    /// @returns null; or, if it is longer than it may be, the limit's name: it is taken back then
    [[gnu::always_inline]] const char* end(reply_batch* batch, std::size_t batch_limit = static_cast<std::size_t>(-1)) {
        if (batch == nullptr && !framing_ && end_frame(wire_.out(), mark_)) return nullptr;
        return end_other(batch, batch_limit);
    }
    /// The same of a reply into which a large text belongs: it goes out at once. Only where frames are `native`.
    FARCALL_DECL const char* end_with(const text_apart& large);
    bool native() const noexcept { return !framing_; }
    /// Where it is written, for another look before its end.
    text_buffer& text(reply_batch* batch) noexcept { return batch != nullptr ? batch->text : wire_.out(); }
    FARCALL_DECL void cancel(reply_batch* batch);
    /// @}

    /// Answers what is no request.
    FARCALL_DECL void refuse(const refusal& why, reply_batch* batch);

    /// Says why the connection ends.
    FARCALL_DECL void refuse_all(const refusal& why);

    /// An element of the batch has ended; the last one sends it.
    FARCALL_DECL void leave(const std::shared_ptr<reply_batch>& batch);

    /// Bytes of replies that wait for the rest of their batch.
    std::size_t gathered() const noexcept { return gathered_; }
    /// Bytes that waited to be sent when the last reply was begun.
    std::size_t unsent_before() const noexcept { return unsent_before_; }

private:
    FARCALL_DECL text_buffer& begin_other(reply_batch* batch);
    FARCALL_DECL const char* end_other(reply_batch* batch, std::size_t batch_limit);

    duplex& wire_;
    const std::unique_ptr<framing>& framing_;
    const time_source& time_;
    std::size_t mark_ = 0;
    std::size_t gathered_ = 0;
    std::size_t unsent_before_ = 0;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/reply_writer.ipp>
#endif
