#include <farcall/codec/codecs.hpp>
#include <farcall/codec/scan.hpp>

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "fuzz/check.hpp"
#include "fuzz/targets.hpp"
#include "unit/protocol/exact_text.hpp"

namespace {

constexpr std::size_t depth = 16;

/// What can be read can be written, and is read again as the same.
template <class Value>
void there_and_back(std::string_view text) {
    Value value{};
    farcall::codec_error error;
    if (!farcall::decode(text, value, error, depth)) return;
    farcall::detail::text_buffer first;
    fuzz::check(farcall::encode(first, value, error), "what was read can be written");
    Value again{};
    fuzz::check(farcall::decode(farcall::testing::exact_text{first.view()}, again, error, depth),
                "what was written can be read");
    farcall::detail::text_buffer second;
    fuzz::check(farcall::encode(second, again, error) && second.view() == first.view(), "it is the same");
}

}  // namespace

void fuzz::json(std::string_view input) {
    const farcall::testing::exact_text text{input};
    const bool good = static_cast<bool>(farcall::detail::scan(text, depth));
    farcall::json_reader reader{text, depth};
    check((reader.skip_value() && reader.finish()) == good, "the scan and the reader agree on what is JSON");
    there_and_back<farcall::json>(text);
    there_and_back<std::string>(text);
    there_and_back<double>(text);
    there_and_back<std::int64_t>(text);
    there_and_back<std::vector<std::byte>>(text);
    there_and_back<std::map<std::string, std::vector<std::optional<double>>>>(text);
    there_and_back<std::tuple<int, std::string, bool>>(text);
    there_and_back<std::vector<std::variant<std::uint8_t, std::string, std::vector<std::string>>>>(text);
}
