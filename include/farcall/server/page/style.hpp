#pragma once

#include <string_view>

namespace farcall::detail {

/// How the page looks: light and dark by what the reader's system prefers, one column on a phone.
inline constexpr std::string_view page_style = R"css(
:root {
  color-scheme: light dark;
  --back: #ffffff; --card: #f6f7f9; --field: #ffffff; --line: #d5d9e0; --text: #1b1f26; --soft: #59616e;
  --accent: #0b57d0; --on-accent: #ffffff; --good: #176b34; --bad: #b3261e; --bad-back: #fdecea; --warn: #7a4d00;
  --string: #0a6b3d; --number: #1a4fb3; --word: #7b3fa0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14171c; --card: #1c2027; --field: #12151a; --line: #363d48; --text: #e6e9ee; --soft: #a2abb9;
    --accent: #8ab4f8; --on-accent: #0b1a33; --good: #7fd99a; --bad: #ff9c93; --bad-back: #3a1d1b; --warn: #f0c070;
    --string: #86d7a5; --number: #8fb8ff; --word: #d3a4f0;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0 auto; padding: 0 1rem 2rem; max-width: 76rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
code, pre, kbd, .code, textarea, .data { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--back); padding: .25rem .5rem; }
[hidden] { display: none !important; }

header { padding: 1.25rem 0 .75rem; border-bottom: 1px solid var(--line); margin-bottom: 1rem; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
header p { margin: .25rem 0 0; color: var(--soft); }
h2 { font-size: 1.15rem; margin: 1.5rem 0 .5rem; }
section:first-of-type h2 { margin-top: 0; }
h3 { font-size: .85rem; margin: 1rem 0 .25rem; color: var(--soft); }
footer { margin-top: 2rem; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--soft); }
footer a { margin-right: 1rem; }

nav ul { display: none; list-style: none; margin: .5rem 0 0; padding: 0; }
nav .find { display: flex; align-items: center; gap: .5rem; }
nav .find input { flex: 1; }
main:focus { outline: none; }
@media (min-width: 56rem) {
  .panes { display: grid; grid-template-columns: 16rem minmax(0, 1fr); gap: 2rem; align-items: start; }
  nav { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow: auto; padding: 4px; }
  nav ul { display: block; }
  nav li { font-weight: 600; margin-top: .75rem; }
  nav li li { font-weight: 400; margin: 0; }
  nav li ul { margin: 0; }
  nav li a { display: block; padding: .15rem .5rem; border-radius: 4px; text-decoration: none; color: inherit; }
  nav li a:hover { background: var(--card); }
}
@media (max-width: 55.99rem) { nav { margin-bottom: 1rem; } nav kbd { display: none; } }

details.method { border: 1px solid var(--line); border-radius: 8px; margin: .5rem 0; background: var(--card); }
details.method > summary { padding: .6rem .75rem .6rem 1.9rem; cursor: pointer; border-radius: 8px; list-style: none;
  position: relative; }
summary::-webkit-details-marker { display: none; }
details.method > summary::before { content: ""; position: absolute; left: .8rem; top: 1.05rem; border: .35rem solid transparent;
  border-left-color: currentColor; border-right-width: 0; }
details.method[open] > summary::before { transform: rotate(90deg); }
details.method > .body { padding: 0 .75rem .75rem; }
summary .name { font-weight: 600; }
summary .types { color: var(--soft); }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 99px; padding: 0 .5rem; font-size: .75rem;
  color: var(--soft); margin-left: .35rem; white-space: nowrap; }
.badge.good { color: var(--good); }
.badge.warn { color: var(--warn); }
.doc { margin: .25rem 0 .5rem; white-space: pre-line; }
.signature { display: block; margin: .25rem 0; color: var(--soft); }

form { margin-top: .5rem; }
.field { margin: .6rem 0; }
.field > label, .field > .label { display: block; font-weight: 600; }
.field .type, .hint { color: var(--soft); font-weight: 400; font-size: .85rem; }
.hint { margin: .15rem 0 0; }
.hint.wrong { color: var(--bad); }
.hint.warn { color: var(--warn); }
.row { display: flex; align-items: center; gap: .5rem; }
.row > .data { flex: 1; }
input, select, textarea, button { font: inherit; color: inherit; }
input.data, select.data, textarea.data, nav input {
  width: 100%; min-height: 2.5rem; padding: .4rem .55rem; background: var(--field); border: 1px solid var(--line);
  border-radius: 6px;
}
input.data, textarea.data { font-family: ui-monospace, "DejaVu Sans Mono", monospace; }
textarea.data { min-height: 5rem; resize: vertical; }
.data:disabled { opacity: .55; }
.data[aria-invalid=true] { border-color: var(--bad); outline-color: var(--bad); }
input[type=checkbox] { width: 1.25rem; height: 1.25rem; flex: none; accent-color: var(--accent); }
button {
  min-height: 2.5rem; padding: .4rem 1.1rem; border: 1px solid var(--accent); border-radius: 6px; cursor: pointer;
  background: var(--accent); color: var(--on-accent); font-weight: 600;
}
button[aria-disabled] { opacity: .55; cursor: progress; }
button.plain { background: transparent; color: var(--accent); }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-top: .75rem; }
.curl { display: block; color: var(--soft); user-select: all; white-space: pre-wrap; }
select.data, input.data[inputmode] { max-width: 24rem; }

output { display: block; margin-top: .75rem; }
output .outcome { margin: 0 0 .35rem; font-weight: 600; }
output .good { color: var(--good); }
output .bad { color: var(--bad); }
output .time { color: var(--soft); font-weight: 400; }
output.failed { background: var(--bad-back); border-left: 4px solid var(--bad); border-radius: 6px; padding: .6rem .75rem; }
output dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem .75rem; margin: .35rem 0 0; }
output dt { color: var(--soft); }
output dd { margin: 0; }
pre { margin: 0; padding: .6rem .75rem; background: var(--field); border: 1px solid var(--line); border-radius: 6px;
  overflow: auto; max-height: 32rem; white-space: pre-wrap; }
dd pre, .types-text { padding: .35rem .5rem; }
.s { color: var(--string); } .n { color: var(--number); } .w { color: var(--word); } .k { color: var(--text); }
.notice { padding: .75rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
)css";

}  // namespace farcall::detail
