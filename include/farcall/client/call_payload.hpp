#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

#include <farcall/detail/kept_memory.hpp>
#include <farcall/detail/text_buffer.hpp>

namespace farcall::detail {

/// A buffer of the thread's that texts are written into before it is known how long they are.
///
/// Who uses it has it alone, until the end of the object; another one on the same thread meanwhile has a new one.
class scratch_text {
public:
    scratch_text() noexcept {
        if (memory_of_thread* const kept = spare()) text_.swap(kept->text);
    }
    scratch_text(const scratch_text&) = delete;
    scratch_text& operator=(const scratch_text&) = delete;
    ~scratch_text() { give(std::move(text_)); }

    text_buffer& text() noexcept { return text_; }

    /// Leaves memory that is not needed any more to the next one on this thread.
    static void give(text_buffer&& memory) noexcept {
        memory_of_thread* const kept = spare();
        if (kept == nullptr || memory.capacity() <= kept->text.capacity()) return;
        if (!kept->use.keeps(memory.capacity(), memory.size())) return;
        memory.clear();
        kept->text.swap(memory);
    }

private:
    struct memory_of_thread {
        text_buffer text;
        kept_memory<64u << 10> use;
    };

    /// Null: the thread has ended as far as its own objects go. Objects of static storage make calls even then.
    static memory_of_thread* spare() noexcept {
        static constinit thread_local bool gone = false;
        struct keeper {
            memory_of_thread memory;
            ~keeper() { gone = true; }
        };
        if (gone) return nullptr;
        static thread_local keeper kept;
        return &kept.memory;
    }

    text_buffer text_;
};

/// The encoded arguments of a call: short ones inside of it, without memory of their own.
class call_payload {
public:
    call_payload() noexcept = default;
    call_payload(call_payload&& other) noexcept : size_(std::exchange(other.size_, 0)), far_(std::move(other.far_)) {
        std::memcpy(near_, other.near_, room);
    }
    call_payload& operator=(call_payload&&) = delete;
    ~call_payload() {
        if (far_.capacity() != 0) scratch_text::give(std::move(far_));
    }

    /// Takes what `write(text_buffer&)` writes.
    /// @returns what that returns
    template <class Write>
    auto write(Write&& write) {
        scratch_text scratch;
        auto returned = std::forward<Write>(write)(scratch.text());
        keep(scratch.text());
        return returned;
    }

    std::string_view view() const noexcept { return {far_.capacity() != 0 ? far_.data() : near_, size_}; }
    std::size_t size() const noexcept { return size_; }

private:
    void keep(text_buffer& text) noexcept {
        size_ = text.size();
        if (size_ > room)
            far_.swap(text);
        else if (text.capacity() >= room)
            std::memcpy(near_, text.data(), room);  // all of it: a copy whose length is known is a few instructions
        else if (size_ != 0)
            std::memcpy(near_, text.data(), size_);
    }

    static constexpr std::size_t room = 64;

    std::size_t size_ = 0;
    text_buffer far_;     ///< without memory: the text is in `near_`
    char near_[room];
};

}  // namespace farcall::detail
