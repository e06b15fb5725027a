#pragma once

#include <charconv>
#include <cmath>
#include <cstring>

#include <farcall/codec/double_text.hpp>
#include <farcall/codec/json_writer.hpp>
#include <farcall/codec/string_scan.hpp>
#include <farcall/detail/short_copy.hpp>

namespace farcall {

FARCALL_DECL const codec_error& json_writer::error() const noexcept {
    static const codec_error none{};
    return error_ == nullptr ? none : *error_;
}

FARCALL_DECL bool json_writer::fail(std::string what) {
    if (error_ == nullptr) {
        error_ = std::make_unique<codec_error>();
        error_->message = std::move(what);
    }
    return false;
}

FARCALL_DECL bool json_writer::at_index(std::size_t index) {
    if (error_ != nullptr) detail::prepend_index(error_->path, index);
    return false;
}

FARCALL_DECL bool json_writer::at_member(std::string_view name) {
    if (error_ != nullptr) detail::prepend_member(error_->path, name);
    return false;
}

FARCALL_DECL bool json_writer::too_deep() {
    return fail("nested deeper than " + std::to_string(max_depth_));
}

template <class Floating>
bool json_writer::floating(Floating value) {
    if (!std::isfinite(value)) {
        return fail(std::isnan(value)
                        ? "NaN has no JSON form; use std::optional for a number that may be missing"
                        : "infinity has no JSON form; use std::optional for a number that may be missing");
    }
    constexpr std::size_t room = detail::double_room + 1;
    char* const first = out_.prepare(room);
    char* p = first;
    if (comma_) *p++ = ',';
    if constexpr (sizeof value == sizeof(double)) {
        p = detail::write_double(p, value);
    } else {
        p = std::to_chars(p, first + room, value).ptr;
    }
    out_.commit(static_cast<std::size_t>(p - first));
    comma_ = true;
    return true;
}

FARCALL_DECL bool json_writer::number(double value) {
    return floating(value);
}
FARCALL_DECL bool json_writer::number(float value) {
    return floating(value);
}

FARCALL_DECL bool json_writer::string(std::string_view text) {
    const char* run = text.data();
    const char* const end = run + text.size();
    const char* p = detail::skip_plain(run, end);
    char* const room = out_.prepare(text.size() + 3);
    char* to = room;
    if (comma_) *to++ = ',';
    comma_ = true;
    *to++ = '"';
    if (p == end) {
        to = detail::short_copy(to, run, text.size());
        *to++ = '"';
        out_.commit(static_cast<std::size_t>(to - room));
        return true;
    }
    out_.commit(static_cast<std::size_t>(to - room));
    for (;; p = detail::skip_plain(p, end)) {
        if (p == end) break;
        const auto c = static_cast<unsigned char>(*p);
        if (c >= 0x80) {
            do {
                const std::size_t length = detail::utf8_sequence(p, end);
                if (length == 0) {
                    return fail("text is not valid UTF-8 at byte " + std::to_string(p - text.data()) +
                                "; send bytes as std::vector<std::byte>");
                }
                p += length;
            } while (p != end && static_cast<unsigned char>(*p) >= 0x80);
            continue;
        }
        out_.append({run, static_cast<std::size_t>(p - run)});
        char* out = out_.prepare(6);
        std::size_t length = 2;
        out[0] = '\\';
        switch (c) {
            case '"':
            case '\\':
                out[1] = static_cast<char>(c);
                break;
            case '\b':
                out[1] = 'b';
                break;
            case '\f':
                out[1] = 'f';
                break;
            case '\n':
                out[1] = 'n';
                break;
            case '\r':
                out[1] = 'r';
                break;
            case '\t':
                out[1] = 't';
                break;
            default:
                out[1] = 'u';
                out[2] = out[3] = '0';
                out[4] = static_cast<char>('0' + (c >> 4));
                out[5] = "0123456789abcdef"[c & 15];
                length = 6;
        }
        out_.commit(length);
        run = ++p;
    }
    out_.append({run, static_cast<std::size_t>(p - run)});
    out_.push_back('"');
    return true;
}

FARCALL_DECL bool json_writer::string_that_stays(std::string_view text) {
    if (apart_ == nullptr || !apart_->text.empty() || text.size() < detail::text_apart::least ||
        detail::skip_plain(text.data(), text.data() + text.size()) != text.data() + text.size())
        return string(text);
    value("\"");
    *apart_ = {out_.size(), text};
    out_.push_back('"');
    return true;
}

}  // namespace farcall
