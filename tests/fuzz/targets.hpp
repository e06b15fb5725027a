#pragma once

#include <string_view>

/// @file
/// One function for each parser of what a peer sends: it is given any bytes, and throws if the parser breaks a
/// promise.
/// libfuzzer.cpp makes a program of each, replay_test.cpp feeds all of them what is in corpus/.
namespace fuzz {

void answers(std::string_view input);
void content_length(std::string_view input);
void http(std::string_view input);
void json(std::string_view input);
void line(std::string_view input);
void message(std::string_view input);
void sniff(std::string_view input);
void websocket(std::string_view input);

}  // namespace fuzz
