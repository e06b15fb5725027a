#pragma once

#include <string_view>

namespace tool {

inline constexpr std::string_view help_text = R"(farcall calls the methods of a JSON-RPC 2.0 server by name.

  farcall list URL                      methods of the server, one a line
  farcall describe URL [METHOD]         what a method, a service or the whole server takes and gives
  farcall call URL METHOD [ARG]...      calls a method and prints its result
  farcall top URL                       what the server does now: calls, failures and times of each method, live
  farcall completion bash|zsh|fish      prints a script that completes commands and the names of methods

URL
  tcp://HOST:PORT (or HOST:PORT), unix:///PATH, ws://HOST:PORT/PATH, http://HOST:PORT/PATH

ARG
  5 3                          arguments by position
  a=5 b=3                      arguments by name
  '[5,3]'  '{"a":5,"b":3}'     a single array or object is all arguments
  -                            the same, from standard input
  A value is JSON; what is no JSON is text, so Ada is the same as '"Ada"', and '"5"' is a text.

OPTIONS
  --timeout TIME               2s, 500ms, 1m or none (default: 10s)
  -H, --header 'NAME: VALUE'   metadata that travels with the call, over HTTP as a header; may be repeated
  --json                       JSON only: the result as it came, an error as {"error":{...}}; of top, its numbers
  --once, --interval TIME      of top: print once and end; how often to ask (default: 1s)
  --                           what follows is no option
  -h, --help    --version

EXIT STATUS
  0  done                      the result is on standard output
  1  refused                   the server answered with an error, which is on standard error
  2  wrong command line        nothing was called
  3  unreachable               no connection, or it was lost
  4  out of time
  5  not understood            what came is no answer, or it could not be written

EXAMPLES
  farcall list localhost:5000
  farcall call localhost:5000 Calculator.add 5 3
  farcall call unix:///run/bank.sock Bank.transfer from='{"iban":"DE1"}' amount=100 --timeout 30s
  farcall top localhost:5000 --once
  echo '[5,3]' | farcall call localhost:5000 Calculator.add -
)";

}  // namespace tool
