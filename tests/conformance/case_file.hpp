#pragma once

#include <charconv>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <farcall/codec/scan.hpp>

/// @file
/// The cases of tests/data/jsonrpc2_cases.json as C++ values, and what a reply must be to match them. The format is
/// described in tests/data/README.md.
namespace conformance {

/// A JSON value with all its parts. The texts lie in what it was read from.
///
/// RapidJSON's own does not compile with clang 19 (Debian's 1.1.0 assigns to a const member).
class json_value {
public:
    using member = std::pair<std::string, json_value>;

    /// @param text  well-formed JSON, at most `most_depth` deep; must outlive the value
    explicit json_value(std::string_view text) {
        parts found{*this};
        const auto whole = farcall::detail::scan(text, most_depth, &found);
        if (!whole) throw std::runtime_error{farcall::detail::describe(whole, most_depth)};
        text_ = whole.value.text;
        kind_ = whole.value.kind;
        if (std::string scratch; is_string()) string_ = farcall::detail::scan_unescape(text_, scratch);
    }

    std::string_view text() const { return text_; }
    const std::string& string() const { return string_; }
    bool is_string() const { return kind_ == farcall::json_kind::string; }
    const std::vector<json_value>& elements() const { return elements_; }
    const std::vector<member>& members() const { return members_; }
    bool has(std::string_view name) const { return find(name) != nullptr; }
    const json_value& operator[](std::string_view name) const {
        if (const json_value* const value = find(name)) return *value;
        throw std::runtime_error{"no member " + std::string{name} + " in " + std::string{text_}};
    }
    const json_value* find(std::string_view name) const {
        for (const auto& [known, value] : members_)
            if (known == name) return &value;
        return nullptr;
    }
    template <class Integer>
    Integer integer() const {
        Integer number{};
        if (std::from_chars(text_.data(), text_.data() + text_.size(), number).ptr != text_.data() + text_.size())
            throw std::runtime_error{"no integer: " + std::string{text_}};
        return number;
    }

    /// The same value and type: 1 equals 1.0, but not "1"; the order of members has no meaning.
    friend bool operator==(const json_value& a, const json_value& b) {
        if (a.kind_ != b.kind_ || a.elements_ != b.elements_ || a.members_.size() != b.members_.size()) return false;
        for (const auto& [name, value] : a.members_) {
            const json_value* const other = b.find(name);
            if (other == nullptr || !(value == *other)) return false;
        }
        switch (a.kind_) {
            case farcall::json_kind::number: return same_number(a.text_, b.text_);
            case farcall::json_kind::string: return a.string_ == b.string_;
            case farcall::json_kind::boolean: return a.text_ == b.text_;
            default: return true;
        }
    }

    static constexpr std::size_t most_depth = 100;

private:
    struct parts final : farcall::detail::scan_visitor {
        explicit parts(json_value& into) : value(into) {}
        void member(std::string_view name, const farcall::detail::scan_value& part) override {
            value.members_.emplace_back(name, json_value{part.text});
        }
        void element(const farcall::detail::scan_value& part) override { value.elements_.emplace_back(part.text); }
        json_value& value;
    };

    static bool same_number(std::string_view a, std::string_view b) {
        constexpr std::string_view fraction = ".eE";
        if (a.find_first_of(fraction) == a.npos && b.find_first_of(fraction) == b.npos) return a == b;
        const auto number = [](std::string_view text) {
            double value = 0;
            std::from_chars(text.data(), text.data() + text.size(), value);
            return value;
        };
        return number(a) == number(b);
    }

    std::string_view text_;
    farcall::json_kind kind_ = farcall::json_kind::none;
    std::string string_;
    std::vector<json_value> elements_;
    std::vector<member> members_;
};

/// JSON text of a value, for messages.
inline std::string to_text(const json_value& value) { return std::string{value.text()}; }

/// Whether a text is JSON of the same value and type.
inline bool same_json(const json_value& expected, std::string_view text) {
    return farcall::detail::scan(text, json_value::most_depth) && json_value{text} == expected;
}

/// The outermost parts of a reply.
struct reply_parts final : farcall::detail::scan_visitor {
    std::vector<std::pair<std::string, farcall::detail::scan_value>> members;
    std::vector<std::string_view> elements;

