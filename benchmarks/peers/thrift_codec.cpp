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

/// @param value  held by a pointer: Thrift declares copies of arguments, but does not define them
template <class Value>
void add(const std::string& name, std::shared_ptr<Value> value) {
    const auto memory = std::make_shared<buffer>();
    const auto through = std::make_shared<protocol>(memory);
    value->write(through.get());
    std::string text = memory->getBufferAsString();
    subjects.push_back({name + "_write", text.size(), [value, memory, through] {
                            memory->resetBuffer();
                            value->write(through.get());
                        }});
    const auto source = std::make_shared<buffer>();
    const auto from = std::make_shared<protocol>(source);
    subjects.push_back({name + "_read", text.size(), [text, source, from, into = std::make_shared<Value>()]() mutable {
                            source->resetBuffer(reinterpret_cast<std::uint8_t*>(text.data()), static_cast<std::uint32_t>(text.size()));
                            into->read(from.get());
                            source->readEnd();  // or what was read ever so often counts as one message, which is bounded
                            bench::keep(*into);
                        }});
}

}  // namespace

int main(int count, char** arguments) {
    const auto request = std::make_shared<peers::Echo_add_args>();
    request->a = 5;
    request->b = 3;
    add("add_request", request);
    const auto reply = std::make_shared<peers::Echo_add_result>();
    reply->success = 8;
    reply->__isset.success = true;
    add("add_response", reply);
    const bench::record sample = bench::sample_record();
    const auto record = std::make_shared<peers::Record>();
    record->id = sample.id;
    record->name = sample.name;
    record->samples = sample.samples;
    record->labels = sample.labels;
    record->active = sample.active;
    add("struct", record);
    const auto text = std::make_shared<peers::Echo_echo_text_args>();
    text->value = bench::sample_text();
    add("string", text);
    const auto doubles = std::make_shared<peers::Echo_echo_doubles_args>();
    doubles->values = bench::sample_doubles();
    add("doubles", doubles);
    return bench::codec_main(count, arguments, subjects);
}
