#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <farcall/detail/config.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/protocol/framing.hpp>
#include <farcall/protocol/http/chunked.hpp>
#include <farcall/protocol/http/head.hpp>
#include <farcall/protocol/http/media_type.hpp>
#include <farcall/protocol/http/reply.hpp>
#include <farcall/protocol/http/site.hpp>

namespace farcall::detail {

/// HTTP/1.1, as a server speaks it.
///
/// | request | what it is |
/// |---|---|
/// | POST / | a JSON-RPC message; errors of JSON-RPC are a 200, too |
/// | POST /Service.method | a call without an envelope: arguments as body, answered by the bare result or an error |
/// | GET, HEAD | a page of the site |
/// | GET / with an upgrade | a WebSocket |
/// | OPTIONS | a browser that asks before it lets a page of another origin call |
///
/// An error of a call without an envelope is `{"error":{...}}`, with a status that fits. What there is beside its answer, if
/// the caller asks for it, travels as fields of the response: `Server-Timing`, and `Trailer-` in front of a trailer's name.
/// A request is judged by its head before anything of its body is taken, and its body is there as a whole before
/// anything runs. One request at a time is answered, so answers are in order. What cannot be framed without doubt is
/// refused, and the connection closed.
/// @see RFC 9110, RFC 9112, RFC 6455 section 4.2, W3C Server Timing; Connect's protocol for the names of trailers
class http_framing final : public framing {
public:
    /// @param site          must outlive this
    /// @param offers_pages  whether pages are shown at the address of this connection
    FARCALL_DECL explicit http_framing(const http_site& site, bool offers_pages = true);

    FARCALL_DECL framing_step next(std::string_view received, text_buffer& out) override;
    FARCALL_DECL framing_step last(std::string_view rest, text_buffer& out) override;
    FARCALL_DECL bool end_message(text_buffer& out, std::size_t mark) override;
    FARCALL_DECL void end_last_message(text_buffer& out, std::size_t mark) override;
    FARCALL_DECL void no_reply(text_buffer& out) override;
    bool pushes() const noexcept override { return false; }
    FARCALL_DECL void drain() override;
    FARCALL_DECL void farewell(text_buffer& out) override;
    bool owes() const noexcept override {
        return !finished_ && (stage_ == stage::head ? head_.begun() : stage_ != stage::answer);
    }
    bool finished() const noexcept override { return finished_; }
    std::size_t held() const noexcept override { return stage_ == stage::chunks ? body_.size() : 0; }
    const call_meta* around() const noexcept override { return says_something_ ? &meta_ : nullptr; }

private:
    enum class stage : std::uint8_t {
        head,
        body,    ///< `left_` bytes of it
        chunks,  ///< a body in chunks
        answer   ///< the answer to a message is awaited
    };
    enum class purpose : std::uint8_t {
        message,    ///< POST /
        call,       ///< POST /Service.method
        page,       ///< GET, HEAD
        preflight,  ///< OPTIONS
        upgrade,    ///< to a WebSocket
        refusal     ///< `refusal_` is answered when the body is over
    };
    /// Why a request is not served, though the next one on the connection may be.
    struct refusal {
        unsigned status = 0;
        std::string text{};
        std::string fields{};
    };

    framing_step read_head(std::string_view received, text_buffer& out);
    framing_step read_body(std::string_view received, std::size_t used, text_buffer& out);
    framing_step read_chunks(std::string_view received, std::size_t used, text_buffer& out);
    framing_step take_request(std::string_view body, std::size_t used, text_buffer& out);
    framing_step take_call(std::string_view body, std::size_t used, text_buffer& out);
    framing_step take_upgrade(std::size_t used, text_buffer& out);
    framing_step take_page(std::size_t used, text_buffer& out);
    framing_step close(unsigned status, std::string_view text, std::size_t used, text_buffer& out);
    framing_step handled(std::size_t used) noexcept;

    void judge(const http_head& head);
    void judge_post(const http_head& head);
    void judge_get(const http_head& head);
    void judge_upgrade(const http_head& head);
    void judge_other(const http_head& head);
    std::string allowed(std::string_view path) const;
    void judge_call_fields(const http_head& head);
    /// The first reason counts.
    void refuse(unsigned status, std::string text, std::string fields = {});

    http_reply reply(unsigned status, std::string_view content_type = {}, std::string_view fields = {}) const noexcept;
    void answer_problem(unsigned status, std::string_view text, std::string_view fields, text_buffer& out);
    void end_call(text_buffer& out, std::size_t mark);
    static std::string take_notes(text_buffer& out, std::size_t mark);
    void end_answer() noexcept;

    const http_site& site_;
    http_head_reader head_;
    chunked_reader chunks_;
    stage stage_ = stage::head;
    purpose purpose_ = purpose::message;
    refusal refusal_{};
    std::string name_{};    ///< of the page or the method: the path without percent signs
    std::string accept_{};  ///< of a WebSocket's handshake
    std::string authorization_{};  ///< of who wants a page
    text_buffer fields_;    ///< lines for a browser, in every response to the request
    text_buffer scratch_;
    text_buffer body_;  ///< of a request in chunks
    call_meta meta_{};
    std::size_t left_ = 0;
    unsigned minor_ = 1;
    bool keep_alive_ = true;
    bool with_body_ = true;  ///< it was no HEAD
    bool says_something_ = false;
    bool offers_pages_;
    bool draining_ = false;
    bool finished_ = false;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/http/impl/http_framing.ipp>
#include <farcall/protocol/http/impl/http_judge.ipp>
#endif