    void member(std::string_view name, const farcall::detail::scan_value& value) override {
        members.emplace_back(name, value);
    }
    void element(const farcall::detail::scan_value& value) override { elements.push_back(value.text); }

    const farcall::detail::scan_value* find(std::string_view name) const {
        for (const auto& [known, value] : members)
            if (known == name) return &value;
        return nullptr;
    }
};

/// Whether one response object is as `expected` (an "R" of the format) says.
inline bool matches_response(const json_value& expected, std::string_view reply, std::string& why) {
    const auto no = [&](std::string text) {
        why = std::move(text) + ", in " + std::string{reply.substr(0, 300)};
        return false;
    };
    reply_parts parts;
    const auto found = farcall::detail::scan(reply, 100, &parts);
    if (!found) return no("the reply is " + farcall::detail::describe(found, 100));
    if (found.value.kind != farcall::json_kind::object) return no("the reply is no object");
    if (parts.members.size() != 3) return no("the reply has not exactly three members");
    const auto* const version = parts.find("jsonrpc");
    if (version == nullptr || version->text != "\"2.0\"") return no("no \"jsonrpc\":\"2.0\"");

    const auto part_matches = [&](const char* name, const char* raw_name) {
        const auto* const value = parts.find(name);
        if (value == nullptr) return no("no " + std::string{name});
        if (expected.has(raw_name)) {
            if (value->text != expected[raw_name].string())
                return no(std::string{name} + " is not " + expected[raw_name].string());
        } else if (!same_json(expected[name], value->text)) {
            return no(std::string{name} + " is not " + to_text(expected[name]));
        }
        return true;
    };
    if (!part_matches("id", "id_raw")) return false;
    if (!expected.has("error")) return part_matches("result", "result_raw");

    const auto* const error = parts.find("error");
    if (error == nullptr) return no("no error, but " + to_text(expected["error"]) + " expected");
    reply_parts error_parts;
    if (error->kind != farcall::json_kind::object || !farcall::detail::scan(error->text, 100, &error_parts))
        return no("the error is no object");
    const auto* const code = error_parts.find("code");
    const auto* const message = error_parts.find("message");
    if (code == nullptr || message == nullptr || message->kind != farcall::json_kind::string)
        return no("the error has no code or no message");
    for (const auto& [name, wanted] : expected["error"].members()) {
        const auto* const value = error_parts.find(name);
        if (value == nullptr || !same_json(wanted, value->text))
            return no("error." + name + " is not " + to_text(wanted));
    }
    return true;
}

/// Whether an array holds exactly these responses, in any order.
inline bool matches_batch(const json_value& expected, std::string_view reply, std::string& why) {
    reply_parts parts;
    const auto found = farcall::detail::scan(reply, 100, &parts);
    if (!found || found.value.kind != farcall::json_kind::array) {
        why = "the reply is no array: " + std::string{reply.substr(0, 300)};
        return false;
    }
    const std::size_t count = expected.elements().size();
    if (parts.elements.size() != count) {
        why = "the reply has " + std::to_string(parts.elements.size()) + " elements, expected " + std::to_string(count);
        return false;
    }
    // Several expectations may fit one element, so each takes what it can get and makes others move (Kuhn's matching).
    std::vector<std::optional<std::size_t>> taken_by(count);
    const std::function<bool(std::size_t, std::vector<bool>&)> place = [&](std::size_t wanted,
                                                                           std::vector<bool>& tried) {
        for (std::size_t at = 0; at < count; ++at) {
            if (tried[at] || !matches_response(expected.elements()[wanted], parts.elements[at], why)) continue;
            tried[at] = true;
            if (!taken_by[at] || place(*taken_by[at], tried)) {
                taken_by[at] = wanted;
                return true;
            }
        }
        return false;
    };
    for (std::size_t wanted = 0; wanted < count; ++wanted) {
        std::vector<bool> tried(count);
        if (!place(wanted, tried)) {
            why = "nothing in the batch is " + to_text(expected.elements()[wanted]) + "; " + why;
            return false;
        }
    }
    why.clear();
    return true;
}

/// What a message must be answered with.
struct expectation {
    const json_value* json = nullptr;
    /// Of several alternatives only the first counts: what our own server answers, DESIGN section 2.
    bool first_only = true;
};

/// Whether a reply is as expected.
///
/// @param reply  one message of the server; empty: it did not answer
/// @param why    on failure, what differs
inline bool matches(const expectation& expected, std::optional<std::string_view> reply, std::string& why) {
    const json_value& json = *expected.json;
    if (json.has("any_of")) {
        std::string all;
        for (const json_value& alternative : json["any_of"].elements()) {
            if (matches({&alternative, expected.first_only}, reply, why)) return true;
            if (expected.first_only) return false;
            all += all.empty() ? why : "; or " + why;
        }
        why = all;
        return false;
    }
    if (json.has("none")) {
        if (!reply) return true;
        why = "expected no reply, got " + std::string{reply->substr(0, 300)};
        return false;
    }
    if (!reply) {
        why = "no reply, expected " + to_text(json);
        return false;
    }
    return json.has("batch") ? matches_batch(json["batch"], *reply, why) : matches_response(json["one"], *reply, why);
}

/// Whether the replies on a stream, in order, are as expected.
inline bool matches(const std::vector<expectation>& expected, const std::vector<std::string>& replies,
                    std::string& why) {
    const auto sequence = [&](const auto& self, std::vector<expectation> rest, std::size_t at) -> bool {
        if (rest.empty()) {
            if (at == replies.size()) return true;
            why = "more replies than expected: " + replies[at].substr(0, 300);
            return false;
        }
        const expectation first = rest.front();
        rest.erase(rest.begin());
        const json_value& json = *first.json;
        if (json.has("any_of")) {
            for (const json_value& alternative : json["any_of"].elements()) {
                std::vector<expectation> with = rest;
                with.insert(with.begin(), {&alternative, first.first_only});
                if (self(self, std::move(with), at)) return true;
                if (first.first_only) break;
            }
            return false;
        }
        if (json.has("sequence")) {
            std::vector<expectation> with;
            for (const json_value& part : json["sequence"].elements()) with.push_back({&part, first.first_only});
            with.insert(with.end(), rest.begin(), rest.end());
            return self(self, std::move(with), at);
        }
        if (at == replies.size()) {
            why = "a reply is missing: " + to_text(json);
            return false;
        }
        return matches(first, replies[at], why) && self(self, std::move(rest), at + 1);
    };
    return sequence(sequence, expected, 0);
}

struct server_case {
    std::string name;
    std::string rule;
    bool policy = false;  ///< The specification leaves it open; otherwise it demands it.
    std::string request;  ///< The message's bytes.
    expectation expect;
    std::optional<std::vector<std::string>> notes;  ///< What `note` must have recorded, in any order; empty: not asked.
    std::vector<std::string> transports;            ///< Empty: all.

