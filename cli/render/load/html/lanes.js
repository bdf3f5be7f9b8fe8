// The time line of sampled agents: a lane each, with bursts as bars, idles as thin lines, and marks
// where something was cut.

const lanes = page.agents.lanes;

/** Draws what Chart.js has no chart for, below its marks. */
function lane_painter(colours) {
  const paint = (chart, spans, row, height, colour) => {
    const { ctx, scales } = chart;
    ctx.fillStyle = colour;
    const middle = scales.y.getPixelForValue(row);
    for (let at = 0; at < spans.length; at += 2) {
      const left = scales.x.getPixelForValue(spans[at] / 1000);
      const right = scales.x.getPixelForValue(spans[at + 1] / 1000);
      ctx.fillRect(left, middle - height / 2, Math.max(1.5, right - left), height);
    }
  };
  return {
    id: "lanes",
    beforeDatasetsDraw: (chart) => {
      const height = Math.min(12, (chart.chartArea.height / lanes.length) * 0.7);
      lanes.forEach((lane, row) => {
        paint(chart, lane.idles, row, 2, colours.idle);
        paint(chart, lane.bursts, row, height, colours.burst);
      });
    },
  };
}

function cut_text(cut) {
  const status = cut.http_status === 0 ? "" : ` ${cut.http_status}`;
  return `${cut.subject} cut by ${cut.by}${status}, idle for ${format.duration(cut.idle * 1000)}`;
}

function cuts_set(colours, subject, label, colour, pointStyle) {
  const row_of = new Map(lanes.map((lane, row) => [lane.agent, row]));
  const data = page.agents.cuts.filter((cut) => cut.subject === subject)
    .map((cut) => ({ x: cut.at / 1000, y: row_of.get(cut.agent), cut }));
  return data.length === 0 ? null
    : { label, data, pointStyle, borderColor: colour, backgroundColor: colour, radius: 6,
      hoverRadius: 8, borderWidth: 2.5, clip: 12 };
}

function describe_lanes(colours) {
  const swatch = (label, colour, pointStyle) =>
    ({ label, data: [], borderColor: colour, backgroundColor: colour, pointStyle });
  const datasets = [
    swatch("burst", colours.burst, "rect"),
    lanes.some((lane) => lane.idles.length > 0) ? swatch("idle", colours.idle, "line") : null,
    cuts_set(colours, "session", "session lost", colours.red, "crossRot"),
    cuts_set(colours, "connection", "connection cut", colours.orange, "triangle"),
    cuts_set(colours, "stream", "stream cut", colours.violet, "rectRot"),
  ].filter((set) => set !== null);
  return {
    type: "scatter",
    data: { datasets },
    plugins: [lane_painter(colours)],
    options: chart_options(colours, {
      mode: "nearest",
      tooltip: { callbacks: {
        title: (items) => `agent ${lanes[items[0].parsed.y].agent} at ` +
          format.duration(items[0].parsed.x * micros_per_second),
        label: (item) => cut_text(item.raw.cut),
      } },
      scales: {
        x: time_axis(),
        y: {
          type: "linear", reverse: true, afterFit: fit_width, min: -0.5, max: lanes.length - 0.5,
          title: { display: true, text: "agent" }, grid: { display: false },
          afterBuildTicks: (axis) => { axis.ticks = lanes.map((_, row) => ({ value: row })); },
          ticks: { callback: (row) => String(lanes[row].agent), autoSkipPadding: 2 },
        },
      },
    }),
  };
}

function lanes_table() {
  const cuts_of = (agent, subject) => page.agents.cuts
    .filter((cut) => cut.agent === agent && cut.subject === subject).length;
  return {
    columns: [{ title: "agent" }, { title: "bursts" }, { title: "idles" },
      { title: "sessions lost" }, { title: "connections cut" }, { title: "streams cut" }],
    rows: lanes.map((lane) => [String(lane.agent), format.count(lane.bursts.length / 2),
      format.count(lane.idles.length / 2), ...["session", "connection", "stream"]
        .map((subject) => format.count(cuts_of(lane.agent, subject)))]),
  };
}

function lanes_figure() {
  const total = page.agents.sampled;
  const left_out = lanes.reduce((sum, lane) => sum + lane.left_out, 0);
  const cuts = page.agents.cuts.length;
  return chart_figure({
    title: "Agents: bursts, idles and what was cut",
    text: `${lanes.length} of ${total} sampled agents, a lane each. What is shorter than ` +
      `${format.duration(page.agents.shortest_millis * 1000)} may not be seen.` +
      (left_out ? ` ${format.count(left_out)} later bursts and idles were not recorded.` : ""),
    label: `${lanes.length} agents over time; ${cuts} sessions, connections and streams were cut.`,
    describe: describe_lanes,
    table: lanes_table,
    tall: Math.max(160, lanes.length * 15 + 100),
  });
}
