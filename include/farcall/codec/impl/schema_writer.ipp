#pragma once

#include <algorithm>
#include <utility>

#include <farcall/codec/schema_writer.hpp>

namespace farcall {

namespace detail {

inline bool ascii_letter_or_digit(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// A type's name in characters that a JSON pointer and a generator's file name can hold: "page<bank::account>" is
/// "page_account", or "page_bank.account" with its namespaces.
inline std::string plain_type_name(std::string_view type, bool namespaces) {
    std::string name;
    std::size_t word = 0;  // where the present word begins
    for (std::size_t i = 0; i != type.size(); ++i) {
        if (ascii_letter_or_digit(type[i]) || type[i] == '_') {
            name += type[i];
        } else if (type.substr(i, 2) == "::") {
            ++i;
            if (namespaces && name.size() != word) {
                name += '.';
            } else {
                name.resize(word);
            }
        } else {
            if (!name.empty() && name.back() != '_') name += '_';
            word = name.size();
        }
    }
    while (!name.empty() && (name.back() == '_' || name.back() == '.')) name.pop_back();
    return name.empty() ? "type" : name;
}

/// A pattern of the decimal texts from 0 to `most`, without needless zeros, or from 1 to it.
///
/// A text of as many digits is below if it has the same beginning, then a smaller digit, then any digits.
inline std::string pattern_up_to(std::uint64_t most, bool with_zero) {
    const std::string digits = std::to_string(most);
    const auto any_digits = [](std::size_t count) {
        return count == 0 ? std::string{} : count == 1 ? "[0-9]" : "[0-9]{" + std::to_string(count) + "}";
    };
    std::string pattern = with_zero && digits != "0" ? "0|" + digits : digits;
    if (digits.size() > 1) {
        pattern += digits.size() == 2 ? "|[1-9]" : "|[1-9][0-9]{0," + std::to_string(digits.size() - 2) + "}";
    }
    for (std::size_t i = 0; i != digits.size(); ++i) {
        const char least = i == 0 ? '1' : '0';
        if (digits[i] <= least) continue;
        pattern += '|' + digits.substr(0, i) + '[' + least + '-' + static_cast<char>(digits[i] - 1) + ']' +
                   any_digits(digits.size() - i - 1);
    }
    return pattern;
}

}  // namespace detail

FARCALL_DECL bool schema_components::taken(std::string_view name) const noexcept {
    return std::any_of(all_.begin(), all_.end(), [&](const component& each) { return each.name == name; });
}

FARCALL_DECL std::string_view schema_components::name_of(std::string_view type, schema_function define) {
    for (const component& each : all_)
        if (each.define == define) return each.name;
    std::string name = detail::plain_type_name(type, false);
    if (taken(name)) name = detail::plain_type_name(type, true);
    const std::string stem = name;
    for (int number = 2; taken(name); ++number) name = stem + '_' + std::to_string(number);
    all_.push_back({std::move(name), type, define});
    return all_.back().name;
}

FARCALL_DECL void schema_components::write(json_writer& out) {
    out.begin_object();
    // Grows while it is read: a type may be the first to mention another.
    for (std::size_t i = 0; i != all_.size(); ++i) {
        const std::string title = detail::plain_type_name(all_[i].type, false);
        (void)out.key(all_[i].name);
        schema_writer writer{out, *this};
        writer.title_ = title;
        all_[i].define(writer);
    }
    out.end_object();
}

FARCALL_DECL void schema_writer::begin(std::string_view type) {
    out_.begin_object();
    if (!title_.empty()) {
        out_.key_quoted(",\"title\":");
        (void)out_.string(std::exchange(title_, {}));
    }
    if (!description_.empty()) {
        out_.key_quoted(",\"description\":");
        (void)out_.string(std::exchange(description_, {}));
    }
    if (type.empty()) return;
    out_.key_quoted(",\"type\":");
    (void)out_.string(type);
}

FARCALL_DECL void schema_writer::part(std::string_view quoted_name, schema_function type) {
    out_.key_quoted(quoted_name);
    type(*this);
}

FARCALL_DECL void schema_writer::parts(std::string_view quoted_name, std::span<const schema_function> types) {
    out_.key_quoted(quoted_name);
    out_.begin_array();
    for (const schema_function type : types) type(*this);
    out_.end_array();
}

FARCALL_DECL void schema_writer::sizes(std::size_t exactly) {
    out_.key_quoted(",\"minItems\":");
    out_.integer(exactly);
    out_.key_quoted(",\"maxItems\":");
    out_.integer(exactly);
}

FARCALL_DECL void schema_writer::of_kinds(json_kinds kinds) {
    begin({});
    if (kinds != json_kinds::any()) {
        out_.key_quoted(",\"type\":");
        const bool several = (kinds.bits & (kinds.bits - 1u)) != 0;
        if (several) out_.begin_array();
        for (unsigned i = 0; i != static_cast<unsigned>(json_kind::none); ++i)
            if (const auto kind = static_cast<json_kind>(i); kinds.contains(kind)) (void)out_.string(to_string(kind));
        if (several) out_.end_array();
    }
    out_.end_object();
}

FARCALL_DECL void schema_writer::integer(std::int64_t least, std::uint64_t most) {
    begin("integer");
    out_.key_quoted(",\"minimum\":");
    out_.integer(least);
    out_.key_quoted(",\"maximum\":");
    out_.integer(most);
    out_.end_object();
}

FARCALL_DECL void schema_writer::number(float most) {
    // As text the shortest that reads back as the same float: as a double it is a little above.
    begin("number");
    out_.key_quoted(",\"minimum\":");
    (void)out_.number(-most);
    out_.key_quoted(",\"maximum\":");
    (void)out_.number(most);
    out_.end_object();
}

FARCALL_DECL void schema_writer::one_of_texts(std::span<const std::string_view> texts) {
    begin("string");
    out_.key_quoted(",\"enum\":");
    out_.begin_array();
    for (const std::string_view text : texts) (void)out_.string(text);
    out_.end_array();
    out_.end_object();
}

FARCALL_DECL void schema_writer::integer_text(std::int64_t least, std::uint64_t most) {
    std::string pattern = "^(" + detail::pattern_up_to(most, true);
    // The magnitude of the least integer has no sign, so it is taken without one.
    if (least < 0) pattern += "|-(" + detail::pattern_up_to(std::uint64_t{0} - static_cast<std::uint64_t>(least), false) + ')';
    begin("string");
    out_.key_quoted(",\"pattern\":");
    (void)out_.string(pattern + ")$");
    out_.end_object();
}

FARCALL_DECL void schema_writer::array(schema_function element, bool unique) {
    begin("array");
    part(",\"items\":", element);
    if (unique) {
        out_.key_quoted(",\"uniqueItems\":");
        out_.boolean(true);
    }
    out_.end_object();
}

FARCALL_DECL void schema_writer::array(schema_function element, std::size_t size) {
    begin("array");
    part(",\"items\":", element);
    sizes(size);
    out_.end_object();
}

FARCALL_DECL void schema_writer::tuple(std::span<const schema_function> elements) {
    begin("array");
    // Draft 7 wants at least one schema in such a list.
    if (!elements.empty()) parts(",\"items\":", elements);
    sizes(elements.size());
    out_.end_object();
}

FARCALL_DECL void schema_writer::map(schema_function value, schema_function names) {
    begin("object");
    if (names != nullptr) part(",\"propertyNames\":", names);
    part(",\"additionalProperties\":", value);
    out_.end_object();
}

FARCALL_DECL void schema_writer::object(std::span<const schema_member> members) {
    begin("object");
    out_.key_quoted(",\"properties\":");
    out_.begin_object();
    for (const schema_member& member : members) {
        (void)out_.key(member.name);
        member.type(*this);
    }
    out_.end_object();
    if (std::any_of(members.begin(), members.end(), [](const schema_member& each) { return each.required; })) {
        out_.key_quoted(",\"required\":");
        out_.begin_array();
        for (const schema_member& member : members)
            if (member.required) (void)out_.string(member.name);
        out_.end_array();
    }
    out_.end_object();
}

FARCALL_DECL void schema_writer::nullable(schema_function value) {
    begin({});
    out_.key_quoted(",\"anyOf\":");
    out_.begin_array();
    value(*this);
    null();
    out_.end_array();
    out_.end_object();
}

FARCALL_DECL void schema_writer::one_of(std::span<const schema_function> alternatives) {
    begin({});
    parts(",\"oneOf\":", alternatives);
    out_.end_object();
}

FARCALL_DECL void schema_writer::one_of(std::span<const schema_function> alternatives,
                                        std::span<const std::string_view> names) {
    begin({});
    out_.key_quoted(",\"oneOf\":");
    out_.begin_array();
    for (std::size_t i = 0; i != alternatives.size(); ++i) {
        begin("object");
        out_.key_quoted(",\"properties\":");
        out_.begin_object();
        out_.key_quoted(",\"type\":");
        out_.begin_object();
        out_.key_quoted(",\"const\":");
        (void)out_.string(names[i]);
        out_.end_object();
        part(",\"value\":", alternatives[i]);
        out_.end_object();
        out_.key_quoted(",\"required\":");
        out_.raw(R"(["type","value"])");
        out_.end_object();
    }
    out_.end_array();
    out_.end_object();
}

FARCALL_DECL void schema_writer::component(std::string_view type, schema_function define) {
    // Beside a reference nothing else counts.
    description_ = {};
    out_.begin_object();
    out_.key_quoted(",\"$ref\":");
    (void)out_.string("#/components/schemas/" + std::string{components_.name_of(type, define)});
    out_.end_object();
}

}  // namespace farcall
