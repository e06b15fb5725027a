/// @file
/// The codec alone, without sockets: what it costs to write and to read what the other benchmarks send.
///
/// `codec`               prints a line of JSON a subject: nanoseconds (the best of its rounds), bytes of the text
/// `codec SUBJECT...`    measures these only
/// `codec SUBJECT N`     does it exactly N times and measures nothing: for callgrind (codec.py)

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <farcall/codec/codecs.hpp>
#include <farcall/protocol/message_writer.hpp>
#include <farcall/protocol/meta.hpp>
#include <farcall/protocol/request.hpp>
#include <farcall/protocol/response.hpp>
#include <farcall/service/encode_arguments.hpp>
#include <farcall/service/read_arguments.hpp>

#include "support/record.hpp"

namespace {

using farcall::codec_error;
using farcall::detail::text_buffer;

void check(bool good, const char* what) {
    if (good) return;
    std::fprintf(stderr, "codec: %s failed\n", what);
    std::exit(1);
}

/// Keeps the compiler from seeing that nobody needs a result.
template <class T>
void keep(const T& value) {
    asm volatile("" : : "r"(&value) : "memory");
}

struct subject {
    std::string_view name;
    std::size_t bytes;  ///< of the text
    std::function<void()> once;
};

/// Adds "name_write" and "name_read" of one value.
template <class T>
void add_value(std::vector<subject>& all, std::string_view write_name, std::string_view read_name, T value) {
    text_buffer text;
    codec_error error;
    check(farcall::encode(text, value, error), "encode");
    T again{};
    check(farcall::decode(text.view(), again, error) && again == value, "round trip");

    all.push_back({write_name, text.size(), [value, out = std::make_shared<text_buffer>()] {
        codec_error ignored;
        out->clear();
        check(farcall::encode(*out, value, ignored), "encode");
        keep(*out);
    }});
    // Into a value of its own each time, as for a call.
    all.push_back({read_name, text.size(), [copy = std::string{text.view()}] {
        codec_error ignored;
        T into{};
        check(farcall::decode(copy, into, ignored), "decode");
        keep(into);
    }});
}

/// One call of `int add(int, int)`: both its messages, written and read, as on native frames without their length.
void add_calls(std::vector<subject>& all) {
    using namespace farcall::detail;
    struct call {
        text_buffer out;
        timeout_meta meta;
        request_reader requests;
        response_reader responses;
    };
    const auto shared = std::make_shared<call>();
    shared->meta.set(std::chrono::seconds{10});

    const auto write_request = [shared] {
        begin_request(shared->out, 1234, "Calculator.add", &shared->meta);
        farcall::json_writer writer{shared->out};
        check(encode_arguments(writer, 5, 3), "encode_arguments");
        end_request(shared->out);
    };
    write_request();
    const std::string request{shared->out.view()};
    all.push_back({"add_request_write", request.size(), [shared, write_request] {
        shared->out.clear();
        write_request();
        keep(shared->out);
    }});
    all.push_back({"add_request_read", request.size(), [shared, request] {
        using reader = argument_reader<int, int>;
        static constexpr std::string_view names[] = {"a", "b"};
        reader::values arguments;
        argument_failure why;
        check(shared->requests.read(request) == message_kind::request &&
                  reader::read(shared->requests.request().params, 63, arguments, names, why),
              "request");
        keep(arguments);
    }});

    shared->out.clear();
    const auto write_response = [shared] {
        begin_result(shared->out, "1234");
        farcall::json_writer writer{shared->out};
        check(farcall::encode(writer, 8), "encode");
        end_result(shared->out);
    };
    write_response();
    const std::string response{shared->out.view()};
    all.push_back({"add_response_write", response.size(), [shared, write_response] {
        shared->out.clear();
        write_response();
        keep(shared->out);
    }});
    all.push_back({"add_response_read", response.size(), [shared, response] {
        int result = 0;
        codec_error ignored;
        check(shared->responses.read(response) == reply_kind::response &&
                  farcall::decode(shared->responses.response().result, result, ignored),
              "response");
        keep(result);
    }});
}

std::vector<subject> subjects() {
    std::vector<subject> all;
    add_calls(all);
    add_value(all, "struct_write", "struct_read", bench::sample_record());

    std::mt19937_64 random{1};
    std::string text(1 << 20, ' ');
    for (char& c : text) c = static_cast<char>('a' + random() % 26);
    add_value(all, "string_write", "string_read", text);

    std::string german;
    while (german.size() < 1 << 20) german += "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. ";
    add_value(all, "umlauts_write", "umlauts_read", german);

    // What a sensor says, and what arithmetic leaves.
    std::uniform_int_distribution<int> cents{-100'000, 10'000'000};
    std::uniform_real_distribution<double> unit{0, 1};
    std::vector<double> prices(131'072), measured(131'072);
    for (double& value : prices) value = cents(random) / 100.0;
    for (double& value : measured) value = unit(random);
    add_value(all, "prices_write", "prices_read", prices);
    add_value(all, "doubles_write", "doubles_read", measured);

    std::vector<std::int64_t> numbers(131'072);
    for (std::int64_t& value : numbers) value = static_cast<std::int64_t>(random()) >> (random() % 64);
    add_value(all, "integers_write", "integers_read", numbers);
    return all;
}

double measure(const subject& what) {
    using clock = std::chrono::steady_clock;
    const auto run = [&](std::int64_t times) {
        const auto began = clock::now();
        for (std::int64_t i = 0; i != times; ++i) what.once();
        return std::chrono::duration<double, std::nano>(clock::now() - began).count();
    };
    std::int64_t times = 1;
    while (run(times) < 2e6) times *= 2;
    double best = run(times);
    for (int round = 0; round != 20; ++round) best = std::min(best, run(times));
    return best / static_cast<double>(times);
}

}  // namespace

int main(int count, char** arguments) {
    const std::vector<std::string_view> wanted(arguments + 1, arguments + count);
    const std::vector<subject> all = subjects();

    if (wanted.size() == 2 && wanted[1].find_first_not_of("0123456789") == std::string_view::npos) {
        long times = 0;
        std::from_chars(wanted[1].data(), wanted[1].data() + wanted[1].size(), times);
        const auto found = std::find_if(all.begin(), all.end(), [&](const subject& each) { return each.name == wanted[0]; });
        check(found != all.end(), "finding this subject");
        for (long i = 0; i != times; ++i) found->once();
        return 0;
    }
    for (const subject& each : all) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), each.name) == wanted.end()) continue;
        std::printf("{\"subject\":\"%s\",\"ns\":%.1f,\"bytes\":%zu}\n", std::string{each.name}.c_str(), measure(each), each.bytes);
        std::fflush(stdout);
    }
}
