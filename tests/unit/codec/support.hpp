#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <farcall/codec/codecs.hpp>

namespace codec_test {

/// A copy of a text on memory of exactly its size, so that a sanitizer sees one byte too many.
class exact_text {
public:
    explicit exact_text(std::string_view text) : bytes_(new char[text.size()]), size_(text.size()) {
        if (size_ != 0) std::memcpy(bytes_.get(), text.data(), size_);
    }
    std::string_view view() const { return {bytes_.get(), size_}; }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_;
};

template <class T>
std::string encoded(const T& value) {
    farcall::detail::text_buffer out;
    farcall::codec_error error;
    EXPECT_TRUE(farcall::encode(out, value, error)) << error.text();
    return std::string{out.view()};
}

template <class T>
std::string encode_error(const T& value) {
    farcall::detail::text_buffer out;
    out.append("before");
    farcall::codec_error error;
    EXPECT_FALSE(farcall::encode(out, value, error)) << out.view();
    EXPECT_EQ(out.view(), "before");
    EXPECT_FALSE(error.malformed);
    return error.text();
}

template <class T>
T decoded(std::string_view text) {
    const exact_text copy{text};
    T value{};
    farcall::codec_error error;
    EXPECT_TRUE(farcall::decode(copy.view(), value, error)) << text << ": " << error.text();
    return value;
}

/// What is wrong with a text of the wrong shape; texts that are no JSON at all say so first.
template <class T>
std::string decode_error(std::string_view text) {
    const exact_text copy{text};
    T value{};
    farcall::codec_error error;
    EXPECT_FALSE(farcall::decode(copy.view(), value, error)) << text;
    EXPECT_LE(error.offset, text.size());
    EXPECT_FALSE(error.message.empty());
    return (error.malformed ? "malformed: " : "") + error.text();
}

/// Encodes to exactly this text, and back to a value that encodes to the same.
template <class T>
void expect_form(const T& value, std::string_view json) {
    EXPECT_EQ(encoded(value), json);
    EXPECT_EQ(encoded(decoded<T>(json)), json);
    if constexpr (requires { value == value; }) {
        EXPECT_TRUE(decoded<T>(json) == value) << json;
    }
}

}  // namespace codec_test
