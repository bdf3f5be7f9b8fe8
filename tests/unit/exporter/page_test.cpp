#include "cli/render/exporter_page.hpp"

#include <doctest/doctest.h>

#include <array>

#include "cli/render/exposition.hpp"

namespace {

using cli::Metric;
using cli::MetricKind;

TEST_CASE("exposition: samples of one name stand together under one HELP and one TYPE") {
  const std::array metrics = {
      Metric{"a_total", "All of a", {{"x", "1"}}, 2, MetricKind::counter},
      Metric{"b", "A \"b\"\nand \\ more", {}, 0.25},
      Metric{"a_total", "All of a", {{"x", "q\"\\\n"}, {"y", ""}}, 3, MetricKind::counter},
  };
  CHECK(cli::exposition(metrics) ==
        "# HELP a_total All of a\n"
        "# TYPE a_total counter\n"
        "a_total{x=\"1\"} 2\n"
        "a_total{x=\"q\\\"\\\\\\n\",y=\"\"} 3\n"
        "# HELP b A \"b\"\\nand \\\\ more\n"
        "# TYPE b gauge\n"
        "b 0.25\n");
}

TEST_CASE("exporter: what was asked for is text on its page, and nothing else") {
  const std::array probes = {cli::RecentProbe{.id = 7,
                                              .time = "2026-01-10 12:00:00Z",
                                              .module = "mcp",
                                              .target = "http://a.test/<script>\"'&",
                                              .verdict = "unreachable",
                                              .duration = "1.2 ms"}};
  const auto page = cli::exporter_page("1.0", probes);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("&lt;script&gt;&quot;") != std::string::npos);
  CHECK(page.find("<td class=\"bad\">unreachable</td>") != std::string::npos);
  CHECK(page.find("<a href=\"logs?id=7\">log</a>") != std::string::npos);
  CHECK(cli::exporter_page("1.0", {}).find("No probe yet.") != std::string::npos);
}

TEST_CASE("exporter: the log of a probe has its phases, its metrics and its module") {
  const cli::Document document{.subject = "http://a.test/",
                               .verdict = "ok",
                               .reason = "fine",
                               .metrics = {{"probe_success", "Whether", {}, 1}}};
  CHECK(cli::probe_log(document, "mcp:\n  depth: tools\n") ==
        "# Log\nOK http://a.test/: fine\n\n"
        "# Metrics\n# HELP probe_success Whether\n# TYPE probe_success gauge\nprobe_success 1\n\n"
        "# Module\nmcp:\n  depth: tools\n");
}

}  // namespace
