#include <gtest/gtest.h>

#include <stdexcept>

#include <farcall/client.hpp>
#include <farcall/server.hpp>

namespace {

/// Cannot be read from JSON without an exception.
struct unreadable_value {
    int value = 0;
};

}  // namespace

template <>
struct farcall::codec<unreadable_value> {
    static bool encode(json_writer& out, const unreadable_value& value) { return out.integer(value.value); }
    static bool decode(json_reader&, unreadable_value&) { throw std::logic_error{"no such thing"}; }
};

/// A type of an application that throws while a result is read: the call fails, the process does not.
namespace {

TEST(unreadable_result, is_an_error_of_its_call_only) {
    farcall::server server;
    server.add("seven", [] { return 7; });
    server.listen("memory://unreadable");
    server.start();
    farcall::client client{"memory://unreadable"};
    const auto end = client.try_call<unreadable_value>("seven");
    ASSERT_FALSE(end);
    EXPECT_NE(end.error().message().find("no such thing"), std::string::npos) << end.error().what();
    EXPECT_EQ(end.error().executed(), farcall::executed::yes);
    EXPECT_EQ(client.call<int>("seven"), 7);
}

}  // namespace
