#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <farcall/service/read_arguments.hpp>

namespace farcall::detail {

/// Which parameters there were; takes memory for methods of very many only.
class seen_parameters {
public:
    explicit seen_parameters(std::size_t count) : many_(count <= few ? 0 : count) {}

    bool has(std::size_t at) const { return many_.empty() ? (bits_ >> at & 1) != 0 : many_[at]; }
    /// @returns whether it was there before
    bool add(std::size_t at) {
        const bool before = has(at);
        if (many_.empty())
            bits_ |= std::uint64_t{1} << at;
        else
            many_[at] = true;
        return before;
    }

private:
    static constexpr std::size_t few = 64;

    std::uint64_t bits_ = 0;
    std::vector<bool> many_;
};

/// Reading the arguments of one call in any form.
class argument_forms {
public:
    argument_forms(void* const* values, std::span<const parameter_form> parameters, std::span<const std::string_view> names,
                   argument_failure& why)
        : values_(values), parameters_(parameters), names_(names), why_(why) {}

    bool read(std::string_view text, std::size_t max_depth) {
        if (text.empty()) return first_required(0) == arity() || wrong_count(0);
        json_reader in{text, max_depth};
        const bool good = text.front() == '{' ? read_named(in) : read_positional(in);
        if (!in.ok()) why_.decoding = in.error();
        return good;
    }

private:
    std::size_t arity() const noexcept { return parameters_.size(); }

    /// The first parameter from `from` on that must be there; `arity()` if none must.
    std::size_t first_required(std::size_t from) const {
        while (from < arity() && parameters_[from].may_be_absent) ++from;
        return from;
    }

    bool read_positional(json_reader& in) {
        std::size_t count = 0;
        if (!in.begin_array()) return false;
        while (in.next_element()) {
            if (count < arity()) {
                if (!parameters_[count].read(in, values_[count])) return in.at_index(count);
            } else if (!in.skip_value()) {
                return false;
            }
            ++count;
        }
        if (!in.ok() || !in.finish()) return false;
        return (count <= arity() && first_required(count) == arity()) || wrong_count(count);
    }

    bool read_named(json_reader& in) {
        seen_parameters seen{arity()};
        std::string_view name;
        if (!in.begin_object()) return false;
        while (in.next_member(name)) {
            std::size_t at = 0;
            while (at < arity() && (names_[at].empty() || names_[at] != name)) ++at;
            if (at == arity() || seen.add(at)) {
                why_.message = std::string{at == arity() ? "has no parameter " : "got twice the parameter "} +
                               excerpt(name) + "; it takes " + (nameless() ? "an array of arguments" : listed());
                return false;
            }
            if (!parameters_[at].read(in, values_[at])) return in.at_member(names_[at]);
        }
        if (!in.ok() || !in.finish()) return false;
        for (std::size_t at = first_required(0); at < arity(); at = first_required(at + 1)) {
            if (seen.has(at)) continue;
            why_.message = names_[at].empty() ? "has parameters without a name; send them as an array"
                                              : "lacks the parameter " + excerpt(names_[at]) + "; it takes " + listed();
            return false;
        }
        return true;
    }

    std::string listed() const {
        if (names_.empty()) return "no parameters";
        std::string text;
        for (const std::string_view name : names_) {
            if (!text.empty()) text += ", ";
            text += name.empty() ? std::string_view{"(unnamed)"} : name;
        }
        return text;
    }

    bool wrong_count(std::size_t found) {
        why_.message = "takes " + std::to_string(arity()) + (arity() == 1 ? " argument" : " arguments") +
                       (nameless() ? "" : " (" + listed() + ')') + ", found " + std::to_string(found);
        return false;
    }

    /// Whether there are parameters, and none has a name.
    bool nameless() const {
        return !names_.empty() && std::all_of(names_.begin(), names_.end(), [](auto name) { return name.empty(); });
    }

    void* const* values_;
    std::span<const parameter_form> parameters_;
    std::span<const std::string_view> names_;
    argument_failure& why_;
};

FARCALL_DECL bool read_all_arguments(std::string_view text, std::size_t max_depth, void* const* values,
                                     std::span<const parameter_form> parameters, arriving_text* arriving) {
    json_reader in{text, max_depth};
    in.expect(arriving);
    if (!in.begin_array()) return false;
    for (const parameter_form& one : parameters)
        if (!in.next_element() || !one.read(in, *values++)) return false;
    return !in.next_element() && in.ok() && in.finish();
}

FARCALL_DECL bool read_arguments(std::string_view text, std::size_t max_depth, void* const* values,
                                 std::span<const parameter_form> parameters, std::span<const std::string_view> names,
                                 argument_failure& why) {
    return argument_forms{values, parameters, names, why}.read(text, max_depth);
}

}  // namespace farcall::detail
