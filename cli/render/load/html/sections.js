// The charts over time and the percentile curves.

const counts = timeline.counts;
const some = (column) => column.some((value) => value > 0);

function latency_figure() {
  const { p50, p99, max } = timeline.latency_micros;
  const all = report.summary.all.latency_micros;
  // A logarithmic axis has no zero.
  const points = (column) => over_time(column, (value) => Math.max(1, value));
  return chart_figure({
    title: "Latency over time",
    text: "Each request counts in the slot in which it was due, from that time on: a server that " +
      `stands still shows where it began to.${joined_note()}`,
    label: `p50, p99 and maximum of the latency over time. Over the whole run p50 is ` +
      `${format.duration(all.p50)}, p99 ${format.duration(all.p99)}, the maximum ` +
      `${format.duration(all.max)}.`,
    describe: (colours) => ({
      type: "line",
      data: { datasets: [
        line("max", colours.red, points(max), { borderWidth: 1.25, borderDash: [2, 3] }),
        line("p99", colours.orange, points(p99)),
        line("p50", colours.teal, points(p50), { borderWidth: 2.25 }),
      ] },
      options: chart_options(colours, { tooltip: time_tooltip(format.duration),
        scales: { x: time_axis(), y: latency_axis() } }),
    }),
    table: () => time_table([["p50", p50, format.duration], ["p99", p99, format.duration],
      ["max", max, format.duration]]),
  });
}

/** 0 % is 1, 90 % is 10, 99 % is 100: the scale on which a tail is as wide as the middle. */
const place_of = ([percent], last) => (percent >= 100 ? last : 100 / (100 - percent));

function percentile_axis(most) {
  // p0 and p50 stand close together where the tail is long.
  const nines = [1, 2, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7]
    .filter((value) => value <= most && (value > 1 || most < 1000));
  return {
    type: "logarithmic", min: 1, max: most, title: { display: true, text: "percentile" },
    afterBuildTicks: (axis) => { axis.ticks = nines.map((value) => ({ value })); },
    ticks: { maxRotation: 0, autoSkipPadding: 10,
      callback: (value) => format.percent(100 - 100 / value) },
  };
}

function curve_figure({ title, text, label, curves }) {
  const used = curves.filter(({ data }) => data.length > 1);
  // The maximum stands a little behind the last percentile.
  const last = (data) => 1.3 * place_of(data[data.length - 2]);
  const most = Math.max(...used.map(({ data }) => last(data)));
  return chart_figure({
    title, text, label,
    describe: (colours) => ({
      type: "line",
      data: { datasets: used.map(({ name, colour, dash, data }) => line(name, colours[colour],
        data.map((pair) => ({ x: place_of(pair, last(data)), y: Math.max(1, pair[1]),
          percent: pair[0] })),
        { stepped: "after", borderDash: dash || [], borderWidth: 2 })) },
      options: chart_options(colours, {
        mode: "nearest",
        tooltip: { intersect: false, callbacks: {
          title: (items) => format.percent(items[0].raw.percent),
          label: labelled(format.duration) } },
        scales: { x: percentile_axis(most), y: latency_axis() },
      }),
    }),
    table: () => ({
      columns: [{ title: "percentile" }, ...used.map(({ name }) => ({ title: name }))],
      rows: used[0].data.map(([percent], at) => [format.percent(percent),
        ...used.map(({ data }) => (data[at] ? format.duration(data[at][1]) : "\u2013"))]),
    }),
  });
}

function percentiles_figure() {
  const { from_intended, from_start } = page.curves;
  return curve_figure({
    title: "Percentiles",
    text: "How many of the requests took at most how long. Where the lines part, requests waited " +
      "before they could be sent: a client that starts its clock at sending does not see it.",
    label: `Latency by percentile, from the intended and from the actual start of the requests.`,
    curves: [
      { name: "from the intended start", colour: "blue", data: from_intended },
      { name: "from the actual start", colour: "grey", dash: [5, 4], data: from_start },
    ],
  });
}

/** How much of a slot the schedule filled: the last one may be cut short. */
const filled = (at) => Math.min(point_seconds, Math.max(0, ran_seconds - at * point_seconds));

function rate_figure() {
  const failed = counts.intended.map((_, at) => Object.entries(timeline.failures)
    .reduce((sum, [name, column]) => sum + (strays.has(name) ? 0 : column[at]), 0));
  // Slots past the end of the schedule have no rate, and a sliver of one says little.
  const whole = (at) => filled(at) >= point_seconds / 2 || point_count === 1;
  const rate = (column) => column.map((value, at) => (whole(at) ? value / filled(at) : null));
  const columns = { intended: rate(counts.intended), answered: rate(counts.answered),
    failed: rate(failed) };
  const { rate: figures } = report.summary;
  return chart_figure({
    title: "Rate against intended",
    text: "Requests a second: what the schedule wanted, what was answered well in that time, and " +
      `what was due then and failed.${joined_note()}`,
    label: `Rates over time: ${format.rate(figures.intended_per_second)} intended and ` +
      `${format.rate(figures.answered_per_second)} answered in time over the whole run.`,
    describe: (colours) => ({
      type: "line",
      data: { datasets: [
        line("intended", colours.grey, over_time(columns.intended), { borderDash: [5, 4] }),
        line("answered", colours.blue, over_time(columns.answered),
          { fill: { target: "origin", above: colours["blue-fill"] } }),
        ...(some(failed) ? [line("failed", colours.red, over_time(columns.failed))] : []),
      ] },
      options: chart_options(colours, { tooltip: time_tooltip(format.rate),
        scales: { x: time_axis(), y: number_axis("requests a second") } }),
    }),
    table: () => time_table([["intended", columns.intended, format.rate],
      ["answered", columns.answered, format.rate], ["failed", columns.failed, format.rate]]),
  });
}

