#pragma once

#include <utility>

#include <farcall/codec/codec_error.hpp>
#include <farcall/error.hpp>
#include <farcall/notifier.hpp>
#include <farcall/protocol/message_writer.hpp>
#include <farcall/service/encode_arguments.hpp>

namespace farcall {

template <class... Arguments>
bool notifier::notify(std::string_view method, const Arguments&... arguments) const {
    if (!connected()) return false;
    detail::text_buffer message;
    detail::begin_notification(message, method);
    json_writer out{message};
    if (!detail::encode_arguments(out, arguments...))
        throw error{status::invalid_argument, "the notification cannot be sent: " + out.error().text("params")};
    detail::end_request(message);
    return sink_->send(std::move(message));
}

}  // namespace farcall
