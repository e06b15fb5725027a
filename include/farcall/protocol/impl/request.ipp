#pragma once

#include <cstring>
#include <utility>

#include <farcall/codec/json_reader.hpp>
#include <farcall/codec/scan.hpp>
#include <farcall/detail/digit_run.hpp>
#include <farcall/detail/error_code.hpp>
#include <farcall/detail/json_text.hpp>
#include <farcall/detail/same_text.hpp>
#include <farcall/protocol/meta.hpp>
#include <farcall/protocol/request.hpp>

namespace farcall::detail {

/// Collects the outermost parts of a message.
struct request_reader::visitor final : scan_visitor {
    enum bit : unsigned { version_bit = 1, id_bit = 2, method_bit = 4, params_bit = 8, meta_bit = 16, answer_bit = 32 };

    visitor(std::vector<std::string_view>* elements, std::size_t most) noexcept : elements_(elements), most_(most) {}

    void member(std::string_view name, const scan_value& value) override {
        if (name == "jsonrpc") return take(version_bit, version, value);
        if (name == "id") return take(id_bit, id, value);
        if (name == "method") return take(method_bit, method, value);
        if (name == "params") return take(params_bit, params, value);
        if (name == "meta") return take(meta_bit, meta, value);
        if (name == "result" || name == "error") seen |= answer_bit;
    }

    void element(const scan_value& value) override {
        ++count;
        if (elements_ != nullptr && count <= most_) elements_->push_back(value.text);
    }

    bool has(bit which) const noexcept { return (seen & which) != 0; }
    bool twice(bit which) const noexcept { return (repeated & which) != 0; }

    scan_value version, id, method, params, meta;
    unsigned seen = 0;
    unsigned repeated = 0;
    std::size_t count = 0;

private:
    void take(bit which, scan_value& into, const scan_value& value) {
        if (has(which)) repeated |= which;
        seen |= which;
        into = value;
    }

