/// @file
/// Thrift's values alone, as benchmarks/codec.cpp measures farcall's.

#include <memory>
#include <string>

#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include "../support/payloads.hpp"
#include "Echo.h"
#include "codec_main.hpp"

namespace {

using buffer = apache::thrift::transport::TMemoryBuffer;
using protocol = apache::thrift::protocol::TBinaryProtocolT<buffer>;

std::vector<bench::codec_subject> subjects;

template <class Value>
void add(const std::string& name, const Value& value) {
    const auto memory = std::make_shared<buffer>();
    const auto through = std::make_shared<protocol>(memory);
    value.write(through.get());
    std::string text = memory->getBufferAsString();
    subjects.push_back({name + "_write", text.size(), [value, memory, through] {
                            memory->resetBuffer();
                            value.write(through.get());
                        }});
    const auto source = std::make_shared<buffer>();
    const auto from = std::make_shared<protocol>(source);
    subjects.push_back({name + "_read", text.size(), [text = text, source, from, into = Value{}]() mutable {
                            source->resetBuffer(reinterpret_cast<std::uint8_t*>(text.data()), static_cast<std::uint32_t>(text.size()));
                            into.read(from.get());
                            bench::keep(into);
                        }});
}

}  // namespace

int main(int count, char** arguments) {
    peers::Echo_add_args request;
    request.a = 5;
    request.b = 3;
    add("add_request", request);
    peers::Echo_add_result reply;
    reply.__set_success(8);
    add("add_response", reply);
    const bench::record sample = bench::sample_record();
    peers::Record record;
    record.id = sample.id;
    record.name = sample.name;
    record.samples = sample.samples;
    record.labels = sample.labels;
    record.active = sample.active;
    add("struct", record);
    peers::Echo_echo_text_args text;
    text.value = bench::sample_text();
    add("string", text);
    peers::Echo_echo_doubles_args doubles;
    doubles.values = bench::sample_doubles();
    add("doubles", doubles);
    return bench::codec_main(count, arguments, subjects);
}
