#include <memory>
#include <string>
#include <vector>

#include <farcall/protocol/http/client_framing.hpp>
#include <farcall/protocol/websocket/client_framing.hpp>
#include <farcall/protocol/websocket/handshake.hpp>

#include "fuzz/check.hpp"
#include "fuzz/targets.hpp"
#include "unit/protocol/exact_text.hpp"

namespace {

using namespace farcall::detail;
using kind = client_step::kind;

farcall::limits small_limits() {
    farcall::limits bounds;
    bounds.frame = 512;
    bounds.http_header = 512;
    return bounds;
}

/// Three calls that wait for answers.
std::unique_ptr<client_framing> http_with_calls(text_buffer& out) {
    auto made = make_http_client_framing({"http", "h", 80, "/"}, small_limits());
    made->open(out);
    for (const std::uint64_t id : {1u, 0u, 2u}) {
        const std::size_t mark = out.size();
        out.append(R"({"jsonrpc":"2.0","id":1,"method":"m"})");
        fuzz::check(made->end_message(out, mark, id, {}), "a short message can be framed");
    }
    return made;
}

/// A connection whose handshake is done.
std::unique_ptr<client_framing> open_websocket(text_buffer& out) {
    farcall::seeded_random random{1};
    auto made = make_websocket_client_framing({"ws", "h", 80, "/"}, small_limits(), random);
    made->open(out);
    const std::string asked{out.view()};
    const std::size_t at = asked.find("Key: ") + 5;
    const client_step step = made->next("HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: " +
                                            websocket_accept(asked.substr(at, asked.find("\r\n", at) - at)) + "\r\n\r\n",
                                        out);
    fuzz::check(step.what == kind::opened, "the right answer opens");
    return made;
}

/// What a framing makes of the input, in words, if so many bytes come at a time.
std::vector<std::string> read(client_framing& side, text_buffer& out, std::string_view input, std::size_t piece) {
    std::vector<std::string> events;
    std::string rest;
    while (!input.empty()) {
        rest += input.substr(0, piece);
        input.remove_prefix(std::min(piece, input.size()));
        while (!rest.empty()) {
            const farcall::testing::exact_text received{rest};
            const client_step step = side.next(received, out);
            fuzz::check(step.consumed <= rest.size(), "no more is consumed than was received");
            if (step.what == kind::need_more) break;
            if (step.what == kind::broken) {
                events.emplace_back("broken");
                return events;
            }
            fuzz::check(step.consumed != 0 || step.what != kind::handled || step.id != 0, "every step goes on");
            if (step.what == kind::message) {
                fuzz::check(step.payload.size() <= 512, "no message is longer than the limit");
                events.push_back(std::to_string(step.id) + '=' + std::string{step.payload});
            }
            if (step.what == kind::unanswered) events.push_back(std::to_string(step.id) + '!' + step.failure.message());
            rest.erase(0, step.consumed);
        }
    }
    if (rest.size() > 512) return events;
    const farcall::testing::exact_text left{rest};
    const client_step end = side.last(left, out);
    fuzz::check(end.consumed <= rest.size(), "no more is consumed than was received");
    if (end.what == kind::message) events.push_back("last " + std::string{end.payload});
    return events;
}

template <class Make>
void cuts_do_not_matter(std::string_view input, Make make) {
    const auto in_pieces = [&](std::size_t piece) {
        text_buffer out;
        const auto side = make(out);
        return read(*side, out, input, piece);
    };
    const std::vector<std::string> whole = in_pieces(input.size() + 1);
    for (const std::size_t piece : {1, 7, 64}) fuzz::check(in_pieces(piece) == whole, "the cuts do not matter");
}

}  // namespace

void fuzz::answers(std::string_view input) {
    cuts_do_not_matter(input, http_with_calls);
    cuts_do_not_matter(input, open_websocket);
}
