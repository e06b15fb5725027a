// Serves a method for each kind of type that has a JSON Schema, and prints the port: tests/schema/agree.mjs compares
// what the server takes with what the schemas allow, and the tests in tests/browser use its page.
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <farcall/server.hpp>

namespace {

BOOST_DEFINE_ENUM_CLASS(colour, red, green, blue)
enum class level : std::uint8_t { low, high };

struct point {
    int x;
    int y;
};
struct line {
    std::string item;
    double price;
    std::optional<int> count;
    std::unique_ptr<point> where;
};
struct tree {
    std::int8_t value;
    std::vector<tree> children;
};
struct empty {};
struct no_stock {
    int left;
};
struct closed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class account {
public:
    account() = default;

private:
    std::string owner_;
    colour paint_{};
    BOOST_DESCRIBE_CLASS(account, (), (), (), (owner_, paint_))
};

/// A type with a codec and a schema of its own.
struct currency {
    std::string code;
};

}  // namespace

template <>
struct farcall::codec<currency> {
    static bool decode(json_reader& in, currency& value) {
        if (!in.string(value.code)) return false;
        if (value.code.size() != 3) return in.fail("expected a currency of three capital letters");
        for (const char c : value.code)
            if (c < 'A' || c > 'Z') return in.fail("expected a currency of three capital letters");
        return true;
    }
    static void schema(schema_writer& out) { out.raw(R"({"type":"string","pattern":"^[A-Z]{3}$"})"); }
};

