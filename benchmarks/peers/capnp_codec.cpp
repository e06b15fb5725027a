/// @file
/// Cap'n Proto's values alone, as benchmarks/codec.cpp measures farcall's: to write is to build a message from a value and to
/// copy it into bytes, to read is to make the value again.

#include <memory>
#include <string>
#include <vector>

#include <capnp/message.h>
#include <capnp/serialize.h>

#include "../support/payloads.hpp"
#include "codec_main.hpp"
#include "echo.capnp.h"

namespace {

std::vector<bench::codec_subject> subjects;

std::vector<double> values_of(capnp::List<double>::Reader list) {
    std::vector<double> values(list.size());
    for (capnp::uint i = 0; i < list.size(); ++i) values[i] = list[i];
    return values;
}

/// @param write  fills a builder; `read` takes a value out of a reader
template <class Root, class Write, class Read>
void add(const std::string& name, Write write, Read read) {
    const auto build = [write] {
        capnp::MallocMessageBuilder message;
        write(message.initRoot<Root>());
        return capnp::messageToFlatArray(message);
    };
    const auto words = std::make_shared<kj::Array<capnp::word>>(build());
    const std::size_t bytes = words->asBytes().size();
    subjects.push_back({name + "_write", bytes, [build] { bench::keep(build()); }});
    subjects.push_back({name + "_read", bytes, [words, read] {
                            capnp::ReaderOptions options;
                            options.traversalLimitInWords = 1 << 30;
                            capnp::FlatArrayMessageReader message{*words, options};
                            read(message.getRoot<Root>());
                        }});
}

}  // namespace

int main(int count, char** arguments) {
    using peers::Echo;
    add<Echo::AddParams>(
        "add_request",
        [](Echo::AddParams::Builder into) {
            into.setA(5);
            into.setB(3);
        },
        [](Echo::AddParams::Reader from) { bench::keep(from.getA() + from.getB()); });
    add<Echo::AddResults>(
        "add_response", [](Echo::AddResults::Builder into) { into.setSum(8); },
        [](Echo::AddResults::Reader from) { bench::keep(from.getSum()); });
    add<peers::Record>(
        "struct",
        [value = bench::sample_record()](peers::Record::Builder into) {
            into.setId(value.id);
            into.setName(value.name);
            auto samples = into.initSamples(static_cast<capnp::uint>(value.samples.size()));
            for (capnp::uint i = 0; i < samples.size(); ++i) samples.set(i, value.samples[i]);
            auto labels = into.initLabels(static_cast<capnp::uint>(value.labels.size()));
            capnp::uint at = 0;
            for (const auto& [key, text] : value.labels) {
                labels[at].setKey(key);
                labels[at++].setValue(text);
            }
            into.setActive(value.active);
        },
        [](peers::Record::Reader from) {
            bench::record made{.id = from.getId(), .name = std::string(from.getName()), .samples = {}, .labels = {},
                               .active = from.getActive()};
            made.samples = values_of(from.getSamples());
            for (const auto label : from.getLabels())
                made.labels.emplace(std::string(label.getKey()), std::string(label.getValue()));
            bench::keep(made);
        });
    add<Echo::TextParams>(
        "string", [value = bench::sample_text()](Echo::TextParams::Builder into) { into.setValue(value); },
        [](Echo::TextParams::Reader from) { bench::keep(std::string(from.getValue())); });
    add<Echo::DoublesParams>(
        "doubles",
        [values = bench::sample_doubles()](Echo::DoublesParams::Builder into) {
            auto list = into.initValues(static_cast<capnp::uint>(values.size()));
            for (capnp::uint i = 0; i < list.size(); ++i) list.set(i, values[i]);
        },
        [](Echo::DoublesParams::Reader from) {
            bench::keep(values_of(from.getValues()));
        });
    return bench::codec_main(count, arguments, subjects);
}
