#pragma once

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include <farcall/detail/error_code.hpp>
#include <farcall/detail/json_text.hpp>
#include <farcall/server/handler_failure.hpp>
#include <farcall/server/openrpc.hpp>
#include <farcall/service/method_schema.hpp>

namespace farcall::detail {

/// Of a method that was added by name it is what stands before the last dot.
inline std::string_view service_of(const method_info& info) {
    if (!info.service.empty()) return info.service;
    const std::size_t dot = info.wire_name.rfind('.');
    return dot == std::string_view::npos ? std::string_view{} : info.wire_name.substr(0, dot);
}

/// Writes the one document; its parts in the order of the text.
class openrpc_writer {
public:
    explicit openrpc_writer(text_buffer& out) : out_(out, no_limit), types_(out_, components_) {}

    void document(const std::vector<const method_entry*>& methods, std::string_view title, std::string_view version) {
        out_.begin_object();
        member(",\"openrpc\":", "1.3.2");
        out_.key_quoted(",\"info\":");
        out_.begin_object();
        member(",\"title\":", title);
        member(",\"version\":", version);
        out_.end_object();
        out_.key_quoted(",\"methods\":");
        out_.begin_array();
        for (const method_entry* each : methods) method(*each->info, *each->schema);
        out_.end_array();
        if (!components_.empty()) {
            out_.key_quoted(",\"components\":");
            out_.begin_object();
            out_.key_quoted(",\"schemas\":");
            components_.write(out_);
            out_.end_object();
        }
        out_.end_object();
    }

private:
    /// Types nest as deep as the programmer liked.
    static constexpr std::size_t no_limit = static_cast<std::size_t>(-1);

    void method(const method_info& info, const method_schema& schema) {
        out_.begin_object();
        member(",\"name\":", info.wire_name);
        if (!info.doc.empty()) member(",\"description\":", info.doc);
        if (const std::string_view service = service_of(info); !service.empty()) {
            out_.key_quoted(",\"tags\":");
            out_.begin_array();
            out_.begin_object();
            member(",\"name\":", service);
            out_.end_object();
            out_.end_array();
        }
        parameters(info.parameters, schema);
        result(schema.result);
        errors(schema.errors);
        if (!info.deprecated.empty()) {
            flag(",\"deprecated\":");
            member(",\"x-deprecated\":", info.deprecated);
        }
        member(",\"x-signature\":", info.signature);
        member(",\"x-semantics\":", to_string(info.semantics));
        if (info.readonly) flag(",\"x-readonly\":");
        if (info.timeout.count() != 0) {
            out_.key_quoted(",\"x-timeout-ms\":");
            out_.integer(info.timeout.count());
        }
        if (info.cacheable.count() != 0) {
            out_.key_quoted(",\"x-cacheable-ms\":");
            out_.integer(info.cacheable.count());
        }
        if (!info.aliases.empty()) {
            out_.key_quoted(",\"x-aliases\":");
            out_.begin_array();
            for (const std::string_view alias : info.aliases) text(alias);
            out_.end_array();
        }
        if (schema.any_arguments) flag(",\"x-any-arguments\":");
        out_.end_object();
    }

    void parameters(std::span<const std::string_view> names, const method_schema& schema) {
        const std::span<const parameter_schema> types = schema.parameters;
        bool by_position = false;
        // OpenRPC wants what is optional behind what is required: before that it can be null, but not be left out.
        std::size_t optional_from = types.size();
        while (optional_from != 0 && types[optional_from - 1].optional) --optional_from;
        std::vector<std::string> used(names.begin(), names.end());
        out_.key_quoted(",\"params\":");
        out_.begin_array();
        for (std::size_t i = 0; i != types.size(); ++i) {
            if (used[i].empty()) {
                by_position = true;
                std::string name = "arg" + std::to_string(i);
                while (std::find(used.begin(), used.end(), name) != used.end()) name += '_';
                used[i] = std::move(name);
            }
            out_.begin_object();
            member(",\"name\":", used[i]);
            if (i < optional_from) flag(",\"required\":");
            out_.key_quoted(",\"schema\":");
            types[i].type(types_);
            out_.end_object();
        }
        out_.end_array();
        member(",\"paramStructure\":", by_position ? "by-position" : "either");
    }

    void result(schema_function type) {
        out_.key_quoted(",\"result\":");
        out_.begin_object();
        member(",\"name\":", "result");
        out_.key_quoted(",\"schema\":");
        if (type != nullptr) {
            type(types_);
        } else {
            types_.null();
        }
        out_.end_object();
    }

    void errors(std::span<const error_schema> declared) {
        if (declared.empty()) return;
        // OpenRPC wants different numbers, and exceptions have one in common: what they are called tells them apart.
        std::string message;
        for (const error_schema& each : declared) {
            const std::string_view plain = each.type.substr(0, each.type.find('<'));
            message += (message.empty() ? "" : "; ") + humanised(plain.substr(plain.rfind(':') + 1));
        }
        out_.key_quoted(",\"errors\":");
        out_.begin_array();
        out_.begin_object();
        out_.key_quoted(",\"code\":");
        out_.integer(code_application_exception);
        member(",\"message\":", message);
        if (declared.size() == 1) {
            out_.key_quoted(",\"data\":");
            out_.begin_object();
            member(",\"type\":", declared.front().type);
            out_.end_object();
        }
        out_.end_object();
        out_.end_array();
        out_.key_quoted(",\"x-errors\":");
        out_.begin_array();
        for (const error_schema& each : declared) {
            out_.begin_object();
            member(",\"type\":", each.type);
            if (each.value != nullptr) {
                out_.key_quoted(",\"value\":");
                each.value(types_);
            }
            out_.end_object();
        }
        out_.end_array();
    }

    void member(std::string_view quoted_name, std::string_view value) {
        out_.key_quoted(quoted_name);
        text(value);
    }

    void flag(std::string_view quoted_name) {
        out_.key_quoted(quoted_name);
        out_.boolean(true);
    }

    /// A programmer's text may be in any encoding; it must not spoil the document.
    void text(std::string_view value) {
        scratch_.clear();
        append_string(scratch_, value);
        out_.raw(scratch_.view());
    }

    json_writer out_;
    schema_components components_;
    schema_writer types_;
    text_buffer scratch_;
};

FARCALL_DECL std::string server_title(const dispatcher& methods, std::string_view chosen) {
    if (!chosen.empty()) return std::string{chosen};
    std::set<std::string_view> services;
    for (const method_entry* entry : methods.sorted()) services.insert(service_of(*entry->info));
    std::string title;
    for (const std::string_view service : services)
        if (!service.empty()) title += (title.empty() ? "" : ", ") + std::string{service};
    return title.empty() ? "farcall" : title;
}

FARCALL_DECL std::string openrpc_document(const dispatcher& methods, std::string_view title, std::string_view version) {
    text_buffer out;
    openrpc_writer{out}.document(methods.sorted(), server_title(methods, title), version);
    return std::string{out.view()};
}

FARCALL_DECL const std::string& kept_openrpc_document::text(const dispatcher& methods, const server_options& options) {
    std::call_once(made_, [&] { text_ = openrpc_document(methods, options.title, options.version); });
    return text_;
}

}  // namespace farcall::detail