    bool applies_to(std::string_view transport) const {
        for (const std::string& known : transports)
            if (known == transport) return true;
        return transports.empty();
    }
};

struct stream_case {
    std::string name;
    std::string rule;
    std::vector<std::string> send;
    std::vector<expectation> expect;
    std::string connection_after;  ///< "open", "closed" or "any".
    std::optional<std::vector<std::string>> notes;
};

/// What becomes of one pending call of a client.
struct client_outcome {
    /// "result", "error", "pending", "malformed", "bad_result", "connection_error_or_pending", "malformed_or_pending".
    std::string kind;
    const json_value* result = nullptr;  ///< If `kind` is "result"; compare with `same_json`.
    std::int64_t code = 0;               ///< If `kind` is "error".
    std::string message;
    const json_value* data = nullptr;  ///< Null: not asked.
};

struct client_case {
    std::string name;
    std::string rule;
    std::vector<std::uint64_t> pending;
    std::vector<std::string> receive;
    std::map<std::uint64_t, client_outcome> outcome;
    std::string connection_after;
};

inline std::string from_base64(std::string_view text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    unsigned bits = 0;
    int count = 0;
    for (char c : text) {
        const std::size_t digit = alphabet.find(c);
        if (digit == alphabet.npos) break;
        bits = bits << 6 | static_cast<unsigned>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>(static_cast<unsigned char>(bits >> count));
        }
    }
    return bytes;
}

