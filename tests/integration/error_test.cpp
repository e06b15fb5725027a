#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <farcall.hpp>

/// What a caller gets when a call fails, and values of every kind on their way there and back.
namespace {

using farcall::executed;
using farcall::origin;
using farcall::status;
using namespace std::chrono_literals;

struct division_by_zero {
    int dividend;
};
struct too_large final {
    std::string message;
};
class odd_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};
struct secret {};

RPC_SERVICE(Faults,
    (divide, int(int a, int b), farcall::readonly, farcall::throws<division_by_zero, too_large, odd_error>),
    (standard, void(std::string name)),
    (unknown, void(std::string kind)),
    (chosen, void(int status)),
    (bad_result, double(std::string kind)),
    (divide_later, int(int a, int b), farcall::throws<division_by_zero>),
    (divide_aside, int(int a, int b), farcall::blocking, farcall::throws<division_by_zero>))

struct derived_logic_error : std::logic_error {
    using std::logic_error::logic_error;
};

struct faults {
    int divide(int a, int b) const {
        if (b == 0) throw division_by_zero{a};
        if (a > 1000) throw too_large{"at most 1000"};
        if (a < 0) throw odd_error{"below zero"};
        return a / b;
    }
    void standard(const std::string& name) const {
        if (name == "logic_error") throw std::logic_error{"text of " + name};
        if (name == "domain_error") throw std::domain_error{"text of " + name};
        if (name == "invalid_argument") throw std::invalid_argument{"text of " + name};
        if (name == "length_error") throw std::length_error{"text of " + name};
        if (name == "out_of_range") throw std::out_of_range{"text of " + name};
        if (name == "derived") throw derived_logic_error{"text of " + name};
        throw std::runtime_error{"text of " + name};
    }
    void unknown(const std::string& kind) const {
        if (kind == "runtime") throw std::runtime_error{"a secret"};
        if (kind == "struct") throw secret{};
        if (kind == "int") throw 42;
        if (kind == "nested") throw std::bad_alloc{};
        throw "text";
    }
    void chosen(int code) const {
        if (code > 100)
            throw farcall::error::application(code, "own", R"({"detail":[1,2]})");
        throw farcall::error{static_cast<farcall::status>(code), "status " + std::to_string(code)};
    }
    double bad_result(const std::string& kind) const {
        return kind == "nan" ? std::numeric_limits<double>::quiet_NaN() : std::numeric_limits<double>::infinity();
    }
    boost::asio::awaitable<int> divide_later(int a, int b) const { co_return divide(a, b); }
    int divide_aside(int a, int b) const { return divide(a, b); }
};

template <class Function>
farcall::error thrown_by(Function function) {
    try {
        function();
    } catch (const farcall::error& why) {
        return why;
    } catch (const farcall::failure& why) {
        return why.why();
    }
    throw std::runtime_error{"nothing was thrown"};
}

class failing_call : public ::testing::Test {
protected:
    explicit failing_call(bool expose = false) {
        farcall::server_options options;
        options.expose_exceptions = expose;
        server.emplace(options);
        server->add<Faults>(faults{});
        server->listen(0);
        server->start();
        proxy.emplace("tcp://127.0.0.1:" + std::to_string(server->port()));
        client.emplace("tcp://127.0.0.1:" + std::to_string(server->port()));
    }

    std::optional<farcall::server> server;
    std::optional<Faults::proxy> proxy;
    std::optional<farcall::client> client;
};

