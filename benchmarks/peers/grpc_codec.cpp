/// @file
/// Protocol Buffers alone, as benchmarks/codec.cpp measures farcall's values. What HTTP/2 adds to a message is not counted.

#include <string>

#include "../support/payloads.hpp"
#include "codec_main.hpp"
#include "echo.pb.h"

namespace {

std::vector<bench::codec_subject> subjects;

template <class Message>
void add(const std::string& name, const Message& message) {
    const std::string text = message.SerializeAsString();
    subjects.push_back({name + "_write", text.size(), [message, into = std::string{}]() mutable {
                            message.SerializeToString(&into);
                            bench::keep(into);
                        }});
    subjects.push_back({name + "_read", text.size(), [text, into = Message{}]() mutable {
                            bench::keep(into.ParseFromString(text));
                        }});
}

}  // namespace

int main(int count, char** arguments) {
    peers::AddRequest request;
    request.set_a(5);
    request.set_b(3);
    add("add_request", request);
    peers::AddReply reply;
    reply.set_sum(8);
    add("add_response", reply);
    const bench::record sample = bench::sample_record();
    peers::Record record;
    record.set_id(sample.id);
    record.set_name(sample.name);
    record.mutable_samples()->Add(sample.samples.begin(), sample.samples.end());
    record.mutable_labels()->insert(sample.labels.begin(), sample.labels.end());
    record.set_active(sample.active);
    add("struct", record);
    peers::Text text;
    text.set_value(bench::sample_text());
    add("string", text);
    const std::vector<double> values = bench::sample_doubles();
    peers::Doubles doubles;
    doubles.mutable_values()->Add(values.begin(), values.end());
    add("doubles", doubles);
    return bench::codec_main(count, arguments, subjects);
}
