#include "cli/commands/exporter_stats.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "cli/render/exposition.hpp"

namespace {

using namespace std::chrono_literals;

TEST_CASE("exporter: it keeps the newest probes, and no more, with bounded logs") {
  cli::ProbeHistory history;
  for (int count = 1; count <= 250; ++count)
    history.add({.module = std::to_string(count), .log = std::string(100'000, 'x')});
  const auto probes = history.newest_first();
  REQUIRE(probes.size() == cli::ProbeHistory::most);
  CHECK(probes.front().module == "250");
  CHECK(probes.back().module == "151");
  CHECK(history.find(150) == nullptr);
  REQUIRE(history.find(250) != nullptr);
  CHECK(history.find(250)->log.size() <= cli::ProbeHistory::longest_log);
}

TEST_CASE("exporter: it counts probes, refusals and what was left behind") {
  cli::ExporterStats stats;
  probes::ProbeReport report;
  report.total = 1500ms;
  stats.count_probe("mcp", "success", report);
  report.seen.residue = probes::Residue::left;
  stats.count_probe("mcp", "success", report);
  stats.count_shared();
  stats.count_refusal("busy");
  stats.count_reload(true, 1000);
  stats.count_reload(false, 2000);
  const auto text = cli::exposition(stats.metrics(3, 16));
  for (const auto* line :
       {"mcpctl_exporter_probes_total{module=\"mcp\",result=\"success\"} 2\n",
        "mcpctl_exporter_probe_seconds_total{module=\"mcp\",result=\"success\"} 3\n",
        "mcpctl_exporter_probes_shared_total 1\n",
        "mcpctl_exporter_refusals_total{reason=\"busy\"} 1\n",
        "mcpctl_exporter_refusals_total{reason=\"rate\"} 0\n",
        "mcpctl_exporter_sessions_left_total 1\n", "mcpctl_exporter_probes_running 3\n",
        "mcpctl_exporter_probes_limit 16\n", "mcpctl_exporter_config_last_reload_successful 0\n",
        "mcpctl_exporter_config_last_reload_success_timestamp_seconds 1000\n"}) {
    CAPTURE(line);
    CHECK(text.find(line) != std::string::npos);
  }
}

TEST_CASE("exporter: its process is measured") {
  std::set<std::string> positive;
  for (const auto& metric : cli::process_metrics())
    if (metric.value > 0) positive.insert(metric.name);
  CHECK(positive == std::set<std::string>{"process_start_time_seconds",
                                          "process_resident_memory_bytes", "process_open_fds",
                                          "process_cpu_seconds_total"});
}

}  // namespace
