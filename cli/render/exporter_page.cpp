#include "cli/render/exporter_page.hpp"

#include <fmt/format.h>

#include <array>

#include "cli/render/escape.hpp"
#include "cli/render/exposition.hpp"
#include "cli/render/format.hpp"

namespace cli {
namespace {

constexpr std::string_view style =
    "body{font:15px/1.5 system-ui,sans-serif;margin:2em;max-width:70em}"
    "table{border-collapse:collapse}td,th{padding:.2em .8em;text-align:left;"
    "border-bottom:1px solid #ccc}.bad{color:#b00020;font-weight:bold}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}a{color:#8ab4f8}"
    ".bad{color:#ff7a7a}}";

std::string row(const RecentProbe& probe) {
  return fmt::format(
      "<tr><td>{}</td><td>{}</td><td>{}</td><td{}>{}</td><td>{}</td>"
      "<td><a href=\"logs?id={}\">log</a></td></tr>\n",
      xml_escaped(probe.time), xml_escaped(probe.module), xml_escaped(probe.target),
      probe.success ? "" : " class=\"bad\"", xml_escaped(probe.verdict),
      xml_escaped(probe.duration), probe.id);
}

}  // namespace

std::string exporter_page(std::string_view version, std::span<const RecentProbe> newest_first) {
  std::string rows;
  for (const auto& probe : newest_first) rows += row(probe);
  const auto table =
      rows.empty() ? std::string("<p>No probe yet.</p>\n")
                   : "<table>\n<tr><th>Time</th><th>Module</th><th>Target</th><th>Verdict</th>"
                     "<th>Took</th><th></th></tr>\n" +
                         rows + "</table>\n";
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
      "<title>mcpctl exporter</title>\n<style>{}</style></head>\n<body>\n"
      "<h1>mcpctl exporter {}</h1>\n"
      "<p><code>/probe?target=URL&amp;module=NAME</code> probes an MCP server; "
      "<code>&amp;debug=true</code> tells how.</p>\n"
      "<p><a href=\"metrics\">Metrics of the exporter</a> · <a href=\"config\">Configuration</a> · "
      "<a href=\"-/healthy\">Health</a></p>\n<h2>Newest probes</h2>\n{}</body>\n</html>\n",
      style, xml_escaped(version), table);
}

std::string probe_log(const Document& document, std::string_view module) {
  const std::array documents{document};
  return fmt::format("# Log\n{}\n# Metrics\n{}\n# Module\n{}", render_text(documents, {}),
                     exposition(document.metrics), module);
}

}  // namespace cli
