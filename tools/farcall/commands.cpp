#include "commands.hpp"

#include <iostream>
#include <iterator>

#include <farcall/client.hpp>
#include <farcall/protocol/side_message.hpp>

#include "arguments.hpp"
#include "completion.hpp"
#include "description.hpp"
#include "help.hpp"
#include "hint.hpp"
#include "output.hpp"
#include "top.hpp"

namespace tool {

namespace {

using farcall::json;

/// How long the completion of a word may wait for a server.
constexpr std::chrono::milliseconds completion_patience{1000};

farcall::client_options options_for(const request& asked) {
    farcall::client_options options;
    // Whoever types a URL and a time means them, and gets whatever the server has to say.
    options.limits.frame = farcall::limits::frame_ceiling;
    options.limits.depth = 512;
    options.limits.longest_deadline = std::chrono::hours{24 * 365};
    if (asked.timeout) options.timeout = options.connect_timeout = *asked.timeout;
    return options;
}

farcall::client with_headers(const request& asked, farcall::client made) {
    return asked.headers.empty() ? made : farcall::with(made, asked.headers);
}

farcall::client connect(const request& asked) {
    return with_headers(asked, farcall::client{asked.url, options_for(asked)});
}

farcall::result<json> discover(const farcall::client& server) {
    return server.try_call<json>("rpc.discover", farcall::named(json::trusted("[]")));
}

exit_status report(const mistake& why, streams io, exit_status status = exit_status::usage) {
    io.err << mistake_text(why);
    return status;
}

exit_status report(const farcall::error& failure, const request& asked, const description* server, streams io) {
    if (asked.json)
        io.err << failure_json(failure);
    else
        io.err << failure_text(failure, hint_for(failure, asked, server));
    return exit_status_of(failure);
}

exit_status write(std::string_view text, streams io) {
    io.out << text << std::flush;
    if (io.out) return exit_status::done;
    return report({"standard output cannot be written", {}}, io, exit_status::not_understood);
}

/// Asks the server what it offers and passes that on.
template <class Use>
exit_status with_description(const request& asked, streams io, Use use) {
    const farcall::client server = connect(asked);
    const farcall::result<json> document = discover(server);
    if (!document) {
        const farcall::error& failure = document.error();
        const bool by_json_rpc = failure.code() != 0;
        if (by_json_rpc && failure.status() == farcall::status::unimplemented)
            return report({"this server does not say what it offers: it has no rpc.discover",
                           "farcall call needs only the name of a method"},
                          io, exit_status::refused);
        return report(failure, asked, nullptr, io);
    }
    auto read = read_description(*document);
    if (const auto* wrong = std::get_if<mistake>(&read)) return report(*wrong, io, exit_status::not_understood);
    return use(std::get<description>(read));
}

exit_status list(const request& asked, streams io) {
    return with_description(asked, io, [&](const description& server) {
        return write(asked.json ? list_json(server) : list_text(server), io);
    });
}

exit_status describe(const request& asked, streams io) {
    return with_description(asked, io, [&](const description& server) {
        const auto chosen = select(server, asked.method);
        if (chosen.empty() && !asked.method.empty())
            return report(no_such_method(asked.method, asked.url, server), io, exit_status::refused);
        if (!asked.json) return write(describe_text(server, chosen), io);
        const bool one = chosen.size() == 1 && !asked.method.empty();
        return write(printable_json((one ? chosen.front()->document : server.document).text()) + '\n', io);
    });
}

std::variant<json, mistake> arguments_of(const request& asked, streams io) {
    if (!from_standard_input(asked.arguments)) return read_arguments(asked.arguments);
    const std::string text{std::istreambuf_iterator<char>{io.in}, {}};
    return read_arguments_text(text);
}

exit_status call(const request& asked, streams io) {
    const auto read = arguments_of(asked, io);
    if (const auto* wrong = std::get_if<mistake>(&read)) return report(*wrong, io);
    const farcall::client server = connect(asked);
    const farcall::result<json> end = server.try_call<json>(asked.method, farcall::named(std::get<json>(read)));
    if (end) {
        const std::string text = asked.json ? printable_json(end->text()) : result_text(*end, io.out_is_terminal);
        return write(text + '\n', io);
    }
    std::optional<description> known;
    if (!asked.json && wants_description(end.error())) {
        if (const auto document = discover(server)) {
            auto found = read_description(*document);
            if (auto* described = std::get_if<description>(&found)) known = std::move(*described);
        }
    }
    return report(end.error(), asked, known ? &*known : nullptr, io);
}

exit_status watch(const request& asked, streams io) {
    const auto connect_on = [&](boost::asio::any_io_executor executor) {
        return with_headers(asked, farcall::client{std::move(executor), asked.url, options_for(asked)});
    };
    const auto report_to_user = [&](const farcall::error& why) {
        if (why.code() != 0 && why.status() == farcall::status::unimplemented)
            return report({"this server does not say what it does: it has no rpc.metrics",
                           "servers of farcall have it unless server_options::metrics is off"},
                          io, exit_status::refused);
        return report(why, asked, nullptr, io);
    };
    return top(asked, io, connect_on, report_to_user);
}

exit_status print_completion(const request& asked, streams io) {
    const std::string& shell = asked.arguments.front();
    const std::string_view script = completion_script(shell);
    if (script.empty())
        return report({"there is no completion for " + farcall::detail::excerpt(shell, 40),
                       "write farcall completion bash, zsh or fish"},
                      io);
    return write(script, io);
}

/// What a server offers; nothing if it does not say so soon, for whatever reason.
std::optional<description> ask_quickly(const std::string& url) {
    try {
        const auto document = discover(connect({.url = url, .timeout = completion_patience}));
        if (!document) return std::nullopt;
        auto read = read_description(*document);
        auto* const found = std::get_if<description>(&read);
        return found == nullptr ? std::nullopt : std::optional{std::move(*found)};
    } catch (const farcall::error&) {
        return std::nullopt;  // the URL is typed half
    }
}

exit_status print_candidates(const request& asked, streams io) {
    std::string text;
    for (const std::string& each : complete(asked.arguments, ask_quickly)) text += printable(each) + '\n';
    return write(text, io);
}

exit_status run_unguarded(const request& asked, streams io) {
    switch (asked.action) {
        case action::list: return list(asked, io);
        case action::describe: return describe(asked, io);
        case action::call: return call(asked, io);
        case action::top: return watch(asked, io);
        case action::completion: return print_completion(asked, io);
        case action::complete: return print_candidates(asked, io);
        case action::version: return write("farcall " FARCALL_VERSION "\n", io);
        case action::help: break;
    }
    return write(help_text, io);
}

}  // namespace

exit_status run(const request& asked, streams io) {
    try {
        return run_unguarded(asked, io);
    } catch (const farcall::error& failure) {
        return report(failure, asked, nullptr, io);
    } catch (const std::exception& failure) {
        return report({failure.what(), {}}, io, exit_status::not_understood);
    }
}

}  // namespace tool