    std::vector<std::string_view>* elements_;
    std::size_t most_;
};

/// Goes behind a literal if that is what stands there; its length is known to the compiler, so that this is a few
/// comparisons of registers.
template <std::size_t Size>
inline bool eat_literal(const char*& at, const char* end, const char (&literal)[Size]) noexcept {
    if (static_cast<std::size_t>(end - at) < Size - 1 || std::memcmp(at, literal, Size - 1) != 0) return false;
    at += Size - 1;
    return true;
}

FARCALL_DECL bool request_reader::read_own(std::string_view text) {
    // With a brace at its end, there is always one more byte behind what is recognised in front of it.
    if (text.empty() || text.back() != '}') return false;
    const char* at = text.data();
    const char* const end = at + text.size();
    request_.id = {};
    if (eat_literal(at, end, "{\"jsonrpc\":\"2.0\",\"id\":")) {
        const std::size_t digits = digit_run::at(at, end).size;
        if (digits == 0 || (*at == '0' && digits > 1)) return false;
        request_.id = {at, digits};
        at += digits;
    } else if (!eat_literal(at, end, "{\"jsonrpc\":\"2.0\"")) {
        return false;
    }
    if (!eat_literal(at, end, ",\"method\":\"")) return false;
    const char* const name = at;
    at = skip_own_name(at, end);
    if (at == nullptr) return false;
    request_.method = {name, static_cast<std::size_t>(at - 1 - name)};
    request_.meta = {};
    request_.timeout_ms = -1;
    if (eat_literal(at, end, ",\"meta\":")) {
        const char* const meta = at;
        at = skip_own_meta(at, end);
        if (at == nullptr) return false;
        request_.meta = {meta, static_cast<std::size_t>(at - meta)};
    }
    request_.params = {};
    request_.params_checked = true;
    if (eat_literal(at, end, ",\"params\":")) {
        if (end - at < 3 || !((*at == '[' && end[-2] == ']') || (*at == '{' && end[-2] == '}'))) return false;
        request_.params = {at, static_cast<std::size_t>(end - 1 - at)};
        request_.params_checked = false;
        at = end - 1;
    }
    kind_ = message_kind::request;
    return end - at == 1;
}

inline const char* request_reader::skip_own_name(const char* at, const char* end) {
    // Most calls are of the method that was called before, whose name was looked at then.
    const std::size_t known = last_name_.size();
    if (known != 0 && static_cast<std::size_t>(end - at) >= known && same_bytes(at, last_name_.data(), known))
        return at + known;
    const std::string_view rest{at, static_cast<std::size_t>(end - at)};
    const std::size_t size = plain_prefix(rest);
    if (size == rest.size() || rest[size] != '"') return nullptr;
    // A longer one is not a method's of any server.
    constexpr std::size_t longest_kept = 256;
    if (size < longest_kept) last_name_ = rest.substr(0, size + 1);
    return at + size + 1;
}

inline const char* request_reader::skip_own_meta(const char* at, const char* end) {
    const char* timeout = at;
    if (eat_literal(timeout, end, "{\"timeout_ms\":")) {
        const digit_run number = digit_run::at(timeout, end);
        const char* const behind = timeout + number.size;
        if (number.size != 0 && behind != end && *behind == '}' && (*timeout != '0' || number.size == 1)) {
            // More digits may wrap and are not used.
            if (number.size <= 18) request_.timeout_ms = static_cast<std::int64_t>(number.value);
            return behind + 1;
        }
    }
    return skip_meta(at, end);
}

FARCALL_DECL message_kind request_reader::refuse(std::int64_t code, std::string_view id, std::string message) {
    general_->refused.code = code;
    general_->refused.id = id;
    general_->refused.message = std::move(message);
    return kind_ = message_kind::refused;
}

FARCALL_DECL const char* request_reader::skip_meta(const char* at, const char* end) const {
    if (*at != '{' || depth_ < 2) return nullptr;
    meta_view own;
    if (const std::size_t size = read_own_meta({at, static_cast<std::size_t>(end - at)}, own)) return at + size;
    json_reader in{{at, static_cast<std::size_t>(end - at)}, depth_ - 1};
    return in.skip_value() ? at + in.offset() : nullptr;
}

FARCALL_DECL message_kind request_reader::read_checked(std::string_view text) {
    if (!general_) general_ = std::make_unique<general>();
    auto& elements = general_->elements;
    elements.clear();
    general_->next_element = 0;
    visitor parts{&elements, batch_};
    const scan_result found = scan(text, depth_, &parts);
    if (!found) {
        elements.clear();
        return refuse(code_parse_error, "null",
                      text.empty() ? "the message is empty: send one JSON-RPC 2.0 request" : describe(found, depth_));
    }
    switch (found.value.kind) {
        case json_kind::object:
            if (!parts.has(visitor::version_bit) && general_->dialects.read(found.value.text, depth_))
                return kind_ = message_kind::foreign;
            return judge(parts);
        case json_kind::array: break;
        default:
            return refuse(
                code_invalid_request, "null",
                "a message is a request object or an array of them, found " + std::string{to_string(found.value.kind)});
    }
    if (parts.count == 0)
        return refuse(code_invalid_request, "null", "an empty batch: an array holds at least one request object");
    if (parts.count > batch_) {
        elements.clear();
        return refuse(code_invalid_request, "null",
                      "a batch of " + std::to_string(parts.count) + " is longer than the " + std::to_string(batch_) +
                          " allowed (limits.batch): send it in parts");
    }
    return kind_ = message_kind::batch;
}

FARCALL_DECL bool request_reader::next() {
    if (general_->next_element == general_->elements.size()) return false;
    visitor parts{nullptr, 0};
    const scan_result found = scan(general_->elements[general_->next_element++], depth_, &parts);
    if (found && found.value.kind == json_kind::object) {
        judge(parts);
    } else if (found.value.kind == json_kind::array) {
        refuse(code_invalid_request, "null", "a batch inside a batch: its elements are request objects");
    } else {
        refuse(code_invalid_request, "null",
               "an element of a batch is a request object, found " + std::string{to_string(found.value.kind)});
    }
    return true;
}

FARCALL_DECL message_kind request_reader::judge(const visitor& parts) {
    using bit = visitor::bit;
    std::string_view id = "null";
    if (parts.has(bit::id_bit)) {
        if (parts.twice(bit::id_bit)) return refuse(code_invalid_request, id, "\"id\" is there twice: send it once");
        switch (parts.id.kind) {
            case json_kind::string:
            case json_kind::number:
            case json_kind::null: id = parts.id.text; break;
            default:
                return refuse(
                    code_invalid_request, id,
                    "\"id\" must be a string, a number or null, found " + std::string{to_string(parts.id.kind)});
        }
    }
    if (!parts.has(bit::version_bit))
        return refuse(code_invalid_request, id, "\"jsonrpc\" is missing: each request says \"jsonrpc\":\"2.0\"");
    if (parts.version.kind != json_kind::string || scan_unescape(parts.version.text, general_->method) != "2.0")
        return refuse(code_invalid_request, id, "\"jsonrpc\" must be the string \"2.0\"");
    if (!parts.has(bit::method_bit))
        return refuse(code_invalid_request, id,
                      parts.has(bit::answer_bit)
                          ? "this is a response, and no call of this side waits for one: send requests"
                          : "\"method\" is missing: name it, as in \"method\":\"Service.method\"");
    for (const auto& [which, name] : {std::pair{bit::version_bit, "jsonrpc"}, std::pair{bit::method_bit, "method"},
                                      std::pair{bit::params_bit, "params"}, std::pair{bit::meta_bit, "meta"}})
        if (parts.twice(which))
            return refuse(code_invalid_request, id, "\"" + std::string{name} + "\" is there twice: send it once");
    if (parts.method.kind != json_kind::string)
        return refuse(code_invalid_request, id,
                      "\"method\" must be a string, found " + std::string{to_string(parts.method.kind)});
    if (parts.has(bit::params_bit) && parts.params.kind != json_kind::array && parts.params.kind != json_kind::object)
        return refuse(code_invalid_request, id,
                      "\"params\" must be an array or an object, found " + std::string{to_string(parts.params.kind)} +
                          ": leave it out if there are none");
    if (parts.has(bit::meta_bit) && parts.meta.kind != json_kind::object)
        return refuse(code_invalid_request, id,
                      "\"meta\" must be an object, found " + std::string{to_string(parts.meta.kind)});

    request_.id = parts.has(bit::id_bit) ? id : std::string_view{};
    request_.method = scan_unescape(parts.method.text, general_->method);
    request_.params = parts.params.text;
    request_.meta = parts.meta.text;
    request_.timeout_ms = -1;
    request_.params_checked = true;
    return kind_ = message_kind::request;
}

}  // namespace farcall::detail