TEST_F(failing_call, throws_the_declared_exception_itself) {
    EXPECT_EQ(proxy->divide(10, 3), 3);
    try {
        proxy->divide(10, 0);
        FAIL();
    } catch (const division_by_zero& thrown) {
        EXPECT_EQ(thrown.dividend, 10);
    }
    try {
        proxy->divide(1001, 1);
        FAIL();
    } catch (const too_large& thrown) {
        EXPECT_EQ(thrown.message, "at most 1000");
    }
    try {
        proxy->divide(-1, 1);
        FAIL();
    } catch (const odd_error& thrown) {
        EXPECT_STREQ(thrown.what(), "below zero");
    }
    EXPECT_THROW(proxy->divide(-1, 1), std::runtime_error);
    EXPECT_THROW(proxy->divide_later(1, 0), division_by_zero);
    EXPECT_THROW(proxy->divide_aside(1, 0), division_by_zero);
    EXPECT_THROW(proxy->divide(1, 0, boost::asio::use_future).get(), division_by_zero);
    EXPECT_THROW(proxy->divide(1, 0, farcall::as_result).value(), division_by_zero);
}

TEST_F(failing_call, tells_of_a_declared_exception_as_of_any_error) {
    for (const farcall::error& why :
         {thrown_by([&] { proxy->divide(10, 0); }), proxy->divide(10, 0, farcall::as_result).error()}) {
        EXPECT_EQ(why.status(), status::unknown);
        EXPECT_EQ(why.code(), -32000);
        EXPECT_EQ(why.message(), "Division by zero");
        EXPECT_EQ(why.origin(), origin::peer);
        EXPECT_EQ(why.executed(), executed::yes);
        EXPECT_EQ(why.method(), "Faults.divide");
        EXPECT_EQ(why.value(), R"({"dividend":10})");
        EXPECT_NE(why.type().find("division_by_zero"), std::string::npos);
        EXPECT_STREQ(why.what(), "Faults.divide: Division by zero (unknown, code -32000)");
    }
}

TEST_F(failing_call, by_name_tells_of_an_exception_that_it_does_not_know) {
    const farcall::error why = thrown_by([&] { client->call<int>("Faults.divide", 10, 0); });
    EXPECT_EQ(why.message(), "Division by zero");
    EXPECT_NE(why.type().find("division_by_zero"), std::string::npos);
    EXPECT_EQ(why.value(), R"({"dividend":10})");
}

TEST_F(failing_call, throws_standard_exceptions_as_themselves) {
    EXPECT_THROW(proxy->standard("logic_error"), std::logic_error);
    EXPECT_THROW(proxy->standard("domain_error"), std::domain_error);
    EXPECT_THROW(proxy->standard("invalid_argument"), std::invalid_argument);
    EXPECT_THROW(proxy->standard("length_error"), std::length_error);
    EXPECT_THROW(proxy->standard("out_of_range"), std::out_of_range);
    try {
        proxy->standard("out_of_range");
        FAIL();
    } catch (const std::exception& thrown) {
        EXPECT_STREQ(thrown.what(), "text of out_of_range");
    }
    try {
        client->call<void>("Faults.standard", "domain_error");
        FAIL();
    } catch (const std::domain_error& thrown) {
        EXPECT_STREQ(thrown.what(), "text of domain_error");
    }
}

TEST_F(failing_call, tells_a_class_derived_from_a_standard_one_by_its_own_name) {
    const farcall::error why = thrown_by([&] { proxy->standard("derived"); });
    EXPECT_EQ(why.type(), "derived_logic_error");
    EXPECT_EQ(why.message(), "text of derived");
}

TEST_F(failing_call, keeps_the_text_of_undeclared_exceptions_on_the_server) {
    for (const std::string kind : {"runtime", "struct", "int", "text", "nested"}) {
        const farcall::error why = thrown_by([&] { proxy->unknown(kind); });
        EXPECT_EQ(why.status(), status::internal) << kind;
        EXPECT_EQ(why.origin(), origin::peer);
        EXPECT_EQ(why.executed(), executed::yes) << kind;
        EXPECT_FALSE(why.type().empty()) << kind;
        EXPECT_EQ(why.message().find("a secret"), std::string::npos);
        EXPECT_NE(why.message().find("throws<>"), std::string::npos) << "says what to do";
    }
    EXPECT_EQ(thrown_by([&] { proxy->unknown("runtime"); }).type(), "std::runtime_error");
    EXPECT_EQ(thrown_by([&] { proxy->unknown("struct"); }).type(), "secret");
    EXPECT_EQ(thrown_by([&] { proxy->unknown("int"); }).type(), "int");
}

