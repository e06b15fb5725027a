#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace farcall::detail {

/// A growable run of bytes that all outgoing text is written into.
///
/// What `std::string` cannot do cheaply: hand out uninitialised room (`prepare`) and take back what was used
/// (`commit`), so that a number is formatted in place and a read lands where it is parsed.
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
class text_buffer {
public:
    text_buffer() noexcept = default;

    text_buffer(text_buffer&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)),
          size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}

    text_buffer& operator=(text_buffer&& other) noexcept {
        swap(other);
        return *this;
    }

    ~text_buffer() { std::free(data_); }

    void swap(text_buffer& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
    }

    char* data() noexcept { return data_; }
    const char* data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }
    std::size_t capacity() const noexcept { return capacity_; }
    bool empty() const noexcept { return size_ == 0; }
    std::string_view view() const noexcept { return {data_, size_}; }

    /// Room for at least `count` more bytes behind the end; valid until the next change of the buffer.
    char* prepare(std::size_t count) {
        if (capacity_ - size_ < count) grow(count);
        return data_ + size_;
    }

    /// Takes the first `count` bytes of what `prepare` gave as content.
    void commit(std::size_t count) noexcept { size_ += count; }

    /// `text` may not lie inside this buffer.
    void append(std::string_view text) {
        if (text.empty()) return;
        std::memcpy(prepare(text.size()), text.data(), text.size());
        size_ += text.size();
    }

    void push_back(char byte) {
        *prepare(1) = byte;
        ++size_;
    }

    /// Puts `text` in front of what begins at `at`, at most the end. `text` may not lie inside this buffer.
    void insert(std::size_t at, std::string_view text) {
        if (text.empty()) return;
        prepare(text.size());
        std::memmove(data_ + at + text.size(), data_ + at, size_ - at);
        std::memcpy(data_ + at, text.data(), text.size());
        size_ += text.size();
    }

    /// Forgets everything behind the first `size` bytes.
    void truncate(std::size_t size) noexcept { size_ = size; }

    /// Forgets the content and keeps the memory.
    void clear() noexcept { size_ = 0; }

    /// Drops the first `count` bytes; what remains moves to the front.
    void consume(std::size_t count) noexcept {
        if (count >= size_) {
            size_ = 0;
        } else if (count != 0) {
            std::memmove(data_, data_ + count, size_ - count);
            size_ -= count;
        }
    }

    /// Gives the memory back; the content is lost.
    void release() noexcept {
        std::free(data_);
        data_ = nullptr;
        size_ = capacity_ = 0;
    }

private:
    void grow(std::size_t count) {
        constexpr std::size_t most = static_cast<std::size_t>(-1) / 4;  // no memory is as large, and no sum too large
        if (count > most) throw std::bad_alloc{};
        std::size_t wanted = capacity_ < 256 ? 512 : capacity_ * 2;
        if (wanted < size_ + count) wanted = size_ + count;
        void* moved = std::realloc(data_, wanted);
        if (moved == nullptr) throw std::bad_alloc{};
        data_ = static_cast<char*>(moved);
        capacity_ = wanted;
    }

    char* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace farcall::detail