/// All cases. The expectations point into it: it must outlive them.
class case_file {
public:
    /// @throws std::runtime_error if the file is missing or of another format
    explicit case_file(const std::string& path) : text_(content_of(path)), all_(text_) {
        if (all_["format"].string() != "jsonrpc2-cases/1")
            throw std::runtime_error{path + " is not of the format jsonrpc2-cases/1"};
        for (const json_value& json : all_["server_cases"].elements()) read_server_case(json);
        for (const json_value& json : all_["stream_cases"].elements()) read_stream_case(json);
        for (const json_value& json : all_["client_cases"].elements()) read_client_case(json);
    }

    case_file(const case_file&) = delete;
    case_file& operator=(const case_file&) = delete;

    const std::vector<server_case>& server_cases() const { return server_cases_; }
    const std::vector<stream_case>& stream_cases() const { return stream_cases_; }
    const std::vector<client_case>& client_cases() const { return client_cases_; }

private:
    static std::string content_of(const std::string& path) {
        std::ifstream in{path, std::ios::binary};
        if (!in) throw std::runtime_error{path + " cannot be read"};
        return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
    }

    static std::vector<std::string> strings(const json_value& array) {
        std::vector<std::string> all;
        for (const json_value& one : array.elements()) all.push_back(one.string());
        return all;
    }

    static std::optional<std::vector<std::string>> notes_of(const json_value& json) {
        if (!json.has("notes")) return std::nullopt;
        return strings(json["notes"]);
    }

    void read_server_case(const json_value& json) {
        server_case one;
        one.name = json["name"].string();
        one.rule = json["rule"].string();
        one.policy = json["level"].string() == "policy";
        one.request = json.has("request") ? json["request"].string() : from_base64(json["request_base64"].string());
        one.expect.json = &json["expect"];
        one.notes = notes_of(json);
        if (json.has("transports")) one.transports = strings(json["transports"]);
        server_cases_.push_back(std::move(one));
    }

    void read_stream_case(const json_value& json) {
        stream_case one;
        one.name = json["name"].string();
        one.rule = json["rule"].string();
        one.send = strings(json["send"]);
        for (const json_value& part : json["expect"].elements()) one.expect.push_back({&part});
        one.connection_after = json["connection_after"].string();
        one.notes = notes_of(json);
        stream_cases_.push_back(std::move(one));
    }

    void read_client_case(const json_value& json) {
        client_case one;
        one.name = json["name"].string();
        one.rule = json["rule"].string();
        for (const json_value& id : json["pending"].elements()) one.pending.push_back(id.integer<std::uint64_t>());
        one.receive = strings(json["receive"]);
        for (const auto& [id, end] : json["outcome"].members()) {
            client_outcome& outcome = one.outcome[std::stoull(id)];
            if (end.is_string()) {
                outcome.kind = end.string();
            } else if (end.has("result")) {
                outcome.kind = "result";
                outcome.result = &end["result"];
            } else {
                const json_value& error = end["error"];
                outcome.kind = "error";
                outcome.code = error["code"].integer<std::int64_t>();
                outcome.message = error["message"].string();
                if (error.has("data")) outcome.data = &error["data"];
            }
        }
        one.connection_after = json["connection_after"].string();
        client_cases_.push_back(std::move(one));
    }

    std::string text_;
    json_value all_;
    std::vector<server_case> server_cases_;
    std::vector<stream_case> stream_cases_;
    std::vector<client_case> client_cases_;
};

/// The cases of this project, read once.
inline const case_file& cases() {
#if defined(FARCALL_TEST_DATA)
    static const case_file all{FARCALL_TEST_DATA "/jsonrpc2_cases.json"};
#else
    static const case_file all{"tests/data/jsonrpc2_cases.json"};
#endif
    return all;
}

}  // namespace conformance