class exposed_failing_call : public failing_call {
protected:
    exposed_failing_call() : failing_call(true) {}
};
TEST_F(exposed_failing_call, tells_the_text_where_the_server_is_told_to) {
    EXPECT_EQ(thrown_by([&] { proxy->unknown("runtime"); }).message(), "a secret");
}

TEST_F(failing_call, passes_on_the_status_that_a_handler_chose) {
    for (int code = 1; code <= 16; ++code) {
        const farcall::error why = thrown_by([&] { proxy->chosen(code); });
        EXPECT_EQ(static_cast<int>(why.status()), code);
        EXPECT_EQ(why.message(), "status " + std::to_string(code));
        EXPECT_EQ(why.origin(), origin::peer);
        EXPECT_EQ(why.executed(), executed::yes) << code << ": the handler ran";
        EXPECT_FALSE(why.has_own_code()) << code;
    }
}

TEST_F(failing_call, passes_on_an_applications_own_code) {
    const farcall::error why = thrown_by([&] { proxy->chosen(4711); });
    EXPECT_EQ(why.code(), 4711);
    EXPECT_TRUE(why.has_own_code());
    EXPECT_EQ(why.status(), status::unknown);
    EXPECT_EQ(why.data(), R"({"detail":[1,2]})");
    EXPECT_EQ(why.executed(), executed::yes);
}

TEST_F(failing_call, says_that_a_result_cannot_be_sent) {
    for (const std::string kind : {"nan", "infinity"}) {
        const farcall::error why = thrown_by([&] { proxy->bad_result(kind); });
        EXPECT_EQ(why.status(), status::internal);
        EXPECT_EQ(why.executed(), executed::yes);
        EXPECT_NE(why.message().find("the result cannot be sent"), std::string::npos) << why.message();
    }
}

TEST_F(failing_call, says_which_argument_cannot_be_sent) {
    const farcall::error nan = thrown_by([&] { client->call<int>("x", 1, std::numeric_limits<double>::quiet_NaN()); });
    EXPECT_EQ(nan.status(), status::invalid_argument);
    EXPECT_EQ(nan.origin(), origin::local);
    EXPECT_EQ(nan.executed(), executed::no);
    EXPECT_NE(nan.message().find("params[1]"), std::string::npos) << nan.message();
    const farcall::error text = thrown_by([&] { proxy->standard("\xff"); });
    EXPECT_EQ(text.status(), status::invalid_argument);
    EXPECT_NE(text.message().find("params[0]"), std::string::npos) << text.message();
    EXPECT_THROW(proxy->standard("\xff", farcall::notify), farcall::error);
    EXPECT_EQ(proxy->standard("\xff", farcall::as_result).error().executed(), executed::no);
    EXPECT_THROW(proxy->standard("\xff", boost::asio::use_future).get(), farcall::error);
}

