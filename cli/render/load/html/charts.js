// Charts: each is described by a function of the palette, so that it can be drawn anew for the
// other colour scheme and for paper.

const drawn = [];  // {canvas, describe, chart}
const timeline = page.timeline;
const point_count = timeline.counts.intended.length;
const point_seconds = timeline.point_seconds;
const ran_seconds = report.summary.seconds;
const end_seconds = Math.max(ran_seconds, point_count * point_seconds);

function palette() {
  const style = getComputedStyle(document.documentElement);
  return new Proxy({}, { get: (_, name) => style.getPropertyValue(`--${name}`).trim() });
}

function draw_all() {
  const colours = palette();
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12;
  Chart.defaults.color = colours.muted;
  Chart.defaults.borderColor = colours.grid;
  for (const one of drawn) {
    if (one.chart) one.chart.destroy();
    one.chart = new Chart(one.canvas, one.describe(colours));
  }
}

/** Plots over time stand exactly below each other where there is room for it. */
const left_width = 84;
const right_width = 56;
const narrow = () => document.documentElement.clientWidth < 700;

/** Options that all charts share; `extra` has scales and what else one needs. */
function chart_options(colours, { scales, tooltip = {}, mode = "index" }) {
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    normalized: true,
    devicePixelRatio: Math.max(2, window.devicePixelRatio),
    interaction: { mode, intersect: mode !== "index", axis: "x" },
    layout: { padding: { right: scales.right || narrow() ? 4 : right_width } },
    elements: { line: { borderWidth: 1.75, tension: 0 }, point: { radius: 0, hitRadius: 6 } },
    plugins: {
      legend: { align: "start", labels: { usePointStyle: true, boxWidth: 7, boxHeight: 7, padding: 14 } },
      tooltip: {
        backgroundColor: colours.tip, titleColor: colours["tip-text"],
        bodyColor: colours["tip-text"], usePointStyle: true, boxPadding: 4, ...tooltip,
      },
    },
    scales,
  };
}

const time_steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200,
  14400, 28800, 86400];

function time_axis(title = true) {
  return {
    type: "linear", min: 0, max: end_seconds,
    title: { display: title, text: "time since the start" },
    offset: false, grid: { offset: false },
    afterBuildTicks: (axis) => {
      const step = time_steps.find((each) => end_seconds / each <= 12) || 86400;
      axis.ticks = Array.from({ length: Math.floor(end_seconds / step) + 1 },
        (_, at) => ({ value: at * step }));
    },
    ticks: {
      maxRotation: 0, autoSkipPadding: 12,
      callback: (value) => format.clock(value, end_seconds),
    },
  };
}

function fit_width(axis) {
  if (!narrow()) axis.width = axis.position === "right" ? right_width : left_width;
}

function number_axis(title, write = format.short, more = {}) {
  return {
    type: "linear", beginAtZero: true, title: { display: true, text: title }, afterFit: fit_width,
    ticks: { callback: (value) => write(value), maxTicksLimit: 7, ...more.ticks }, ...more.axis,
  };
}

/** Latencies span decades: a logarithmic axis shows the median beside the worst. */
function latency_axis() {
  return {
    type: "logarithmic", title: { display: true, text: "latency (logarithmic)" },
    afterFit: fit_width,
    afterBuildTicks: (axis) => {
      const few = axis.max / axis.min < 1000;
      axis.ticks = axis.ticks.filter(({ value }) => {
        const digit = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
        return digit === 1 || (few && (digit === 2 || digit === 5));
      });
    },
    ticks: { callback: (value) => format.duration(value) },
  };
}

/** Points of a column over time, each in the middle of its slot. */
function over_time(column, value = (each) => each) {
  return column.map((each, at) => ({
    x: (at + 0.5) * point_seconds, y: each === null ? null : value(each, at),
  }));
}

function slot_title(items) {
  const from = Math.floor(items[0].parsed.x / point_seconds) * point_seconds;
  return `${format.clock(from, end_seconds)} to ${format.clock(from + point_seconds, end_seconds)}`;
}

function labelled(write) {
  return (item) => `${item.dataset.label}: ${write(item.parsed.y)}`;
}

const time_tooltip = (write) => ({ callbacks: { title: slot_title, label: labelled(write) } });

function line(label, colour, data, more = {}) {
  const has = (at) => data[at] !== undefined && data[at].y !== null;
  // A point without neighbours would be a line of no length.
  const alone = (_, at) => (has(at) && !has(at - 1) && !has(at + 1) ? 2.5 : 0);
  return { label, data, borderColor: colour, backgroundColor: colour, pointStyle: "circle",
    pointRadius: data.map(alone), ...more };
}

function joined_note() {
  return timeline.slots_joined === 1 ? "" :
    ` The run was long: each point is ${format.duration(point_seconds * micros_per_second)}, ` +
    `${timeline.slots_joined} of the recorded slots joined.`;
}

/**
 * A figure: `text` says what it shows, `label` what is to be seen, `table()` gives {columns, rows}
 * with the same data, made when it is asked for.
 */
function chart_figure({ title, text, label, describe, table, tall }) {
  const canvas = element("canvas", { role: "img", "aria-label": label });
  drawn.push({ canvas, describe, chart: null });
  const details = element("details", {}, element("summary", {}, "The same as a table"));
  details.addEventListener("toggle", () => {
    if (!details.open || details.querySelector("table")) return;
    const { columns, rows } = table();
    details.append(element("div", { class: "scroll", tabindex: "0", role: "region",
      "aria-label": title }, table_of(title, columns, rows)));
  });
  const plot = element("div", { class: "plot" }, canvas);
  if (tall) plot.style.height = `${tall}px`;
  return element("figure", {}, element("h3", {}, title), element("figcaption", {}, text), plot,
    details);
}

/** The table of a chart over time: a row a slot, `columns` are [title, values, format]. */
function time_table(columns) {
  return {
    columns: [{ title: "from" }, ...columns.map(([title]) => ({ title }))],
    rows: timeline.counts.intended.map((_, at) => [
      format.clock(at * point_seconds, end_seconds),
      ...columns.map(([, values, write]) =>
        values[at] === null || values[at] === undefined ? "\u2013" : write(values[at])),
    ]),
  };
}
