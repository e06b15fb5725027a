#pragma once

#include <string_view>

namespace farcall::detail {

/// The part of the page's script that shows what the server does: numbers and charts from rpc.metrics, every second.
inline constexpr std::string_view page_live_script = R"js(
const window_s = 120;
const pause_ms = 1000;
const narrow = matchMedia("(max-width: 55.99rem)");

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const countText = (count) => (count < 1e6 ? grouped.format(count).replaceAll(",", "\u202f")
  : (count / (count < 1e9 ? 1e6 : 1e9)).toPrecision(3) + (count < 1e9 ? "\u202fM" : "\u202fG"));
const rateText = (rate) => (rate === 0 ? "0" : rate < 0.095 ? "< 0.1" : rate < 9.95 ? rate.toFixed(1) : countText(rate));
const timeText = (us) => {
  if (us === undefined) return "–";
  const [value, unit] = us < 999.5 ? [us, "µs"] : us < 999.5e3 ? [us / 1e3, "ms"] : [us / 1e6, "s"];
  return (value < 9.95 ? value.toFixed(1) : Math.round(value)) + "\u202f" + unit;
};
const spanText = (seconds) => {
  const [large, small, names] = seconds < 3600 ? [seconds / 60, seconds % 60, ["min", "s"]]
    : seconds < 86400 ? [seconds / 3600, (seconds / 60) % 60, ["h", "min"]]
    : [seconds / 86400, (seconds / 3600) % 24, ["d", "h"]];
  if (large < 1) return Math.floor(seconds) + " s";
  return Math.floor(large) + " " + names[0] + (small >= 1 ? " " + Math.floor(small) + " " + names[1] : "");
};

// The last two seconds: one alone jumps with every call.
const recent = (values) => {
  const last = values.slice(-2);
  return last.length ? last.reduce((a, b) => a + b) / last.length : 0;
};
const highest = (values) => values.reduce((a, b) => Math.max(a, b), 0);
const setText = (node, text) => {
  if (node.textContent !== text) node.textContent = text;
};

// A chart over the last two minutes, in a system of 100 by 100. The page has the namespace of its elements; no script
// needs to name it.
function makeChart(kind, lines = 1) {
  const svg = byId("chart").content.firstElementChild.cloneNode(true);
  svg.classList.add(kind);
  const title = svg.querySelector("title");
  const [area, first, second] = svg.querySelectorAll("path");
  if (lines < 2) second.remove();
  const points = (values, most) => values.map((value, i) =>
    (100 - ((values.length - 1 - i) * 100) / (window_s - 1)).toFixed(2) + "," + (99 - (98 * value) / most).toFixed(1));
  return {
    svg,
    show(text, values, more = []) {
      const most = Math.max(highest(values), highest(more)) || 1;
      const line = points(values, most);
      const path = line.length ? "M" + line.join("L") : "";
      first.setAttribute("d", path);
      area.setAttribute("d", line.length ? path + "V100H" + line[0].split(",")[0] + "Z" : "");
      if (lines > 1) second.setAttribute("d", highest(more) > 0 ? "M" + points(more, most).join("L") : "");
      setText(title, text);
    },
  };
}

function makeTile(kind, name) {
  const value = make("p", { class: "value" }, "–");
  const note = make("p", {});
  const chart = makeChart(kind);
  byId("tiles").append(make("div", { class: "tile" }, make("p", {}, name), value, chart.svg, note));
  return {
    show(text, more, values, bad = false) {
      setText(value, text);
      value.classList.toggle("bad", bad);
      setText(note, more);
      chart.show(name + ": now " + text + ", highest " + rateText(highest(values)), values);
    },
  };
}

function makeRow(name) {
  const rates = makeChart("rate", 2);
  const times = makeChart("slow", 2);
  const cell = (title) => make("td", { "data-name": title });
  const link = make("a", { href: "#" + encodeURIComponent(name), class: "code", click: () => openMethod(name) }, name);
  const cells = { rate: cell("calls/s"), calls: cell("calls"), failures: cell("failed"), busy: cell("in flight"),
    min: cell("min"), mean: cell("mean"), p50: cell("p50"), p99: cell("p99"), max: cell("max"), sum: cell("total") };
  const node = make("tr", {}, make("td", {}, link), make("td", { class: "wide" }, rates.svg), cells.rate, cells.calls,
    cells.failures, cells.busy, make("td", { class: "wide" }, times.svg), cells.min, cells.mean, cells.p50, cells.p99, cells.max,
    cells.sum);
  return {
    node,
    show(method, past) {
      const rate = recent(past.calls);
      const latency = method.latency_us?.count ? method.latency_us : {};
      setText(cells.rate, rateText(rate));
      setText(cells.calls, countText(method.calls));
      setText(cells.failures, countText(method.failures));
      cells.failures.classList.toggle("bad", recent(past.failures) > 0);
      setText(cells.busy, countText(method.in_flight ?? 0));
      for (const each of ["min", "mean", "p50", "p99", "max", "sum"]) setText(cells[each], timeText(latency[each]));
      for (const each of Object.values(cells)) each.classList.toggle("idle", rate === 0 && !method.in_flight);
      rates.show(name + ": " + rateText(rate) + " calls a second, at most " + rateText(highest(past.calls)) + "; failed dashed",
        past.calls, past.failures);
      times.show(name + ": p99 at most " + timeText(highest(past.p99_us)) + " in a second; mean dashed", past.p99_us, past.mean_us);
    },
  };
}

// What the server keeps of the last minutes, continued by what it says each second. All series are equally long and end
// now; a method that the server leaves out was not called.
const series = ["calls", "failures", "mean_us", "p99_us"];
const history_kept = {
  until: undefined,
  methods: new Map(),
  connections: [],

  wanted() {
    return this.until === undefined ? window_s : 5;
  },
  // False: some seconds are missing between the two.
  take(history) {
    const size = history.connections.length;
    if (this.until === undefined || history.until_s < this.until) {
      this.methods.clear();
      this.connections = [];
    } else if (history.until_s - this.until > size) {
      this.until = undefined;
      return false;
    }
    const fresh = this.connections.length ? history.until_s - this.until : size;
    const zeros = (count) => Array(count).fill(0);
    const continued = (old, more) => [...old, ...more.slice(size - fresh)].slice(-window_s);
    for (const name of new Set([...this.methods.keys(), ...Object.keys(history.methods)])) {
      const [old, more] = [this.methods.get(name), history.methods[name]];
      this.methods.set(name, Object.fromEntries(series.map((key) =>
        [key, continued(old?.[key] ?? zeros(this.connections.length), more?.[key] ?? zeros(size))])));
    }
    this.connections = continued(this.connections, history.connections);
    this.until = history.until_s;
    return true;
  },
  of(name) {
    return this.methods.get(name) ?? Object.fromEntries(series.map((key) => [key, []]));
  },
};

const live = {
  tiles: undefined,
  rows: new Map(),
  all: false,
  paused: false,
  timer: undefined,
  asking: false,

  async ask() {
    const response = await fetch(location.pathname, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "rpc.metrics", params: { history: history_kept.wanted() } }),
    });
    // Over HTTP, too, an error that the server's JSON-RPC found comes as JSON.
    return response.ok || response.headers.get("Content-Type")?.includes("json") ? response.json() : {};
  },

  // Starts asking, unless nobody would look.
  async run() {
    clearTimeout(this.timer);
    // A first look says whether there is anything to show, open or not.
    if (this.paused || this.asking || document.hidden || !(byId("live").open || byId("live").hidden)) return;
    this.asking = true;
    let pause = pause_ms;
    try {
      const { result } = await this.ask();
      if (result?.history === undefined) {
        // A server that keeps no metrics, or that does not show them here; one that did is in trouble.
        if (byId("live").hidden) return;
        throw new Error("an answer without metrics");
      }
      byId("live").hidden = false;
      if (history_kept.take(result.history)) this.show(result);
      else pause = 0;
      setText(byId("live-state"), "up " + spanText(result.uptime_s));
    } catch {
      setText(byId("live-state"), "no answer; trying again");
    } finally {
      this.asking = false;
    }
    this.timer = setTimeout(() => this.run(), pause);
  },

  show(said) {
    this.tiles ??= { rate: makeTile("rate", "Calls a second"), failing: makeTile("failing", "Failures a second"),
      slow: makeTile("slow", "Slowest method's p99"), peers: makeTile("peers", "Connections") };
    const sums = (key) => {
      const sum = [];
      for (const past of history_kept.methods.values())
        past[key].forEach((value, i) => { sum[i] = (sum[i] ?? 0) + value; });
      return sum;
    };
    const [calls, failures] = [sums("calls"), sums("failures")];
    const total = (key) => said.methods.reduce((sum, method) => sum + (method[key] ?? 0), 0);
    this.tiles.rate.show(rateText(recent(calls)), countText(total("calls")) + " since start, " +
      countText(total("in_flight")) + " in flight", calls);
    this.tiles.failing.show(rateText(recent(failures)), countText(total("failures")) + " since start", failures,
      recent(failures) > 0);
    const slow = [];
    for (const past of history_kept.methods.values())
      past.p99_us.forEach((value, i) => { slow[i] = Math.max(slow[i] ?? 0, value); });
    const last = slow.slice(-10).filter((value) => value > 0).pop();
    this.tiles.slow.show(timeText(last), "at most " + timeText(highest(slow) || undefined) + " in two minutes", slow);
    const open = Object.entries(said.connections.open).filter(([, count]) => count > 0);
    this.tiles.peers.show(countText(open.reduce((sum, [, count]) => sum + count, 0)),
      open.map(([kind, count]) => count + " " + kind.replaceAll("_", " ")).join(", ") || "nobody is there", history_kept.connections);
    this.showMethods(said.methods.filter((method) => method.calls > 0 || method.in_flight > 0));
    this.showTroubles(said);
  },

  // The most called first, which changes seldom: rows that jump cannot be read.
  showMethods(called) {
    called.sort((a, b) => b.calls - a.calls || (a.method < b.method ? -1 : 1));
    const shown = this.all ? called : called.slice(0, narrow.matches ? 3 : 8);
    byId("live-methods").hidden = called.length === 0;
    const body = byId("live-rows");
    shown.forEach((method, i) => {
      if (!this.rows.has(method.method)) this.rows.set(method.method, makeRow(method.method));
      const row = this.rows.get(method.method);
      row.show(method, history_kept.of(method.method));
      if (body.children[i] !== row.node) body.insertBefore(row.node, body.children[i] ?? null);
    });
    while (body.children.length > shown.length) body.lastElementChild.remove();
    byId("live-more").hidden = this.all || called.length <= shown.length;
    setText(byId("live-more"), "Show all " + called.length + " methods");
  },

  showTroubles(said) {
    const troubles = [
      [said.unknown_methods?.calls, "calls of unknown methods"], [said.protocol_errors, "messages that were no request"],
      [said.late, "calls too late to begin"], [said.replayed, "calls answered again"],
      [said.workers?.queue, "calls waiting for a worker"],
      ...Object.entries(said.refusals ?? {}).map(([limit, count]) => [count, "refused by limit " + limit.replaceAll("_", " ")]),
    ].filter(([count]) => count > 0);
    byId("live-troubles").replaceChildren(...troubles.flatMap(([count, what], i) =>
      [i ? ", " : "Since start: ", make("b", {}, countText(count)), " " + what]));
  },
};

// Whether it is open is remembered, where the browser lets a page remember anything.
function remembered(value) {
  try {
    if (value !== undefined) localStorage.setItem("farcall.live", value);
    return localStorage.getItem("farcall.live");
  } catch {
    return null;
  }
}

byId("live").open = remembered() !== "closed";
byId("live").addEventListener("toggle", () => {
  remembered(byId("live").open ? "open" : "closed");
  live.run();
});
byId("live-pause").addEventListener("click", () => {
  live.paused = !live.paused;
  setText(byId("live-pause"), live.paused ? "Go on" : "Pause");
  if (live.paused) setText(byId("live-state"), "paused");
  live.run();
});
byId("live-more").addEventListener("click", () => {
  live.all = true;
  live.run();
});
document.addEventListener("visibilitychange", () => live.run());
live.run();
)js";

}  // namespace farcall::detail
