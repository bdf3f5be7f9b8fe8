// The classes of failures: a colour of the palette and what each of them means.

const failure_classes = {
  refused: ["brown", "no connection: refused, unreachable, name unknown, or TLS failed"],
  reset: ["orange", "the connection broke after the request was sent"],
  timeout: ["red", "no answer before the request's deadline"],
  http_status: ["violet", "an HTTP status other than success"],
  protocol: ["pink", "an answer that breaks the protocol's rules"],
  rpc_error: ["gold", "a JSON-RPC error in place of a result"],
  tool_error: ["teal", "a result that says isError"],
  expectation: ["green", "a valid answer, not the one that the scenario expects"],
  session_lost: ["blue", "the server no longer knew the session"],
  stream_cut: ["sky", "the event stream ended before the answer"],
  local: ["grey", "this machine could not send it: out of sockets, ports, files or memory"],
  late_answer: ["olive", "an answer after the deadline had passed (besides the timeout)"],
  duplicate: ["slate", "a second answer to the same request"],
  wrong_id: ["rose", "an answer to a request that was never made"],
};
const class_of = (name) => failure_classes[name] ?? ["grey", ""];
/** Messages that nobody waited for: they are counted beside the requests. */
const strays = new Set(["late_answer", "duplicate", "wrong_id"]);

/** More rows than this are no longer looked at; the JSON output has them all. */
const most_kinds = 50;

const all_failures = report.summary.all.failures;

function classes_table() {
  const names = Object.keys(all_failures).sort((a, b) => all_failures[b] - all_failures[a]);
  return table_of("Failures by class",
    [{ title: "class", text: true }, { title: "count" }, { title: "of the requests" },
      { title: "what it means", text: true }],
    names.map((name) => [name, figure_of(`summary.all.failures.${name}`, format.count),
      strays.has(name) ? "\u2013"
        : format.share(all_failures[name] / Math.max(1, report.summary.all.requests)),
      class_of(name)[1]]));
}

function classes_by_step_table() {
  const kinds = report.summary.steps.flatMap((step, at) => Object.entries(step.failures)
    .map(([name, count]) => ({ step, at, name, count })))
    .sort((a, b) => b.count - a.count);
  const rows = kinds.slice(0, most_kinds).map(({ step, at, name }) => [
    element("span", { class: "name" }, printable(step.name)), name,
    figure_of(`summary.steps.${at}.failures.${name}`, format.count)]);
  const more = kinds.length - rows.length;
  return table_of(`Failures by step${more > 0 ? `, without the ${more} rarest kinds` : ""}`,
    [{ title: "step", text: true }, { title: "class", text: true }, { title: "count" }], rows);
}

function status_line() {
  const statuses = Object.entries(page.statuses);
  if (statuses.length === 0) return null;
  return element("p", {}, `HTTP status of those that had one: ` +
    `${statuses.map(([status, count]) => `${format.count(count)} \u00d7 ${status}`).join(", ")}.`);
}

function failures_section() {
  if (Object.keys(all_failures).length === 0) {
    return section_of("Failures", element("p", {}, "No request failed."));
  }
  return section_of("Failures", errors_figure(), classes_table(), status_line(),
    report.summary.steps.length > 1 ? classes_by_step_table() : null);
}