function bars(label, colour, column, more = {}) {
  return { type: "bar", label, data: over_time(column, (value) => value || null),
    backgroundColor: colour, borderWidth: 0, pointStyle: "rect", barPercentage: 1,
    categoryPercentage: 0.9, minBarLength: 3, barThickness: point_count > 200 ? 2 : "flex", ...more };
}

const losses = [
  ["sessions lost", "sessions_lost", "red"], ["sessions that came back", "sessions_reinitialised", "teal"],
  ["connections cut", "connections_cut", "orange"], ["streams cut", "streams_cut", "violet"],
  ["reconnects", "reconnects", "grey"],
];

function sessions_figure() {
  const held = timeline.sessions_held;
  const seen = losses.filter(([, name]) => some(counts[name]));
  const { sessions } = report.summary;
  return chart_figure({
    title: "Sessions and losses",
    text: `Sessions that were held${seen.length ? " (left axis), and what was lost (right axis)" : ""}.` +
      joined_note(),
    label: `Sessions over time: ${sessions.opened} opened, ${sessions.lost} lost, ` +
      `${sessions.reinitialised} came back.`,
    describe: (colours) => ({
      type: "line",
      data: { datasets: [
        ...(some(held) ? [line("sessions held", colours.blue, over_time(held),
          { stepped: "middle", fill: { target: "origin", above: colours["blue-fill"] }, order: 2 })] : []),
        ...seen.map(([label, name, colour]) =>
          bars(label, colours[colour], counts[name], { yAxisID: "right", order: 1 })),
      ] },
      options: chart_options(colours, { tooltip: time_tooltip(format.count), scales: {
        x: time_axis(),
        y: number_axis("sessions held", format.short, { ticks: { precision: 0 } }),
        ...(seen.length ? { right: number_axis("lost and back", format.short, { ticks: { precision: 0 },
          axis: { position: "right", grid: { display: false } } }) } : {}),
      } }),
    }),
    table: () => time_table([["sessions held", held, format.count],
      ...seen.map(([label, name]) => [label, counts[name], format.count])]),
  });
}

function errors_figure() {
  const classes = Object.keys(timeline.failures);
  return chart_figure({
    title: "Failures over time",
    text: `By class, in the slot in which the request was due.${joined_note()}`,
    label: `Failures over time by class: ${classes.map((name) => name.replaceAll("_", " ")).join(", ")}.`,
    describe: (colours) => ({
      type: "bar",
      data: { datasets: classes.map((name) => bars(name, colours[class_of(name)[0]],
        timeline.failures[name], { stack: "failures" })) },
      options: chart_options(colours, { tooltip: time_tooltip(format.count), scales: {
        x: { ...time_axis(), stacked: true },
        y: number_axis("failures", format.short, { ticks: { precision: 0 }, axis: { stacked: true } }),
      } }),
    }),
    table: () => time_table(classes.map((name) => [name, timeline.failures[name], format.count])),
  });
}

function lag_figure() {
  return curve_figure({
    title: "Start lag",
    text: "How much later than intended the generator sent its requests, by percentile.",
    label: "Start lag by percentile.",
    curves: [{ name: "lag", colour: "violet", data: page.curves.lag }],
  });
}

function cpu_figure() {
  const cpu = counts.cpu_permille.map((value) => value / 1000);
  return chart_figure({
    title: "The generator's own work",
    text: `CPU of its busiest thread, and requests that it sent too late.${joined_note()}`,
    label: `CPU of the generator's busiest thread over time, at most ` +
      `${format.share(cpu.reduce((most, value) => Math.max(most, value), 0))} of a core.`,
    describe: (colours) => ({
      type: "line",
      data: { datasets: [
        line("CPU of a core", colours.violet, over_time(cpu), { order: 1 }),
        ...(some(counts.late)
          ? [bars("sent late", colours.orange, counts.late, { yAxisID: "right", order: 2 })] : []),
      ] },
      options: chart_options(colours, {
        tooltip: { callbacks: { title: slot_title, label: (item) => labelled(
          item.dataset.yAxisID === "right" ? format.count : format.share)(item) } },
        scales: {
          x: time_axis(),
          y: number_axis("CPU", format.share, { axis: { suggestedMax: 1 } }),
          ...(some(counts.late) ? { right: number_axis("sent late", format.short,
            { ticks: { precision: 0 }, axis: { position: "right", grid: { display: false } } }) } : {}),
        } }),
    }),
    table: () => time_table([["CPU", cpu, format.share], ["sent late", counts.late, format.count]]),
  });
}
