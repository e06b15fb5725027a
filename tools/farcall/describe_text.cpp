#include <algorithm>
#include <set>

#include "output.hpp"
#include "schema_text.hpp"

namespace tool {

namespace {

using farcall::json;

/// Lines of two columns.
class table {
public:
    explicit table(std::string_view margin) : margin_(margin) {}

    void add(std::string left, std::string right) {
        if (left.size() <= widest) width_ = std::max(width_, left.size());
        rows_.emplace_back(std::move(left), std::move(right));
    }

    void append_to(std::string& out) const {
        for (const auto& [left, right] : rows_) {
            out += margin_;
            out += left;
            if (!right.empty()) out.append(std::max(width_, left.size()) + 2 - left.size(), ' ').append(right);
            out += '\n';
        }
    }

private:
    static constexpr std::size_t widest = 72;  ///< a longer left side does not push the others away

    std::string_view margin_;
    std::size_t width_ = 0;
    std::vector<std::pair<std::string, std::string>> rows_;
};

std::string type_and_text(const described_value& value) {
    std::string all = type_text_in_full(value.schema);
    if (!value.text.empty()) all += "; " + value.text;
    return all;
}

/// What a caller may rely on, in one line; empty if nothing is said.
std::string promises(const described_method& method) {
    std::string all;
    const auto add = [&](const std::string& promise) { all += (all.empty() ? "" : ", ") + promise; };
    if (method.readonly)
        add("readonly");
    else if (method.semantics == "at_most_once")
        add("runs at most once");
    else if (method.semantics == "exactly_once")
        add("runs exactly once");
    else if (!method.semantics.empty())
        add(method.semantics);
    if (!method.timeout.empty()) add("deadline " + method.timeout + " ms");
    if (!method.any_name) add("arguments by position only");
    return all;
}

void append_method(std::string& out, const described_method& method) {
    out += signature_text(method) + '\n';
    if (!method.text.empty()) out += "  " + method.text + '\n';
    if (method.deprecated) out += method.instead.empty() ? "  deprecated\n" : "  deprecated: " + method.instead + '\n';
    if (const std::string said = promises(method); !said.empty()) out += "  " + said + '\n';
    if (!method.aliases.empty()) {
        out += "  also called";
        for (const std::string& alias : method.aliases) out += (&alias == &method.aliases.front() ? " " : ", ") + alias;
        out += '\n';
    }
    table rows{"  "};
    for (const described_value& each : method.parameters)
        rows.add(each.name, (each.required ? "" : "optional; ") + type_and_text(each));
    if (method.result) rows.add("result", type_and_text(*method.result));
    for (const auto& [code, message] : method.errors) rows.add("error " + std::to_string(code), message);
    for (const described_value& each : method.thrown)
        rows.add("throws " + each.name, each.schema.text() == "null" ? "" : type_text_in_full(each.schema));
    rows.append_to(out);
}

void add_types_of_method(const described_method& method, const description& server, std::set<std::string>& names) {
    for (const described_value& each : method.parameters) add_types_of(each.schema, server, names);
    if (method.result) add_types_of(method.result->schema, server, names);
    for (const described_value& each : method.thrown) add_types_of(each.schema, server, names);
}

}  // namespace

std::string list_text(const description& server) {
    table rows{""};
    for (const described_method& each : server.methods) {
        const std::string mark = each.text.empty() ? "deprecated" : "deprecated; ";
        rows.add(signature_text(each), each.deprecated ? mark + each.text : each.text);
    }
    std::string out;
    rows.append_to(out);
    return printable(out, true);
}

std::string list_json(const description& server) {
    std::string out = "[";
    for (const described_method& each : server.methods) {
        if (out.size() != 1) out += ',';
        out += printable_json(json{each.name}.text());
    }
    return out + "]\n";
}

std::string describe_text(const description& server, const std::vector<const described_method*>& methods) {
    std::string out;
    if (methods.size() == server.methods.size() && methods.size() != 1) {
        out += server.title;
        if (!server.version.empty()) out += ' ' + server.version;
        out += '\n';
        if (!server.text.empty()) out += server.text + '\n';
    }
    std::set<std::string> names;
    for (const described_method* each : methods) {
        if (!out.empty()) out += '\n';
        append_method(out, *each);
        add_types_of_method(*each, server, names);
    }
    if (!names.empty()) {
        out += "\ntypes\n";
        table rows{"  "};
        for (const std::string& name : names) rows.add(name, type_text_in_full(*server.type(name)));
        rows.append_to(out);
    }
    return printable(out, true);
}

}  // namespace tool
