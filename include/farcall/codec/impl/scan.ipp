#pragma once

#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include <rapidjson/reader.h>

#include <farcall/codec/impl/scan_input.ipp>
#include <farcall/codec/scan.hpp>
#include <farcall/detail/utf8.hpp>

namespace farcall::detail {

/// Receives RapidJSON's events; counts the depth, checks decoded strings, cuts the outermost parts out of the text.
class scan_handler {
public:
    using Ch = char;

    /// @param numbers_blank  the stream's text is `scan_without_numbers(text)`
    scan_handler(std::string_view text, const scan_stream& stream, std::size_t max_depth, bool escapes,
                 bool numbers_blank, scan_visitor* visitor) noexcept
        : text_(text),
          stream_(stream),
          max_depth_(max_depth),
          visitor_(visitor),
          escapes_(escapes),
          numbers_blank_(numbers_blank),
          next_(scan_skip_space(text, 0)) {}

    bool Null() { return scalar(json_kind::null, stream_.Tell()); }
    bool Bool(bool) { return scalar(json_kind::boolean, stream_.Tell()); }
    bool RawNumber(const char*, unsigned, bool) {
        if (depth_ > 1) return true;
        return scalar(json_kind::number, numbers_blank_ ? next_ + scan_number(text_, next_) : stream_.Tell());
    }
    bool String(const char* content, unsigned length, bool) {
        return sound(content, length) && scalar(json_kind::string, stream_.Tell());
    }
    bool Key(const char* content, unsigned length, bool) {
        if (!sound(content, length)) return false;
        if (depth_ != 1 || visitor_ == nullptr) return true;
        const std::size_t end = stream_.Tell();
        if (end - next_ == length + 2u) {
            name_ = text_.substr(next_ + 1, length);
        } else {
            unescaped_name_.assign(content, length);
            name_ = unescaped_name_;
        }
        next_ = scan_skip_space(text_, end);
        if (next_ < text_.size() && text_[next_] == ':') next_ = scan_skip_space(text_, next_ + 1);
        return true;
    }
    bool StartObject() { return open(); }
    bool StartArray() { return open(); }
    bool EndObject(unsigned) { return close(json_kind::object); }
    bool EndArray(unsigned) { return close(json_kind::array); }

    /// @{ Never called: numbers are kept as text.
    bool Int(int) { return false; }
    bool Uint(unsigned) { return false; }
    bool Int64(std::int64_t) { return false; }
    bool Uint64(std::uint64_t) { return false; }
    bool Double(double) { return false; }
    /// @}

    /// Why the handler itself stopped the reader; good if it did not.
    const scan_result& own_error() const noexcept { return own_error_; }
    const scan_value& root() const noexcept { return root_; }
    std::size_t told() const noexcept { return told_; }
    /// The first `count` parts have been told already.
    void skip(std::size_t count) noexcept { skip_ = count; }

private:
    bool open() {
        if (depth_ >= max_depth_) {
            own_error_ = {scan_error::too_deep, stream_.Tell(), "nested too deep"};
            return false;
        }
        if (++depth_ == 1) {
            root_.text = text_.substr(next_);
            inside_object_ = text_[next_] == '{';
            next_ = scan_skip_space(text_, next_ + 1);
        }
        return true;
    }

    bool close(json_kind kind) {
        const std::size_t end = stream_.Tell() + 1;
        if (--depth_ == 0) {
            root_ = {root_.text.substr(0, end - static_cast<std::size_t>(root_.text.data() - text_.data())), kind};
            return true;
        }
        return scalar(kind, end);
    }

    /// A value of any kind ends at `end`.
    bool scalar(json_kind kind, std::size_t end) {
        if (depth_ > 1) return true;
        const scan_value value{text_.substr(next_, end - next_), kind};
        if (depth_ == 0) {
            root_ = value;
            return true;
        }
        if (visitor_ == nullptr) return true;
        if (++told_ > skip_) {
            if (inside_object_) {
                visitor_->member(name_, value);
            } else {
                visitor_->element(value);
            }
        }
        next_ = scan_skip_space(text_, end);
        if (next_ < text_.size() && text_[next_] == ',') next_ = scan_skip_space(text_, next_ + 1);
        return true;
    }

