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

#include "support/payloads.hpp"

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

/// What is done again and again, and the size of its text.
struct work {
    std::size_t bytes;
    std::function<void()> once;
};

struct subject {
    std::string name;
    std::function<work()> prepare;
};

/// Adds NAME_write and NAME_read of the value that `make` gives.
template <class Make>
void add_value(std::vector<subject>& all, const std::string& name, Make make) {
    using type = decltype(make());
    all.push_back({name + "_write", [make] {
        const auto out = std::make_shared<text_buffer>();
        const auto write = [out, value = make()] {
            codec_error ignored;
            out->clear();
            check(farcall::encode(*out, value, ignored), "encode");
            keep(*out);
        };
        write();
        return work{out->size(), write};
    }});
    all.push_back({name + "_read", [make] {
        text_buffer out;
        codec_error error;
        const type value = make();
        check(farcall::encode(out, value, error), "encode");
        type again{};
        check(farcall::decode(out.view(), again, error) && again == value, "round trip");
        // Into a value of its own each time, as for a call.
        return work{out.size(), [text = std::string{out.view()}] {
            codec_error ignored;
            type into{};
            check(farcall::decode(text, into, ignored), "decode");
            keep(into);
        }};
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
    const auto add = [&](const char* name, std::size_t bytes, auto once) {
        all.push_back({name, [bytes, once] { return work{bytes, once}; }});
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
    add("add_request_write", request.size(), [shared, write_request] {
        shared->out.clear();
        write_request();
        keep(shared->out);
    });
    add("add_request_read", request.size(), [shared, request] {
        using stored = stored_arguments<int, int>;
        stored::values arguments;
        const stored::places places{&std::get<0>(arguments), &std::get<1>(arguments), nullptr};
        check(shared->requests.read(request) == message_kind::request &&
                  read_all_arguments(shared->requests.request().params, 63, places, stored::forms),
              "request");
        keep(arguments);
    });

    shared->out.clear();
    const auto write_response = [shared] {
        begin_result(shared->out, "1234");
        farcall::json_writer writer{shared->out};
        check(farcall::encode(writer, 8), "encode");
        end_result(shared->out);
    };
    write_response();
    const std::string response{shared->out.view()};
    add("add_response_write", response.size(), [shared, write_response] {
        shared->out.clear();
        write_response();
        keep(shared->out);
    });
    add("add_response_read", response.size(), [shared, response] {
        int result = 0;
        codec_error ignored;
        check(shared->responses.read(response) == reply_kind::response &&
                  farcall::decode(shared->responses.response().result, result, ignored),
              "response");
        keep(result);
    });
}

std::vector<subject> subjects() {
    std::vector<subject> all;
    add_calls(all);
    add_value(all, "struct", [] { return bench::sample_record(); });
    add_value(all, "string", [] { return bench::sample_text(); });
    add_value(all, "umlauts", [] {
        std::string text;
        while (text.size() < bench::text_size) text += "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. ";
        return text;
    });
    add_value(all, "decimals", [] { return bench::sample_decimals(); });
    add_value(all, "doubles", [] { return bench::sample_doubles(); });
    add_value(all, "packed", [] { return farcall::packed{bench::sample_doubles()}; });
    // As many of each length.
    add_value(all, "integers", [] {
        std::mt19937_64 random{1};
        std::vector<std::int64_t> values(bench::doubles_count);
        for (std::int64_t& one : values) one = static_cast<std::int64_t>(random()) >> (random() % 64);
        return values;
    });
    return all;
}

double measure(const work& what) {
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
        const work prepared = found->prepare();
        for (long i = 0; i != times; ++i) prepared.once();
        return 0;
    }
    for (const subject& each : all) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), each.name) == wanted.end()) continue;
        const work prepared = each.prepare();
        std::printf("{\"subject\":\"%s\",\"ns\":%.1f,\"bytes\":%zu}\n", each.name.c_str(), measure(prepared), prepared.bytes);
        std::fflush(stdout);
    }
}