namespace {

using json = farcall::json;
using instant = std::chrono::sys_time<std::chrono::milliseconds>;

// Every one takes a value and says that it came.
RPC_SERVICE(Types,
    (boolean,   bool(bool v)),
    (int8,      bool(std::int8_t v)),
    (uint8,     bool(std::uint8_t v)),
    (int16,     bool(std::int16_t v)),
    (int32,     bool(std::int32_t v)),
    (uint32,    bool(std::uint32_t v)),
    (int64,     bool(std::int64_t v)),
    (uint64,    bool(std::uint64_t v)),
    (single,    bool(float v)),
    (number,    bool(double v)),
    (character, bool(char v)),
    (text,      bool(const std::string& v)),
    (nothing,   bool(std::monostate v)),
    (any,       bool(json v)),
    (bytes,     bool(std::vector<std::byte> v)),
    (packed,    bool(farcall::packed<std::vector<double>> v)),
    (pixels,    bool(farcall::packed<std::array<std::uint8_t, 4>> v)),
    (switches,  bool(farcall::packed<std::array<bool, 3>> v)),
    (when,      bool(instant v)),
    (length,    bool(std::chrono::milliseconds v)),
    (paint,     bool(colour v)),
    (stage,     bool(level v)),
    (list,      bool(std::vector<std::int8_t> v)),
    (flags,     bool(std::vector<bool> v)),
    (three,     bool(std::array<std::int8_t, 3> v)),
    (set,       bool(std::set<std::string> v)),
    (pair,      bool(std::pair<std::int8_t, std::string> v)),
    (nobody,    bool(std::tuple<> v)),
    (map,       bool(std::map<std::string, int> v)),
    (by_number, bool(std::map<std::int8_t, int> v)),
    (by_colour, bool(std::unordered_map<colour, bool> v)),
    (maybe,     bool(std::optional<int> v)),
    (kinds,     bool(std::variant<std::monostate, int, std::string, std::vector<int>> v)),
    (tagged,    bool(std::variant<int, std::string, point, std::vector<std::string>> v)),
    (place,     bool(point v)),
    (order,     bool(const line& v)),
    (forest,    bool(const std::vector<tree>& v)),
    (blank,     bool(empty v)),
    (owner,     bool(account v)),
    (money,     bool(currency v)))

struct types {
    bool boolean(bool) { return true; }
    bool int8(std::int8_t) { return true; }
    bool uint8(std::uint8_t) { return true; }
    bool int16(std::int16_t) { return true; }
    bool int32(std::int32_t) { return true; }
    bool uint32(std::uint32_t) { return true; }
    bool int64(std::int64_t) { return true; }
    bool uint64(std::uint64_t) { return true; }
    bool single(float) { return true; }
    bool number(double) { return true; }
    bool character(char) { return true; }
    bool text(const std::string&) { return true; }
    bool nothing(std::monostate) { return true; }
    bool any(const json&) { return true; }
    bool bytes(const std::vector<std::byte>&) { return true; }
    bool packed(const std::vector<double>&) { return true; }
    bool pixels(std::array<std::uint8_t, 4>) { return true; }
    bool switches(const farcall::packed<std::array<bool, 3>>&) { return true; }
    bool when(instant) { return true; }
    bool length(std::chrono::milliseconds) { return true; }
    bool paint(colour) { return true; }
    bool stage(level) { return true; }
    bool list(const std::vector<std::int8_t>&) { return true; }
    bool flags(const std::vector<bool>&) { return true; }
    bool three(std::array<std::int8_t, 3>) { return true; }
    bool set(const std::set<std::string>&) { return true; }
    bool pair(const std::pair<std::int8_t, std::string>&) { return true; }
    bool nobody(std::tuple<>) { return true; }
    bool map(const std::map<std::string, int>&) { return true; }
    bool by_number(const std::map<std::int8_t, int>&) { return true; }
    bool by_colour(const std::unordered_map<colour, bool>&) { return true; }
    bool maybe(std::optional<int>) { return true; }
    bool kinds(const std::variant<std::monostate, int, std::string, std::vector<int>>&) { return true; }
    bool tagged(const std::variant<int, std::string, point, std::vector<std::string>>&) { return true; }
    bool place(point) { return true; }
    bool order(const line&) { return true; }
    bool forest(const std::vector<tree>&) { return true; }
    bool blank(empty) { return true; }
    bool owner(const account&) { return true; }
    bool money(const currency&) { return true; }
};

// Arguments of several parameters, and all that a declaration can say.
RPC_SERVICE(Shop,
    (add,     int(int a, int b), farcall::readonly, farcall::doc<"Adds \"two\" numbers.">),
    (search,  std::vector<line>(std::string text, std::optional<int> limit, std::optional<bool> exact),
              farcall::readonly, farcall::timeout_ms<1500>),
    (order,   void(const std::vector<line>& lines), farcall::exactly_once, farcall::throws<no_stock, closed>,
              farcall::alias<"Shop.buy">),
    (cancel,  void(int number), farcall::idempotent, farcall::deprecated<"use order">),
    (nameless, bool(int, std::string)))

struct shop {
    int add(int a, int b) { return a + b; }
    std::vector<line> search(const std::string&, std::optional<int>, std::optional<bool>) { return {}; }
    void order(const std::vector<line>& lines) {
        if (lines.size() > 1) throw no_stock{1};
    }
    void cancel(int) {}
    bool nameless(int, const std::string&) { return true; }
};

// Ends when it is cancelled.
RPC_SERVICE(Patience, (wait, void()))

struct patience {
    boost::asio::awaitable<void> wait() {
        boost::asio::steady_timer never{co_await boost::asio::this_coro::executor, std::chrono::hours{1}};
        co_await never.async_wait(boost::asio::use_awaitable);
    }
};

// Whether a method of it ran is what other origins must not be able to change.
RPC_SERVICE(Counter,
    (hit,   int()),
    (count, int(), farcall::readonly))

struct counter {
    int hit() { return ++hits; }
    int count() const { return hits; }
    int hits = 0;
};

}  // namespace

// schema_server [--token=TOKEN] [ORIGIN...]: the pages want the token; pages of these origins may call, besides its own.
int main(int argc, char** argv) {
    farcall::server_options options;
    for (const std::string& argument : std::vector<std::string>(argv + 1, argv + argc)) {
        constexpr std::string_view token = "--token=";
        if (argument.starts_with(token))
            options.http.pages.tokens.push_back(argument.substr(token.size()));
        else
            options.http.origins.push_back(argument);
    }
    farcall::server server{options};
    server.add<Types>(types{});
    server.add<Shop>(shop{});
    server.add<Patience>(patience{});
    server.add<Counter>(counter{});
    server.add("echo", [](const json& params) { return params; });
    server.add("Plain.twice", [](std::string text) { return text + text; });
    server.listen(0);
    server.run([&] { std::cout << server.port() << std::endl; });
}
