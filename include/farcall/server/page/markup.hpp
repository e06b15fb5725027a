#pragma once

#include <string_view>

namespace farcall::detail {

/// @{ The page around its style and its script.
inline constexpr std::string_view page_head = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>farcall</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='3' fill='%230b57d0'/%3E%3Cpath d='M3 6h8M8 3l3 3-3 3M13 11H5' stroke='white' stroke-width='1.6' fill='none'/%3E%3C/svg%3E">
<style>)html";

inline constexpr std::string_view page_body = R"html(</style>
</head>
<body>
<a class="skip" href="#methods">Skip to the methods</a>
<header>
<h1 id="title">farcall</h1>
<p id="about">Reading what this server offers …</p>
<p id="state" role="status">Not connected; the first call connects.</p>
</header>
<noscript><p class="notice">This page calls methods by JavaScript. What the server offers is at
<a href="/openrpc.json">/openrpc.json</a>, too.</p></noscript>
<div class="panes">
<nav aria-label="Methods">
<div class="find"><input type="search" id="filter" aria-label="Filter the methods" placeholder="Filter the methods"
autocomplete="off" spellcheck="false" aria-keyshortcuts="/"><kbd aria-hidden="true">/</kbd></div>
<ul id="list"></ul>
</nav>
<main id="methods" tabindex="-1"></main>
</div>
<footer><a href="/openrpc.json">OpenRPC document</a><a href="/healthz">Alive?</a><a href="/readyz">Ready?</a></footer>
<script>)html";

inline constexpr std::string_view page_end = R"html(</script>
</body>
</html>
)html";
/// @}

}  // namespace farcall::detail
