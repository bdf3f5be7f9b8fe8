// Elements of the page. Texts are put in as text nodes only, never as markup.

const report = JSON.parse(document.getElementById("data").textContent);
const page = report.page;

/** An element with attributes; children are elements and texts, nulls are left out. */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.flat().filter((child) => child !== null));
  return made;
}

function at_path(path) {
  return path.split(".").reduce((value, key) => value[key], report);
}

/** A figure of the results: it carries its exact value, and where in the JSON output that stands. */
function figure_of(path, write) {
  const value = at_path(path);
  if (value === null) return element("span", {}, "\u2013");
  return element("data", { value: String(value), "data-path": path }, write(value));
}

/** A latency, or a dash where there was none to measure. */
function latency_of(path, quantile) {
  return at_path(`${path}.count`) === 0
    ? element("span", {}, "\u2013")
    : figure_of(`${path}.${quantile}`, format.duration);
}

/**
 * Columns are {title, text?}: those with `text` are words, the others numbers. The roles and labels
 * are for narrow screens, where each row becomes a card.
 */
function table_of(caption, columns, rows) {
  const cell = (content, index) =>
    element(index === 0 ? "th" : "td",
      { "data-label": columns[index].title, role: index === 0 ? "rowheader" : "cell",
        ...(index === 0 ? { scope: "row" } : {}), class: columns[index].text ? "words" : "number" },
      ...[content].flat());
  return element("table", { role: "table" },
    caption === "" ? null : element("caption", {}, caption),
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" },
      columns.map((column) => element("th",
        { scope: "col", role: "columnheader", class: column.text ? "words" : "number" },
        column.title)))),
    element("tbody", { role: "rowgroup" },
      rows.map((row) => element("tr", { role: "row" }, row.map(cell)))));
}

function section_of(title, ...children) {
  return element("section", {}, element("h2", {}, title), ...children.flat(2));
}

function tile(title, main, ...notes) {
  return element("div", { class: "tile" }, element("dt", {}, title),
    element("dd", {}, element("strong", {}, main), notes.map((note) => element("small", {}, note))));
}
