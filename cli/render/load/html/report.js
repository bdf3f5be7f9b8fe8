// The page from top to bottom: the verdict first, then why, then all that was measured.

const summary = report.summary;

function fact(title, ...content) {
  return element("div", {}, element("dt", {}, title), element("dd", {}, ...content));
}

function header() {
  const { verdict } = page;
  const start = report.start.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC");
  const shards = report.shards_of === 1 ? null
    : fact("shards", `${report.shards.join(", ")} of ${report.shards_of}`);
  document.title = `${verdict.word}: ${printable(report.scenario)} \u2013 mcpctl load`;
  return element("header", {},
    element("p", { class: "kind" }, "mcpctl load"),
    element("h1", {}, element("span", { class: "name" }, printable(report.scenario))),
    element("p", { class: `verdict ${verdict.tone}` },
      element("strong", {}, verdict.word), element("span", {}, verdict.reason)),
    element("dl", { class: "facts" },
      fact("target", element("span", { class: "name" }, printable(report.target))),
      fact("started", element("time", { datetime: report.start }, start)),
      fact("ran for", figure_of("summary.seconds", (value) => format.duration(value * 1e6))),
      fact("seed", page.seed),
      fact("threads", figure_of("summary.threads", format.count)),
      shards));
}

function saturation_warning() {
  if (!summary.generator.saturated) return null;
  return element("aside", { class: "warning" }, element("strong", {}, "Generator saturated. "),
    `${summary.generator.reason}. Latencies may be those of the generator and not of the server, ` +
    "so thresholds on latency are not judged: use more threads or machines, or a lower rate.");
}

function thresholds_section() {
  if (report.thresholds.length === 0) return null;
  const order = { missed: 0, not_judged: 1, met: 2 };
  const words = { met: "\u2713 met", missed: "\u2715 missed", not_judged: "? not judged" };
  const rows = report.thresholds.map((one, at) => ({ one, at }))
    .sort((a, b) => order[a.one.verdict] - order[b.one.verdict])
    .map(({ one, at }) => [
      element("span", { class: `badge ${one.verdict}` }, words[one.verdict]),
      [element("code", { class: "name" }, printable(one.text)),
        one.verdict === "not_judged" ? element("small", {}, printable(one.reason)) : null],
      figure_of(`thresholds.${at}.measured`, format_of_unit[one.unit])]);
  return section_of("Thresholds", table_of("",
    [{ title: "verdict", text: true }, { title: "threshold", text: true }, { title: "measured" }],
    rows));
}

function unfinished_note() {
  const { abandoned, not_started } = summary.all;
  return abandoned + not_started === 0 ? null
    : `${format.count(abandoned)} without an answer at the end, ${format.count(not_started)} never sent`;
}

/** The most frequent classes of failures, in words. */
function main_classes() {
  return Object.entries(all_failures).sort((a, b) => b[1] - a[1]).slice(0, 3)
    .map(([name, count]) => `${format.count(count)} ${name}`).join(", ");
}

function sessions_tile() {
  const { lost, reinitialised, time_to_return_micros: back } = summary.sessions;
  if (summary.sessions.opened + lost === 0) return null;
  return tile("sessions", [figure_of("summary.sessions.opened", format.count), " opened"],
    [figure_of("summary.sessions.closed", format.count), " closed, ",
      figure_of("summary.sessions.lost", format.count), " lost"],
    lost + reinitialised === 0 ? "" : [figure_of("summary.sessions.reinitialised", format.count),
      ...(back.count === 0 ? [" back"] : [" back, p50 after ",
        latency_of("summary.sessions.time_to_return_micros", "p50")])]);
}

function connections_tile() {
  const { made, reconnects, cut } = summary.connections;
  if (made + reconnects + cut === 0) return null;
  return tile("connections", [figure_of("summary.connections.made", format.count), " made"],
    [figure_of("summary.connections.reconnects", format.count), " reconnects, ",
      figure_of("summary.connections.cut", format.count), " cut"],
    [figure_of("summary.connections.streams_cut", format.count), " streams cut"]);
}

