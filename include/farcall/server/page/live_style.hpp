#pragma once

#include <string_view>

namespace farcall::detail {

/// How the page's live view looks.
inline constexpr std::string_view page_live_style = R"css(
#live { border: 1px solid var(--line); border-radius: 8px; background: var(--card); margin-bottom: 1.25rem; }
#live > summary { display: flex; flex-wrap: wrap; align-items: baseline; gap: .15rem .75rem; padding: .6rem .75rem;
  cursor: pointer; list-style: none; border-radius: 8px; }
#live > summary::before { content: ""; align-self: center; border: .35rem solid transparent; border-left-color: currentColor;
  border-right-width: 0; }
#live[open] > summary::before { transform: rotate(90deg); }
#live > summary > b { font-size: 1.15rem; }
#live .soft { color: var(--soft); font-size: .85rem; font-weight: 400; }
#live .body { padding: 0 .75rem .75rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .6rem; }
.tile { min-width: 0; padding: .5rem .65rem .4rem; background: var(--back); border: 1px solid var(--line); border-radius: 6px; }
.tile p { margin: 0; font-size: .85rem; color: var(--soft); }
.tile .value { font-size: 1.5rem; line-height: 1.3; color: var(--text); font-variant-numeric: tabular-nums; }
.tile .value.bad { color: var(--bad); }
.chart { display: block; width: 100%; height: 2.5rem; overflow: visible; }
.tile .chart { border-bottom: 1px solid var(--line); margin: .15rem 0 .25rem; }
.chart path { fill: none; stroke: var(--tone); stroke-width: 1.5; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.chart path.area { fill: var(--tone); fill-opacity: .16; stroke: none; }
.chart path.second { stroke: var(--tone2); stroke-dasharray: 3 2; }
.rate { --tone: var(--accent); --tone2: var(--bad); }
.failing { --tone: var(--bad); }
.slow { --tone: var(--word); --tone2: var(--string); }
.peers { --tone: var(--good); }
.live-table { width: 100%; border-collapse: collapse; margin-top: .75rem; font-variant-numeric: tabular-nums; }
.live-table th { font-size: .8rem; font-weight: 400; color: var(--soft); text-align: right; padding: .2rem .4rem; white-space: nowrap; }
.live-table td { text-align: right; padding: .25rem .4rem; border-top: 1px solid var(--line); white-space: nowrap; }
.live-table th:first-child, .live-table td:first-child { text-align: left; padding-left: 0; white-space: normal; }
.live-table th.wide { text-align: left; width: 13%; }
.live-table .chart { height: 1.6rem; }
.live-table .bad { color: var(--bad); }
.live-table .idle { color: var(--soft); }
#live .more { margin: .5rem 0 0; display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; }
#live button.plain { min-height: 2rem; padding: .15rem .7rem; font-size: .85rem; }
#live .troubles { margin: .6rem 0 0; font-size: .85rem; color: var(--soft); }
#live .troubles b { color: var(--warn); font-weight: 600; }
@media (max-width: 55.99rem) {
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .live-table thead { position: absolute; left: -99rem; }
  .live-table, .live-table tbody { display: block; }
  .live-table tr { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 0 .5rem; padding: .4rem 0;
    border-top: 1px solid var(--line); }
  .live-table td { border: 0; padding: .1rem 0; text-align: left; white-space: normal; }
  .live-table td:first-child, .live-table td.wide { grid-column: 1 / -1; }
  .live-table td.wide { order: 1; }
  .live-table td[data-name]::before { content: attr(data-name); display: block; font-size: .75rem; color: var(--soft); }
}
)css";

}  // namespace farcall::detail
