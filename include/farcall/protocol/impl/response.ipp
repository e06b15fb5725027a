#pragma once

#include <charconv>
#include <utility>

#include <farcall/codec/scan.hpp>
#include <farcall/protocol/response.hpp>

namespace farcall::detail {

/// Collects the outermost parts of a message.
struct response_reader::visitor final : scan_visitor {
    visitor(std::vector<std::string_view>* elements, std::size_t most) noexcept : elements_(elements), most_(most) {}

    void member(std::string_view name, const scan_value& value) override {
        if (name == "jsonrpc") return take(version, value);
        if (name == "id") return take(id, value);
        if (name == "result") return take(result, value);
        if (name == "error") return take(error, value);
        if (name == "method") return take(method, value);
        if (name == "params") return take(params, value);
        if (name == "meta") return take(meta, value);
    }

    void element(const scan_value& value) override {
        if (++count <= most_ && elements_ != nullptr) elements_->push_back(value.text);
    }

    scan_value version, id, result, error, method, params, meta;
    bool twice = false;
    bool id_twice = false;
    std::size_t count = 0;

private:
    void take(scan_value& into, const scan_value& value) {
        if (into.kind != json_kind::none) (&into == &id ? id_twice : twice) = true;
        into = value;
    }

    std::vector<std::string_view>* elements_;
    std::size_t most_;
};

FARCALL_DECL reply_kind response_reader::broken(std::string problem) {
    problem_ = std::move(problem);
    return kind_ = reply_kind::malformed;
}

FARCALL_DECL reply_kind response_reader::broken_answer(std::string problem) {
    problem_ = std::move(problem);
    response_.says = response_view::outcome::malformed;
    return kind_ = reply_kind::response;
}

FARCALL_DECL reply_kind response_reader::read_checked(std::string_view text) {
    elements_.clear();
    next_element_ = 0;
    visitor parts{&elements_, batch_};
    const scan_result found = scan(text, depth_, &parts);
    if (!found) {
        elements_.clear();
        return broken(text.empty() ? std::string{"an empty message"} : describe(found, depth_));
    }
    if (found.value.kind == json_kind::object) return judge(parts);
    if (found.value.kind != json_kind::array)
        return broken("expected a response, found " + std::string{to_string(found.value.kind)});
    if (parts.count == 0) return broken("an empty batch");
    if (parts.count > batch_) {
        elements_.clear();
        return broken("a batch of " + std::to_string(parts.count) + " is longer than the " + std::to_string(batch_) +
                      " allowed (limits.batch)");
    }
    return kind_ = reply_kind::batch;
}

FARCALL_DECL bool response_reader::next() {
    if (next_element_ == elements_.size()) return false;
    visitor parts{nullptr, 0};
    const scan_result found = scan(elements_[next_element_++], depth_, &parts);
    if (found && found.value.kind == json_kind::object) {
        judge(parts);
    } else {
        broken("an element of a batch is no response, but " + std::string{to_string(found.value.kind)});
    }
    return true;
}

FARCALL_DECL reply_kind response_reader::judge(const visitor& parts) {
    response_ = {};
    const bool has_result = parts.result.kind != json_kind::none;
    const bool has_error = parts.error.kind != json_kind::none;
    const bool good_version =
        parts.version.kind == json_kind::string && scan_unescape(parts.version.text, method_) == "2.0";

    if (!has_result && !has_error && parts.method.kind == json_kind::string) {
        if (!good_version || parts.twice || parts.id_twice)
            return broken("a call of the server's that is no JSON-RPC 2.0");
        call_.id = parts.id.text;
        call_.method = scan_unescape(parts.method.text, method_);
        call_.params = parts.params.text;
        call_.meta = parts.meta.text;
        call_.params_checked = true;
        return kind_ = reply_kind::call;
    }

    if (parts.id_twice) return broken("\"id\" is there twice");
    if (parts.id.kind == json_kind::array || parts.id.kind == json_kind::object || parts.id.kind == json_kind::boolean)
        return broken("\"id\" is " + std::string{to_string(parts.id.kind)});
    response_.id = parts.id.text;
    response_.meta = parts.meta.text;
    if (parts.id.kind == json_kind::number) {
        const char* const end = response_.id.data() + response_.id.size();
        const auto [stop, failure] = std::from_chars(response_.id.data(), end, response_.number);
        response_.numbered = failure == std::errc{} && stop == end;
    }
    if (!good_version) return broken_answer("\"jsonrpc\" is not \"2.0\"");
    if (parts.twice) return broken_answer("a member of the response is there twice");
    if (has_result && has_error) return broken_answer("both \"result\" and \"error\"");
    if (!has_result && !has_error) return broken_answer("neither \"result\" nor \"error\"");
    if (has_error) {
        if (!read_error_object(parts.error.text, response_.error, problem_)) {
            response_.says = response_view::outcome::malformed;
            return kind_ = reply_kind::response;
        }
        response_.says = response_view::outcome::error;
        return kind_ = reply_kind::response;
    }
    response_.result = parts.result.text;
    response_.says = response_view::outcome::result;
    return kind_ = reply_kind::response;
}

}  // namespace farcall::detail
