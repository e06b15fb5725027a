#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <farcall/client.hpp>
#include <farcall/server.hpp>

#include "integration/raw_socket.hpp"
#include "integration/raw_websocket.hpp"

/// The first calls that anybody tries, through every protocol of one port: with and without arguments and results.
namespace {

using integration::raw_socket;
using integration::raw_websocket;

RPC_SERVICE(Greeter,
    (hello,        std::string(std::string name)),
    (goodbye,      void(std::string name)),
    (add_2_words,  std::string(std::string first, std::string second)),
    (func_no_args, void()),
    (get_time,     std::int64_t()))

class greeter {
public:
    std::string hello(const std::string& name) const { return "Hello, " + name; }
    void goodbye(const std::string& name) { note("goodbye " + name); }
    std::string add_2_words(const std::string& first, const std::string& second) const { return first + second; }
    void func_no_args() { note("func_no_args"); }
    std::int64_t get_time() const { return 1234567890; }

    std::vector<std::string> take_notes() {
        const std::lock_guard lock(mutex_);
        return std::exchange(notes_, {});
    }

private:
    void note(std::string what) {
        const std::lock_guard lock(mutex_);
        notes_.push_back(std::move(what));
    }

    std::mutex mutex_;
    std::vector<std::string> notes_;
};

/// The body of the next response of HTTP.
std::string receive_body(raw_socket& wire) {
    std::size_t length = 0;
    for (std::optional<std::string> line; (line = wire.receive_line()) && *line != "\r";)
        if (line->starts_with("Content-Length: ")) length = std::stoul(line->substr(16));
    return wire.receive_bytes(length);
}

std::string with_length(const std::string& text) {
    return "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
}

class every_protocol : public ::testing::Test {
protected:
    /// Sends the text of a request and gives that of the answer.
    using exchange = std::function<std::string(const std::string& request)>;

    void SetUp() override {
        server_.add<Greeter>(handler_);
        server_.listen(0);
        server_.start();
    }

    raw_socket connect() const { return raw_socket::connect(server_.port()); }

    /// By name; each on a connection of its own.
    std::map<std::string, exchange> protocols() const {
        const auto keep = [](auto wire) { return std::make_shared<decltype(wire)>(std::move(wire)); };
        return {
            {"native",
             [wire = keep(connect())](const std::string& text) {
                 wire->send_frame(text);
                 return wire->receive().value_or("");
             }},
            {"line",
             [wire = keep(connect())](const std::string& text) {
                 wire->send(text + "\n");
                 return wire->receive_line().value_or("");
             }},
            {"content-length",
             [wire = keep(connect())](const std::string& text) {
                 wire->send(with_length(text));
                 return receive_body(*wire);
             }},
            {"http",
             [wire = keep(connect())](const std::string& text) {
                 wire->send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
                            with_length(text));
                 return receive_body(*wire);
             }},
            {"websocket",
             [wire = keep(raw_websocket{connect()})](const std::string& text) {
                 wire->send_text(text);
                 return wire->receive().value_or("");
             }},
        };
    }

    std::shared_ptr<greeter> handler_ = std::make_shared<greeter>();
    farcall::server server_;
};

std::string request(const std::string& method, const std::string& params) {
    return R"({"jsonrpc":"2.0","id":1,"method":"Greeter.)" + method + '"' +
           (params.empty() ? "" : ",\"params\":" + params) + "}";
}

std::string result(const std::string& value) {
    return R"({"jsonrpc":"2.0","id":1,"result":)" + value + "}";
}

TEST_F(every_protocol, carries_methods_with_and_without_arguments_and_results) {
    for (const auto& [name, call] : protocols()) {
        SCOPED_TRACE(name);
        EXPECT_EQ(call(request("hello", R"(["Ada"])")), result(R"("Hello, Ada")"));
        EXPECT_EQ(call(request("goodbye", R"({"name":"Ada"})")), result("null"));
        EXPECT_EQ(call(request("add_2_words", R"({"second":"b","first":"a"})")), result(R"("ab")"));
        for (const std::string nothing : {"", "[]", "{}"}) {
            EXPECT_EQ(call(request("func_no_args", nothing)), result("null"));
            EXPECT_EQ(call(request("get_time", nothing)), result("1234567890"));
        }
        EXPECT_EQ(handler_->take_notes(),
                  (std::vector<std::string>{"goodbye Ada", "func_no_args", "func_no_args", "func_no_args"}));
    }
}

TEST_F(every_protocol, takes_the_same_arguments_without_an_envelope) {
    raw_socket wire = connect();
    const auto call = [&](const std::string& method, const std::string& body) {
        wire.send("POST /Greeter." + method + " HTTP/1.1\r\nHost: localhost\r\n" + with_length(body));
        return receive_body(wire);
    };
    EXPECT_EQ(call("hello", R"(["Ada"])"), R"("Hello, Ada")");
    EXPECT_EQ(call("goodbye", R"({"name":"Ada"})"), "null");
    EXPECT_EQ(call("add_2_words", R"(["a","b"])"), R"("ab")");
    for (const std::string nothing : {"", "[]", "{}"}) EXPECT_EQ(call("get_time", nothing), "1234567890");
}

TEST_F(every_protocol, refuses_the_same_mistakes_with_the_same_words) {
    std::map<std::string, std::vector<std::string>> said;
    for (const auto& [name, call] : protocols()) {
        for (const std::string& wrong :
             {request("helo", "[]"), request("hello", "[7]"), request("hello", "[]"), request("get_time", "[1]"),
              request("hello", R"({"nome":"Ada"})"), std::string{R"({"jsonrpc":"2.0","id":1})"}, std::string{"{bad}"},
              std::string{"[]"}, std::string{R"({"jsonrpc":"2.0","id":[],"method":"Greeter.hello"})"}}) {
            said[name].push_back(call(wrong));
            EXPECT_NE(said[name].back().find("\"error\""), std::string::npos) << name << wrong;
        }
    }
    for (const auto& [name, texts] : said) EXPECT_EQ(texts, said["native"]) << name;
}

TEST_F(every_protocol, serves_the_proxy_of_the_same_declaration) {
    for (const std::string scheme : {"tcp", "ws", "http"}) {
        SCOPED_TRACE(scheme);
        Greeter::proxy greeter{scheme + "://127.0.0.1:" + std::to_string(server_.port())};
        EXPECT_EQ(greeter.hello("Ada"), "Hello, Ada");
        greeter.goodbye("Ada");
        EXPECT_EQ(greeter.add_2_words("a", "b"), "ab");
        greeter.func_no_args();
        EXPECT_EQ(greeter.get_time(), 1234567890);
        EXPECT_EQ(handler_->take_notes(), (std::vector<std::string>{"goodbye Ada", "func_no_args"}));
    }
}

}  // namespace
