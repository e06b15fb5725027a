#include <farcall/codec/scan.hpp>
#include <farcall/protocol/dialect.hpp>
#include <farcall/protocol/hello.hpp>
#include <farcall/protocol/meta.hpp>
#include <farcall/protocol/reply_meta.hpp>
#include <farcall/protocol/request.hpp>
#include <farcall/protocol/response.hpp>
#include <farcall/protocol/side_message.hpp>

#include "fuzz/check.hpp"
#include "fuzz/targets.hpp"
#include "unit/protocol/exact_text.hpp"

namespace {

using namespace farcall::detail;

constexpr std::size_t depth = 16;
const farcall::limits bounds = [] {
    farcall::limits small;
    small.depth = depth;
    small.batch = 8;
    return small;
}();

/// What is looked at where a server looks at it.
void look_into(const request_view& request) {
    call_meta meta;
    std::string error;
    if (!read_meta(request.meta, meta, error)) fuzz::check(!error.empty(), "a refused meta has a reason");
    static_cast<void>(read_cancel(request.params));
    static_cast<void>(read_goaway(request.params));
    static_cast<void>(read_ping(request.params));
    static_cast<void>(hello_wants_session(request.params));
}

void read_request(std::string_view text) {
    request_reader reader{bounds};
    const message_kind found = reader.read(text);
    if (found == message_kind::request && !reader.request().params_checked) {
        // In place: it must be what a full reading finds, if its params are JSON.
        const request_view own = reader.request();
        request_reader full{bounds};
        const message_kind checked = full.read_checked(text);
        if (scan(own.params, depth - 1)) {
            fuzz::check(checked == message_kind::request, "what is recognised in place is a request");
            fuzz::check(full.request().id == own.id && full.request().method == own.method &&
                            full.request().params == own.params && full.request().meta == own.meta,
                        "what is recognised in place is what a full reading finds");
        }
    }
    const auto judge = [&] {
        if (reader.kind() == message_kind::refused) {
            fuzz::check(!reader.refused().message.empty(), "a refusal has a reason");
            fuzz::check(static_cast<bool>(scan(reader.refused().id, depth)), "a refusal's id is JSON");
        } else {
            look_into(reader.request());
        }
    };
    if (found != message_kind::batch) return judge();
    std::size_t elements = 0;
    while (reader.next()) {
        ++elements;
        judge();
    }
    fuzz::check(elements == reader.batch_size() && elements != 0, "a batch has its elements");
}

void read_response(std::string_view text) {
    response_reader reader{bounds};
    const auto look = [&] {
        if (reader.kind() != reply_kind::response) return;
        const reply_meta said = read_reply_meta(reader.response().meta);
        fuzz::check(!said.server_time || said.server_time->count() >= 0, "no server takes less than no time");
    };
    if (reader.read(text) != reply_kind::batch) return look();
    while (reader.next()) {
        fuzz::check(reader.kind() != reply_kind::batch, "no batch in a batch");
        look();
    }
}

void read_dialect(std::string_view text) {
    const scan_result found = scan(text, depth);
    if (!found || found.value.kind != farcall::json_kind::object) return;
    dialect_reader reader;
    if (reader.read(text, depth)) fuzz::check(reader.request().form != dialect::none, "a dialect has a name");
}

}  // namespace

void fuzz::message(std::string_view input) {
    const farcall::testing::exact_text text{input};
    read_request(text);
    read_response(text);
    read_dialect(text);
}