TEST_F(failing_call, says_what_is_wrong_with_arguments) {
    const farcall::error type = thrown_by([&] { client->call<int>("Faults.divide", "x", 3); });
    EXPECT_EQ(type.status(), status::invalid_argument);
    EXPECT_EQ(type.code(), -32602);
    EXPECT_EQ(type.origin(), origin::peer);
    EXPECT_EQ(type.executed(), executed::no);
    EXPECT_EQ(type.path(), "/0");
    EXPECT_EQ(type.message(),
              "params[0]: expected integer, found string (argument \"a\" of Faults.divide: int(int a, int b))");
    const farcall::error count = thrown_by([&] { client->call<int>("Faults.divide", 1); });
    EXPECT_EQ(count.message(), "Faults.divide takes 2 arguments (a, b), found 1");
    EXPECT_EQ(thrown_by([&] { client->call<int>("Faults.divide"); }).message(),
              "Faults.divide takes 2 arguments (a, b), found 0");
    EXPECT_EQ(thrown_by([&] { client->call<int>("Faults.divide", 1, 2, 3); }).message(),
              "Faults.divide takes 2 arguments (a, b), found 3");
    EXPECT_EQ(thrown_by([&] { client->call<int>("Faults.divide", farcall::named(std::map<std::string, int>{{"a", 1}})); }).message(),
              "Faults.divide lacks the parameter b; it takes a, b");
    EXPECT_EQ(thrown_by([&] {
                  client->call<int>("Faults.divide", farcall::named(std::map<std::string, int>{{"a", 1}, {"c", 1}}));
              }).message(),
              "Faults.divide has no parameter c; it takes a, b");
}

TEST_F(failing_call, names_the_methods_that_may_have_been_meant) {
    const farcall::error why = thrown_by([&] { client->call<int>("Faults.devide", 1, 2); });
    EXPECT_EQ(why.status(), status::unimplemented);
    EXPECT_EQ(why.code(), -32601);
    EXPECT_EQ(why.executed(), executed::no);
    EXPECT_EQ(why.message(), "no method Faults.devide; did you mean Faults.divide?");
    const farcall::error far = thrown_by([&] { client->call<int>("Something.else"); });
    EXPECT_EQ(far.message(), "no method Something.else; compare the declarations on both sides");
}

enum class colour { red, green = 5 };
struct point {
    int x = 0;
    int y = 0;
    friend bool operator==(const point&, const point&) = default;
};
struct shape {
    std::string name;
    std::vector<point> points;
    std::optional<point> centre;
    std::map<std::string, std::vector<double>> weights;
    colour paint = colour::red;
    std::vector<std::byte> blob;
    std::pair<int, std::string> tag;
    std::variant<int, std::string> either;
    std::array<std::uint8_t, 3> rgb{};
    std::shared_ptr<int> shared;
    std::chrono::milliseconds age{0};
};

RPC_SERVICE(Values,
    (mirror, shape(shape value)),
    (find, std::optional<point>(std::vector<point> all, int x)),
    (count, std::size_t(std::vector<int> all)),
    (paint, colour(colour c)),
    (three, std::array<std::uint32_t, 3>(std::array<std::uint32_t, 3> v)),
    (factorial, std::int64_t(int n)),
    (limits, std::vector<std::uint64_t>()),
    (text, std::string(std::string text)))
struct values {
    shape mirror(shape value) const { return value; }
    std::optional<point> find(const std::vector<point>& all, int x) const {
        for (const point& each : all)
            if (each.x == x) return each;
        return std::nullopt;
    }
    std::size_t count(const std::vector<int>& all) const { return all.size(); }
    colour paint(colour c) const { return c == colour::red ? colour::green : colour::red; }
    std::array<std::uint32_t, 3> three(std::array<std::uint32_t, 3> v) const { return v; }
    std::int64_t factorial(int n) const {
        if (n < 0) throw std::domain_error{"no factorial below zero"};
        std::int64_t product = 1;
        for (int i = 2; i <= n; ++i)
            if (__builtin_mul_overflow(product, i, &product)) throw std::out_of_range{"the factorial does not fit"};
        return product;
    }
    std::vector<std::uint64_t> limits() const { return {0, 1ull << 53, (1ull << 53) + 1, ~0ull}; }
    std::string text(std::string text) const { return text; }
};

