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
<details id="live" open hidden>
<summary><b>Now</b><span class="soft" id="live-state" role="status"></span></summary>
<div class="body">
<div id="tiles" class="tiles"></div>
<table id="live-methods" class="live-table" hidden>
<thead><tr><th scope="col">Method</th><th scope="col" class="wide">Calls, 2 min</th><th scope="col">a second</th>
<th scope="col">in all</th><th scope="col">failed</th><th scope="col">in flight</th>
<th scope="col" class="wide">p99 and mean, 2 min</th><th scope="col">min</th><th scope="col">mean</th><th scope="col">p50</th>
<th scope="col">p99</th><th scope="col">max</th><th scope="col">total</th></tr></thead>
<tbody id="live-rows"></tbody>
</table>
<p class="troubles" id="live-troubles"></p>
<p class="more"><button type="button" class="plain" id="live-pause">Pause</button>
<button type="button" class="plain" id="live-more" hidden>Show all</button>
<a class="soft" href="/metrics">The same for Prometheus</a></p>
</div>
</details>
<template id="chart"><svg class="chart" viewBox="0 0 100 100" preserveAspectRatio="none" role="img"><title></title>
<path class="area"/><path/><path class="second"/></svg></template>
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
