#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <farcall/codec/string.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/error.hpp>

namespace farcall {

class json;

/// Any value, as it is. (Complete before the class itself, which asks whether types have a codec.)
template <>
struct codec<json> {
    static constexpr json_kinds kinds = json_kinds::any();
    static constexpr std::string_view name = "json";
    static bool encode(json_writer& out, const json& value);
    static bool decode(json_reader& in, json& value);
    static void schema(schema_writer& out) { out.any(); }
};

/// Any JSON value, kept as its text.
///
/// For parameters and results whose shape is not known when the program is compiled. The text is valid and has no
/// white space outside of strings. Reading a part scans the text from its beginning: to take a large value apart,
/// read it into a struct or container with `as`. Two values are equal if their texts are.
/// @par Thread safety  Distinct objects: safe. Shared objects: safe to read.
class json {
public:
    /// `null`
    json() = default;

    /// The JSON form of a value.
    /// @par Errors  `invalid_argument` if the value has none, such as NaN
    template <class T>
    requires(!std::same_as<T, json> && json_encodable<T>) explicit json(const T& value) {
        detail::text_buffer out;
        codec_error problem;
        if (!encode(out, value, problem)) throw error{status::invalid_argument, problem.text()};
        text_ = out.view();
    }

    /// Text as a JSON string.
    explicit json(const char* text) : json(std::string_view{text}) {}

    /// Takes JSON text.
    /// @returns the value, or nothing and what is wrong in `problem`
    [[nodiscard]] static std::optional<json> parse(std::string_view text, codec_error& problem,
                                                   std::size_t max_depth = limits{}.depth);
    /// The same without the reason.
    [[nodiscard]] static std::optional<json> parse(std::string_view text);

    /// Takes text that the caller knows to be valid JSON; nothing is checked.
    [[nodiscard]] static json trusted(std::string_view text);

    /// The JSON text; a view of it, but for a temporary value.
    [[nodiscard]] std::string_view text() const& noexcept { return text_.empty() ? std::string_view{"null"} : text_; }
    /// The same of a temporary value, whose text would end with it.
    [[nodiscard]] std::string text() && { return text_.empty() ? std::string{"null"} : std::move(text_); }

    /// Its kind; never `none`.
    [[nodiscard]] json_kind kind() const noexcept { return detail::kind_of(text().front()); }

    /// The value as a C++ value.
    /// @par Errors  `invalid_argument` if it has another shape; the message says where and what
    template <class T>
    requires json_decodable<T> && std::default_initializable<T>
    [[nodiscard]] T as() const {
        T value{};
        codec_error problem;
        if (!to(value, problem)) throw error{status::invalid_argument, problem.text()};
        return value;
    }

    /// The same without exceptions.
    /// @returns whether it has the shape; otherwise `problem` says why not
    template <json_decodable T>
    [[nodiscard]] bool to(T& value, codec_error& problem) const {
        return decode(text(), value, problem, unlimited_depth);
    }

    /// How many elements or members an array or object has; 0 for other kinds.
    [[nodiscard]] std::size_t size() const;

    /// The member of that name (the first, if there are several), or nothing.
    [[nodiscard]] std::optional<json> find(std::string_view name) const;
    /// The element at that index, or nothing.
    [[nodiscard]] std::optional<json> find(std::size_t index) const;

    /// @{ The member or element; null if there is none.
    [[nodiscard]] json operator[](std::string_view name) const { return find(name).value_or(json{}); }
    [[nodiscard]] json operator[](const char* name) const { return find(std::string_view{name}).value_or(json{}); }
    template <std::integral Index>
    [[nodiscard]] json operator[](Index index) const {
        return find(static_cast<std::size_t>(index)).value_or(json{});
    }
    /// @}

    /// The same text.
    friend bool operator==(const json& a, const json& b) noexcept { return a.text() == b.text(); }

private:
    /// The text was checked against a limit when it was taken.
    static constexpr std::size_t unlimited_depth = static_cast<std::size_t>(-1);

    std::string text_;
};

inline bool codec<json>::encode(json_writer& out, const json& value) {
    return out.raw(value.text());
}

namespace detail {

/// Copies valid JSON without the white space outside of strings.
FARCALL_DECL void compact_json(std::string_view text, std::string& out);

}  // namespace detail
}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/codec/impl/json.ipp>
#endif