    /// The text is well-formed, but `"\uDC00"` decodes to what is not, and RapidJSON lets it through.
    bool sound(const char* content, unsigned length) {
        if (!escapes_ || utf8_prefix({content, length}) == length) return true;
        own_error_ = {scan_error::malformed, stream_.Tell(),
                      "a \\u escape is half of a surrogate pair, before this place"};
        return false;
    }

    std::string_view text_;
    const scan_stream& stream_;
    std::size_t max_depth_;
    scan_visitor* visitor_;
    bool escapes_;
    bool numbers_blank_;
    bool inside_object_ = false;
    std::size_t next_;  ///< where the next outermost name or value begins; kept at depth 0 and 1 only
    std::size_t depth_ = 0;
    std::size_t told_ = 0;
    std::size_t skip_ = 0;
    std::string_view name_;
    std::string unescaped_name_;
    scan_value root_;
    scan_result own_error_;
};

constexpr std::string_view scan_reason(rapidjson::ParseErrorCode code) noexcept {
    switch (code) {
        case rapidjson::kParseErrorDocumentEmpty: return "expected a value";
        case rapidjson::kParseErrorObjectMissName: return "expected a member's name in quotes";
        case rapidjson::kParseErrorObjectMissColon: return "expected a colon after a member's name";
        case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket: return "expected a comma or } after a member";
        case rapidjson::kParseErrorArrayMissCommaOrSquareBracket: return "expected a comma or ] after an element";
        case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex: return "expected four hexadecimal digits after \\u";
        case rapidjson::kParseErrorStringUnicodeSurrogateInvalid: return "a \\u escape is half of a surrogate pair";
        case rapidjson::kParseErrorStringEscapeInvalid: return "a wrong escape or a bare control character in a string";
        case rapidjson::kParseErrorStringMissQuotationMark: return "a NUL byte in a string";
        case rapidjson::kParseErrorNumberMissFraction: return "expected a digit after the decimal point";
        case rapidjson::kParseErrorNumberMissExponent: return "expected a digit in the exponent";
        default: return "expected a value";
    }
}

FARCALL_DECL scan_result scan(std::string_view text, std::size_t max_depth, scan_visitor* visitor) {
    const std::size_t well_formed = utf8_prefix(text);
    if (well_formed != text.size()) return {scan_error::malformed, well_formed, "ill-formed UTF-8", {}};
    // RapidJSON counts in 32 bits.
    if (text.size() > std::numeric_limits<unsigned>::max() / 4)
        return {scan_error::malformed, 0, "the text is longer than a gibibyte", {}};
    const bool escapes = !text.empty() && std::memchr(text.data(), '\\', text.size()) != nullptr;

    std::string without_numbers;
    bool numbers_blank = false;
    std::size_t told = 0;
    for (;;) {
        constexpr unsigned flags =
            rapidjson::kParseIterativeFlag | rapidjson::kParseStopWhenDoneFlag | rapidjson::kParseNumbersAsStringsFlag;
        scan_stream stream{numbers_blank ? std::string_view{without_numbers} : text};
        scan_handler handler{text, stream, max_depth, escapes, numbers_blank, visitor};
        handler.skip(told);
        scan_arena arena;
        rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, scan_arena> reader{&arena};

        auto code = rapidjson::kParseErrorNone;
        std::size_t offset = 0;
        try {
            reader.Parse<flags>(stream, handler);
            code = reader.GetParseErrorCode();
            offset = reader.GetErrorOffset();
        } catch (const std::bad_alloc&) {
            throw;
        } catch (...) {
            // A program may have told RapidJSON to throw its parse errors (RAPIDJSON_PARSE_ERROR_NORETURN). Which one it
            // was is lost then, and it may be the one that is none.
            code = numbers_blank ? rapidjson::kParseErrorUnspecificSyntaxError : rapidjson::kParseErrorNumberTooBig;
            offset = stream.Tell();
        }

        if (!handler.own_error()) return handler.own_error();
        if (code == rapidjson::kParseErrorNumberTooBig && !numbers_blank) {
            // It refuses numbers beyond double even where it is to leave them as text.
            told = handler.told();
            without_numbers = scan_without_numbers(text);
            numbers_blank = true;
            continue;
        }
        if (code != rapidjson::kParseErrorNone) {
            if (offset >= text.size() ||
                (code == rapidjson::kParseErrorStringMissQuotationMark && stream.Tell() >= text.size()))
                return {scan_error::malformed, text.size(), "the text ends too early", {}};
            return {scan_error::malformed, offset, text[offset] == '\0' ? "a NUL byte" : scan_reason(code), {}};
        }
        const std::size_t rest =
            scan_skip_space(text, numbers_blank && handler.root().kind == json_kind::number
                                      ? handler.root().text.data() + handler.root().text.size() - text.data()
                                      : stream.Tell());
        if (rest != text.size())
            return {scan_error::malformed,
                    rest,
                    text[rest] == '\0' ? "a NUL byte after the value" : "more text after the value",
                    {}};
        return {scan_error::none, 0, {}, handler.root()};
    }
}

FARCALL_DECL std::string describe(const scan_result& found, std::size_t max_depth) {
    if (found.error == scan_error::too_deep)
        return "nested too deep at offset " + std::to_string(found.offset) + ": at most " + std::to_string(max_depth) +
               " arrays and objects inside each other are allowed (limits.depth), the message itself included";
    return "not JSON at offset " + std::to_string(found.offset) + ": " + std::string{found.reason};
}

FARCALL_DECL std::string_view scan_unescape(std::string_view token, std::string& scratch) {
    if (token.size() < 2) return {};
    token = token.substr(1, token.size() - 2);
    if (token.empty() || std::memchr(token.data(), '\\', token.size()) == nullptr) return token;

    const auto hex4 = [&](std::size_t at) {
        unsigned value = 0;
        for (std::size_t i = at; i < at + 4 && i < token.size(); ++i) {
            const char c = token[i];
            value = value * 16 + static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        }
        return value;
    };
    const auto put = [&](unsigned point) {
        const auto byte = [&](unsigned value) {
            scratch.push_back(static_cast<char>(static_cast<unsigned char>(value)));
        };
        if (point < 0x80) {
            byte(point);
        } else if (point < 0x800) {
            byte(0xC0 | point >> 6);
            byte(0x80 | (point & 0x3F));
        } else if (point < 0x10000) {
            byte(0xE0 | point >> 12);
            byte(0x80 | (point >> 6 & 0x3F));
            byte(0x80 | (point & 0x3F));
        } else {
            byte(0xF0 | point >> 18);
            byte(0x80 | (point >> 12 & 0x3F));
            byte(0x80 | (point >> 6 & 0x3F));
            byte(0x80 | (point & 0x3F));
        }
    };

    scratch.clear();
    for (std::size_t at = 0; at < token.size(); ++at) {
        if (token[at] != '\\' || at + 1 >= token.size()) {
            scratch.push_back(token[at]);
            continue;
        }
        switch (const char c = token[++at]) {
            case 'b': scratch.push_back('\b'); break;
            case 'f': scratch.push_back('\f'); break;
            case 'n': scratch.push_back('\n'); break;
            case 'r': scratch.push_back('\r'); break;
            case 't': scratch.push_back('\t'); break;
            case 'u': {
                unsigned point = hex4(at + 1);
                at += 4;
                if (point >= 0xD800 && point <= 0xDBFF) {
                    point = 0x10000 + ((point - 0xD800) << 10) + (hex4(at + 3) - 0xDC00);
                    at += 6;
                }
                put(point);
                break;
            }
            default: scratch.push_back(c); break;
        }
    }
    return scratch;
}

}  // namespace farcall::detail
