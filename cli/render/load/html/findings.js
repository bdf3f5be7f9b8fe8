// What a run has found out beyond its figures: causes of losses, and what a search was for. A results
// file has these only where there is something to say.

function causes_section() {
  const causes = report.losses ?? [];
  if (causes.length === 0) return null;
  return section_of("Likely causes", causes.map((one) => element("p", { class: "finding" },
    element("strong", {}, printable(one.conclusion)),
    element("small", {}, printable(one.evidence)))));
}

function idle_findings(findings) {
  return findings.map((one) => element("p", { class: "finding" },
    element("strong", {}, `${one.subject}: ${one.verdict.replaceAll("_", " ")}`),
    element("small", {}, printable(one.text))));
}

function capacity_table(steps) {
  const rows = steps.map((step, at) => {
    const path = `search.capacity.steps.${at}`;
    const verdict = step.saturated ? "not_judged" : step.kept ? "met" : "missed";
    const word = step.saturated ? "? saturated" : step.kept ? "\u2713 kept" : "\u2715 broken";
    return [figure_of(`${path}.rate.per_second`, format.rate),
      figure_of(`${path}.answered_per_second`, format.rate),
      figure_of(`${path}.p99_nanos`, (nanos) => format.duration(nanos / 1000)),
      element("span", { class: `badge ${verdict}` }, word), printable(step.reason)];
  });
  return table_of("The rates that were tried", [{ title: "rate" }, { title: "answered" },
    { title: "p99" }, { title: "verdict", text: true }, { title: "why", text: true }], rows);
}

function search_section() {
  const { search } = report;
  if (!search) return null;
  const { capacity } = search;
  return section_of("What the search found",
    search.end === "complete" ? null : element("p", {}, `It was not complete: ${search.end.replaceAll("_", " ")}.`),
    idle_findings(search.idle ?? []),
    capacity === undefined ? null : [
      element("p", { class: "finding" }, element("strong", {}, printable(capacity.text)),
        capacity.reason === "" ? null : element("small", {}, printable(capacity.reason))),
      capacity_table(capacity.steps)]);
}

/** From `from` to `to`, both in nanoseconds. */
const time_between = (from, to) => format.duration((to - from) / 1000);

function loss_row(loss) {
  const status = loss.http_status === 0 ? "" : ` (${loss.http_status})`;
  return [String(loss.agent), format.duration(loss.lost_nanos / 1000), `${loss.by}${status}`,
    `${time_between(loss.last_answer_nanos, loss.lost_nanos)} before`,
    loss.back_nanos === undefined ? "never"
      : `after ${time_between(loss.lost_nanos, loss.back_nanos)}`];
}

/** Sessions that were followed one by one: through a rollout each loss counts. */
function followed_table() {
  const { followed } = page;
  if (followed === null) return null;
  const words = `Followed one by one: ${format.count(followed.sessions)} sessions, ` +
    `${format.count(followed.lost)} lost, ${format.count(followed.never_back)} never back, ` +
    `${format.count(followed.unsure)} ended while the server did not answer.`;
  const shown = followed.losses.length;
  return [element("p", {}, words), shown === 0 ? null
    : table_of(shown < followed.lost ? `The first ${shown} losses` : "The losses",
      [{ title: "agent", text: true }, { title: "lost at" }, { title: "by", text: true },
        { title: "last answer" }, { title: "back" }], followed.losses.map(loss_row))];
}