function figures_section() {
  const quantiles = ["p50", "p90", "p99", "p99_9", "max", "mean"];
  const row = (title, path) => [title, ...quantiles.map((name) => latency_of(path, name))];
  return section_of("At a glance",
    element("dl", { class: "tiles" },
      tile("requests", figure_of("summary.all.requests", format.count), unfinished_note() || ""),
      tile("failed", figure_of("summary.all.failed", format.count),
        [figure_of("summary.all.error_rate", format.share), " of them"], main_classes()),
      tile("answered in time", figure_of("summary.rate.answered_per_second", format.rate),
        [figure_of("summary.rate.intended_per_second", format.rate), " intended: ",
          figure_of("summary.rate.share", format.share)]),
      tile("p99 from the intended start", latency_of("summary.all.latency_micros", "p99"),
        ["p50 ", latency_of("summary.all.latency_micros", "p50")]),
      sessions_tile(), connections_tile()),
    table_of("Latency of all requests",
      [{ title: "latency", text: true },
        ...quantiles.map((name) => ({ title: name.replace("_", ".") }))],
      [row("from the intended start", "summary.all.latency_micros"),
        row("from the actual start", "summary.all.latency_from_start_micros")]));
}

function steps_section() {
  if (summary.steps.length === 0) return null;
  const rows = summary.steps.map((step, at) => {
    const path = `summary.steps.${at}`;
    return [element("span", { class: "name" }, printable(step.name)),
      figure_of(`${path}.requests`, format.count), figure_of(`${path}.failed`, format.count),
      figure_of(`${path}.error_rate`, format.share),
      ...["p50", "p90", "p99", "p99_9", "max"].map((name) => latency_of(`${path}.latency_micros`, name)),
      latency_of(`${path}.latency_from_start_micros`, "p99")];
  });
  return section_of("By step", table_of("Latency from the intended start, by step",
    [{ title: "step", text: true }, ...["requests", "failed", "error rate", "p50", "p90", "p99",
      "p99.9", "max", "p99 from actual start"].map((title) => ({ title }))], rows));
}

function sessions_section() {
  const shown = some(timeline.sessions_held) || losses.some(([, name]) => some(counts[name]));
  if (!shown && lanes.length === 0 && page.followed === null) return null;
  return section_of("Sessions and connections",
    page.incidents.length === 0 ? null
      : element("ul", {}, page.incidents.map((each) => element("li", {}, printable(each)))),
    followed_table(), shown ? sessions_figure() : null, lanes.length ? lanes_figure() : null);
}

function generator_section() {
  if (summary.lag_micros.count === 0) return null;
  const { generator } = summary;
  return section_of("The generator",
    element("p", {}, "Requests were started ", latency_of("summary.lag_micros", "p50"), " (p50), ",
      latency_of("summary.lag_micros", "p99"), " (p99) and at most ",
      latency_of("summary.lag_micros", "max"), " after their time; ",
      figure_of("summary.generator.late_share", format.share), " of them more than ",
      `${format.duration(page.late_after_micros)} late. A thread's core was full in `,
      figure_of("summary.generator.cpu_full_share", format.share), " of the time.",
      generator.local_failures === 0 ? null : " This machine could not send ",
      generator.local_failures === 0 ? null
        : figure_of("summary.generator.local_failures", format.count),
      generator.local_failures === 0 ? null : " requests."),
    element("div", { class: "pair" }, page.curves.lag.length > 1 ? lag_figure() : null,
      some(counts.cpu_permille) ? cpu_figure() : null));
}

function footer() {
  return element("footer", {}, element("p", {},
    `Written by ${page.program}. Every figure is that of the run's JSON output (-o json, ` +
    "--results); charts are drawn by Chart.js, whose licence stands in this file."));
}

function charts_section() {
  if (point_count === 0) return null;
  return section_of("Latency and rate",
    page.curves.from_intended.length > 1 ? latency_figure() : null,
    page.curves.from_intended.length > 1 ? percentiles_figure() : null,
    rate_figure());
}

function show_page() {
  const parts = [saturation_warning(), thresholds_section(), causes_section(), search_section(),
    figures_section(), charts_section(),
    sessions_section(), failures_section(), steps_section(), generator_section()];
  document.getElementById("page").append(header(),
    element("main", {}, parts), footer());
  draw_all();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw_all);
  // Paper is white and as wide as itself; charts are pictures and must be made for it before.
  const on_paper = (is) => {
    document.documentElement.classList.toggle("paper", is);
    draw_all();
  };
  window.addEventListener("beforeprint", () => on_paper(true));
  window.addEventListener("afterprint", () => on_paper(false));
}

show_page();
