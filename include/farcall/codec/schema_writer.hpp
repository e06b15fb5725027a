#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/codec/json_kind.hpp>
#include <farcall/codec/json_writer.hpp>
#include <farcall/detail/config.hpp>

namespace farcall {

class schema_writer;

/// Writes the JSON Schema of one type; `write_schema<T>` in codec/codec.hpp is that of `T`.
using schema_function = void (*)(schema_writer& out);

/// A member of an object, as `schema_writer::object` wants it.
struct schema_member {
    std::string_view name;  ///< as in the JSON text
    schema_function type;   ///< of its value
    bool required;          ///< whether an object without it is refused
};

/// The types that a document describes once, each under its own name, and refers to.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
class schema_components {
public:
    /// The name under which a type is described: its own without namespaces, unless another type has that already.
    /// @param type    its name in C++, with namespaces
    /// @param define  writes its schema; tells one type from another
    /// @returns ASCII letters, digits, `_` and `.` only; valid until the next call
    FARCALL_DECL std::string_view name_of(std::string_view type, schema_function define);

    /// Whether there are none.
    [[nodiscard]] bool empty() const noexcept { return all_.empty(); }

    /// Writes an object: for each name the schema of its type, and of those that they refer to in turn.
    FARCALL_DECL void write(json_writer& out);

private:
    struct component {
        std::string name;
        std::string_view type;
        schema_function define;
    };

    bool taken(std::string_view name) const noexcept;

    std::vector<component> all_;
};

/// Appends the JSON Schema (draft 7) of one value; the codecs say what to write.
///
/// Exactly one of the functions below is called for a value. What they take for parts (elements, members) is written
/// in place. Formats that JSON Schema does not know, such as "int32", are never used: bounds say the same.
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
/// @see json-schema.org, draft-07
class schema_writer {
public:
    /// @param out         where to write; must outlive this
    /// @param components  gets the types that have a name; must outlive this
    schema_writer(json_writer& out, schema_components& components) noexcept : out_(out), components_(components) {}
    schema_writer(const schema_writer&) = delete;
    schema_writer& operator=(const schema_writer&) = delete;

    /// Text that the caller knows to be a JSON Schema: `R"({"type":"string","pattern":"^[A-Z]{3}$"})"`.
    void raw(std::string_view schema) {
        description_ = {};
        out_.raw(schema);
    }

    /// Any JSON value.
    void any() { of_kinds(json_kinds::any()); }
    /// `null` alone.
    void null() { of_kinds(json_kind::null); }
    /// `true` or `false`.
    void boolean() { of_kinds(json_kind::boolean); }
    /// Any text.
    void string() { of_kinds(json_kind::string); }

    /// Any value of these kinds.
    FARCALL_DECL void of_kinds(json_kinds kinds);

    /// The integers of a type.
    template <std::integral Integer>
    void integer() {
        integer(static_cast<std::int64_t>(std::numeric_limits<Integer>::min()),
                static_cast<std::uint64_t>(std::numeric_limits<Integer>::max()));
    }
    /// The integers between two, both included.
    FARCALL_DECL void integer(std::int64_t least, std::uint64_t most);

    /// The numbers of a type.
    template <std::floating_point Floating>
    void number() {
        if constexpr (sizeof(Floating) < sizeof(double)) {
            number(std::numeric_limits<Floating>::max());
        } else {
            number();
        }
    }

    /// One of some texts.
    FARCALL_DECL void one_of_texts(std::span<const std::string_view> texts);

    /// The decimal text of the integers between two, both included, as the names of a map's members.
    FARCALL_DECL void integer_text(std::int64_t least, std::uint64_t most);

    /// An array.
    /// @param unique  whether a repeated element is refused
    FARCALL_DECL void array(schema_function element, bool unique = false);
    /// An array of exactly as many elements.
    FARCALL_DECL void array(schema_function element, std::size_t size);
    /// An array whose elements have types of their own, one each.
    FARCALL_DECL void tuple(std::span<const schema_function> elements);

    /// An object with any members whose values have one type.
    /// @param names  of the members' names; null: any text
    FARCALL_DECL void map(schema_function value, schema_function names);
    /// An object with these members; others are ignored.
    FARCALL_DECL void object(std::span<const schema_member> members);

    /// A value or `null`.
    FARCALL_DECL void nullable(schema_function value);
    /// One of several types, no two of which have a value in common.
    FARCALL_DECL void one_of(std::span<const schema_function> alternatives);
    /// The same where a tag says which: `{"type": <name>, "value": <value>}`.
    FARCALL_DECL void one_of(std::span<const schema_function> alternatives, std::span<const std::string_view> names);

    /// A type that has a name: written once in the document and referred to from here, so that it may contain itself.
    /// @param type    its name in C++, with namespaces; must outlive the document: `type_name<T>()`
    /// @param define  writes its schema, later
    FARCALL_DECL void component(std::string_view type, schema_function define);

    /// Says what the next value means; for those that are not `raw` and have no name.
    /// @returns itself, so that the value can be written to it
    schema_writer& described(std::string_view text) noexcept {
        description_ = text;
        return *this;
    }

private:
    friend class schema_components;

    void number() { of_kinds(json_kind::number); }
    void number(float most);
    void begin(std::string_view type);
    void part(std::string_view quoted_name, schema_function type);
    void parts(std::string_view quoted_name, std::span<const schema_function> types);
    void sizes(std::size_t exactly);

    json_writer& out_;
    schema_components& components_;
    std::string_view title_{};
    std::string_view description_{};
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/codec/impl/schema_writer.ipp>
#endif