TEST(values, travel_there_and_back) {
    farcall::server_options options;
    options.limits.frame = 32u << 20;
    farcall::server server{options};
    server.add<Values>(values{});
    server.listen(0);
    server.start();
    farcall::client_options larger;
    larger.limits.frame = 32u << 20;
    Values::proxy proxy{"tcp://127.0.0.1:" + std::to_string(server.port()), {}, larger};

    shape sent;
    sent.name = "tri\"angle\n\xf0\x9f\x98\x80";
    sent.points = {{1, 2}, {-3, std::numeric_limits<int>::min()}};
    sent.centre = point{7, 8};
    sent.weights = {{"a", {0.1, 1e300, -0.0}}, {"", {}}};
    sent.paint = colour::green;
    sent.blob = {std::byte{0}, std::byte{255}};
    sent.tag = {4, "four"};
    sent.either = std::string{"or"};
    sent.rgb = {1, 2, 255};
    sent.shared = std::make_shared<int>(9);
    sent.age = 1500ms;
    const shape got = proxy.mirror(sent);
    EXPECT_EQ(got.name, sent.name);
    EXPECT_EQ(got.points, sent.points);
    EXPECT_EQ(got.centre, sent.centre);
    EXPECT_EQ(got.weights, sent.weights);
    EXPECT_EQ(got.paint, sent.paint);
    EXPECT_EQ(got.blob, sent.blob);
    EXPECT_EQ(got.tag, sent.tag);
    EXPECT_EQ(got.either, sent.either);
    EXPECT_EQ(got.rgb, sent.rgb);
    ASSERT_TRUE(got.shared);
    EXPECT_EQ(*got.shared, 9);
    EXPECT_EQ(got.age, sent.age);
    const shape empty = proxy.mirror({});
    EXPECT_FALSE(empty.centre);
    EXPECT_FALSE(empty.shared);

    EXPECT_EQ(proxy.find({{1, 2}, {3, 4}}, 3), (point{3, 4}));
    EXPECT_EQ(proxy.find({}, 99), std::nullopt);
    EXPECT_EQ(proxy.count({}), 0u);
    EXPECT_EQ(proxy.count(std::vector<int>(50'000, 1)), 50'000u);
    EXPECT_EQ(proxy.paint(colour::red), colour::green);
    EXPECT_EQ(proxy.three({1, 2, 0xFFFFFFFF}), (std::array<std::uint32_t, 3>{1, 2, 0xFFFFFFFF}));
    EXPECT_EQ(proxy.factorial(20), 2'432'902'008'176'640'000);
    EXPECT_THROW(proxy.factorial(21), std::out_of_range);
    EXPECT_THROW(proxy.factorial(-1), std::domain_error);
    EXPECT_EQ(proxy.limits(), (std::vector<std::uint64_t>{0, 1ull << 53, (1ull << 53) + 1, ~0ull}));
    const std::string large(8'000'000, 'y');
    EXPECT_EQ(proxy.text(large), large);

    farcall::client client{"tcp://127.0.0.1:" + std::to_string(server.port())};
    const farcall::error array = thrown_by([&] { client.call<farcall::json>("Values.three", std::vector<int>{1, 2}); });
    EXPECT_EQ(array.status(), status::invalid_argument);
    const auto deep = thrown_by([&] {
        client.call("Values.mirror", farcall::json::parse(R"({"name":"x","points":[{"x":1,"y":2},{"x":1,"y":"two"}]})").value());
    });
    EXPECT_NE(deep.message().find("params[0].points[1].y: expected integer, found string"), std::string::npos) << deep.message();
    EXPECT_EQ(deep.path(), "/0/points/1/y");
    EXPECT_EQ(client.call<int>("Values.factorial", 3.0), 6) << "3.0 is taken for an int";
    EXPECT_EQ(thrown_by([&] { client.call<int>("Values.factorial", 3.5); }).status(), status::invalid_argument);
    EXPECT_EQ(thrown_by([&] { client.call<int>("Values.factorial", "7"); }).status(), status::invalid_argument);
    EXPECT_EQ(thrown_by([&] { client.call<std::int8_t>("Values.factorial", 6); }).status(), status::internal)
        << "720 does not fit what this caller declares";
}

}  // namespace
