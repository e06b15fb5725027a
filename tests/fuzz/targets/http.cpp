#include <farcall/protocol/http/http_framing.hpp>
#include <farcall/protocol/websocket/framing.hpp>

#include "fuzz/framed_input.hpp"
#include "fuzz/targets.hpp"

namespace {

using namespace farcall::detail;

/// A server with one page, one method, small limits, and one origin that may call.
class small_site final : public http_site {
public:
    small_site() {
        limits_.frame = 512;
        limits_.http_header = 512;
        limits_.http_fields = 12;
    }

    const http_access& access() const noexcept override { return access_; }
    const farcall::limits& limits() const noexcept override { return limits_; }
    unsigned notification_status() const noexcept override { return 200; }
    bool has_page(const http_page_request& wanted) const override { return wanted.path == "/"; }
    std::optional<http_page> page(const http_page_request& wanted) const override {
        if (wanted.path == "/") return http_page{.content_type = "text/html", .body = "<p>"};
        return std::nullopt;
    }
    bool has_method(std::string_view name, const http_page_request&) const override { return name == "Calculator.add"; }
    std::unique_ptr<framing> websocket() const override { return make_websocket_framing(limits_); }

private:
    http_access access_{{.origins = {"https://app.example"}}, {"127.0.0.1"}};
    farcall::limits limits_{};
};

}  // namespace

void fuzz::http(std::string_view input) {
    const small_site site;
    const auto read = [&](std::size_t piece) {
        return framed_input{std::make_unique<http_framing>(site), input, piece};
    };
    const framed_input whole = read(input.size() + 1);
    for (const std::string& message : whole.messages) check(message.size() <= 1024, "no message is above the limits");
    // Who asks before it sends a body, and is refused, may have sent it already or not: then the connection ends or
    // goes on.
    if (lower_case(input).find("expect") != std::string::npos) return;
    for (const std::size_t piece : {1, 7, 64}) {
        const framed_input parts = read(piece);
        check(parts.messages == whole.messages && parts.closed == whole.closed, "the cuts do not matter");
    }
}
